package omni.vision;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.List;
import omni.engine.ElementType;
import omni.error.ModelFormatException;
import omni.fixture.CheckpointCopy;
import omni.fixture.Thrown;
import omni.fixture.TinyModels;
import omni.loader.Checkpoint;
import omni.loader.ModelConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VisionEncoderLoaderTest {
    @TempDir
    private Path folder;

    private static float[] encode(Path model) {
        try (Checkpoint checkpoint = Checkpoint.open(model)) {
            VisionEncoder encoder = VisionEncoder.load(ModelConfig.read(model), checkpoint);
            return VisionEncoderTest.encode(encoder, VisionEncoderTest.patches(1, 6, 8), 1);
        }
    }

    private static String refusal(Path model) {
        return Thrown.message(ModelFormatException.class, () -> encode(model));
    }

    @Test
    void readsQueriesKeysAndValuesApartOrOneBelowTheOther() {
        CheckpointCopy fused = CheckpointCopy.of(TinyModels.OMNI);
        for (int i = 0; i < 4; i++) {
            String attention = "thinker.visual.blocks." + i + ".attn.";
            for (String kind : List.of(".weight", ".bias")) {
                fused.joined(
                        attention + "qkv" + kind,
                        List.of(attention + "q" + kind, attention + "k" + kind, attention + "v" + kind));
            }
        }
        assertArrayEquals(encode(TinyModels.OMNI.path()), encode(fused.to(folder)));
    }

    @Test
    void findsTheEncoderUnderTheNamesOfNewerWriters() {
        Path omni = CheckpointCopy.of(TinyModels.OMNI)
                .renamed(name -> name.replace("thinker.visual.", "thinker.model.visual."))
                .to(folder.resolve("omni"));
        assertArrayEquals(encode(TinyModels.OMNI.path()), encode(omni));
        Path vl = CheckpointCopy.of(TinyModels.VL)
                .renamed(name -> name.startsWith("visual.") ? "model." + name : name)
                .to(folder.resolve("vl"));
        assertArrayEquals(encode(TinyModels.VL.path()), encode(vl));
    }

    @Test
    void shouldNameAMissingTensor() {
        Path model = CheckpointCopy.of(TinyModels.OMNI)
                .without("thinker.visual.blocks.2.attn.k.bias")
                .to(folder);
        assertEquals(
                "tensor: name=thinker.visual.blocks.2.attn.k.bias, checkpoint=" + folder
                        + "; no such tensor among 759, nearest are thinker.visual.blocks.0.attn.k.bias,"
                        + " thinker.visual.blocks.1.attn.k.bias, thinker.visual.blocks.2.attn.q.bias",
                refusal(model));
    }

    @Test
    void shouldRefuseShapesThatContradictTheConfiguration() {
        Path projection = CheckpointCopy.of(TinyModels.OMNI)
                .withZeros("thinker.visual.patch_embed.proj.weight", ElementType.BF16, 64, 3, 1, 14, 14)
                .to(folder.resolve("projection"));
        assertEquals(
                "tensor shape: name=thinker.visual.patch_embed.proj.weight, checkpoint=" + projection
                        + ", found=[64,3,1,14,14], expected=[64,3,2,14,14]; the weights contradict config.json",
                refusal(projection));
        Path fused = CheckpointCopy.of(TinyModels.VL)
                .withZeros("visual.blocks.1.attn.qkv.bias", ElementType.BF16, 143)
                .to(folder.resolve("fused"));
        assertEquals(
                "tensor shape: name=visual.blocks.1.attn.qkv.bias, checkpoint=" + fused
                        + ", found=[143], expected=[144]; the weights contradict config.json",
                refusal(fused));
    }

    @Test
    void shouldRefuseElementTypesItCannotComputeWith() {
        Path model = CheckpointCopy.of(TinyModels.OMNI)
                .withZeros("thinker.visual.merger.mlp.0.weight", ElementType.I32, 256, 256)
                .to(folder);
        assertEquals(
                "linear: tensor=thinker.visual.merger.mlp.0.weight, type=I32; F32, BF16 or F16 is needed",
                refusal(model));
    }

    @Test
    void shouldRefuseModelsThatDoNotSee() {
        Path model = TinyModels.QWEN2.path();
        assertEquals(
                "vision encoder: architecture=QWEN2; the model does not see",
                Thrown.message(IllegalArgumentException.class, () -> encode(model)));
    }
}
