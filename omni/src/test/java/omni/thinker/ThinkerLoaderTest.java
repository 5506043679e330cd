package omni.thinker;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import omni.engine.Cancellation;
import omni.engine.ElementType;
import omni.engine.ThreadTeam;
import omni.error.ModelFormatException;
import omni.fixture.CheckpointCopy;
import omni.fixture.Thrown;
import omni.fixture.TinyModels;
import omni.loader.Checkpoint;
import omni.loader.ModelConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ThinkerLoaderTest {
    private static final int[] IDS = {3, 1, 4, 1, 5, 9, 2, 6};

    @TempDir
    private Path folder;

    /** Logits behind {@link #IDS}. */
    private static float[] logits(Path model) {
        try (Checkpoint checkpoint = Checkpoint.open(model);
                ThreadTeam team = new ThreadTeam(1)) {
            Thinker thinker = Thinker.load(ModelConfig.read(model), checkpoint);
            try (ThinkerWorkspace ws = new ThinkerWorkspace(thinker, 16, team);
                    ThinkerSession session = new ThinkerSession(thinker, ws, 64, HiddenStates.IGNORED)) {
                session.begin(Prompt.ofText(IDS, thinker.ropeRules()));
                return Objects.requireNonNull(session.prefill(new Cancellation()))
                        .toArray();
            }
        }
    }

    private static String refusal(Path model) {
        return Thrown.message(ModelFormatException.class, () -> logits(model));
    }

    @Test
    void usesTheEmbeddingAsHeadWhereNoHeadIsStored() {
        Path tied = CheckpointCopy.of(TinyModels.OMNI)
                .without("thinker.lm_head.weight")
                .to(folder.resolve("tied"));
        assertEquals(logits(TinyModels.OMNI.path()).length, logits(tied).length);
        assertFalse(Arrays.equals(logits(TinyModels.OMNI.path()), logits(tied)));
    }

    @Test
    void usesAStoredHeadThoughTheConfigurationTiesIt() {
        Path zeros = CheckpointCopy.of(TinyModels.QWEN2)
                .withZeros("lm_head.weight", ElementType.BF16, 768, 96)
                .to(folder);
        assertTrue(ModelConfig.read(zeros).text().tieWordEmbeddings());
        assertArrayEquals(new float[768], logits(zeros));
    }

    @Test
    void findsTheDecoderUnderTheNamesOfNewerWriters() {
        Path omni = CheckpointCopy.of(TinyModels.OMNI)
                .renamed(name -> name.replace("thinker.model.", "thinker.model.language_model."))
                .to(folder.resolve("omni"));
        assertArrayEquals(logits(TinyModels.OMNI.path()), logits(omni));
        Path vl = CheckpointCopy.of(TinyModels.VL)
                .renamed(name -> name.startsWith("model.") ? "model.language_" + name : name)
                .to(folder.resolve("vl"));
        assertArrayEquals(logits(TinyModels.VL.path()), logits(vl));
    }

    @Test
    void shouldRefuseAShapeThatContradictsTheConfiguration() {
        Path model = CheckpointCopy.of(TinyModels.QWEN2)
                .withZeros("model.layers.1.mlp.down_proj.weight", ElementType.BF16, 96, 161)
                .to(folder);
        assertEquals(
                "tensor shape: name=model.layers.1.mlp.down_proj.weight, found=[96,161], expected=[96,160], checkpoint="
                        + folder + "; the weights contradict hidden_size and intermediate_size in config.json",
                refusal(model));
    }

    @Test
    void shouldRefuseABiasOfAnotherSize() {
        Path model = CheckpointCopy.of(TinyModels.QWEN2)
                .withZeros("model.layers.0.self_attn.k_proj.bias", ElementType.BF16, 33)
                .to(folder);
        assertEquals(
                "tensor shape: name=model.layers.0.self_attn.k_proj.bias, found=[33], expected=[32], checkpoint="
                        + folder + "; the weights contradict num_key_value_heads * head size in config.json",
                refusal(model));
    }

    @Test
    void shouldRefuseAVocabularyOfAnotherSize() {
        Path model = CheckpointCopy.of(TinyModels.QWEN2)
                .edited("config.json", json -> json.replace("\"vocab_size\": 768", "\"vocab_size\": 800"))
                .to(folder);
        assertEquals(
                "tensor shape: name=model.embed_tokens.weight, found=[768,96], expected=[800,96], checkpoint=" + folder
                        + "; the weights contradict vocab_size and hidden_size in config.json",
                refusal(model));
    }

    @Test
    void shouldNameAnAbsentTensor() {
        Path model = CheckpointCopy.of(TinyModels.QWEN2)
                .without("model.layers.1.input_layernorm.weight")
                .to(folder);
        String message = refusal(model);
        assertTrue(message.contains("model.layers.1.input_layernorm.weight"), message);
    }

    @Test
    void shouldNameTheEmbeddingWhereAllTensorsHaveOtherNames() {
        Path model =
                CheckpointCopy.of(TinyModels.QWEN2).renamed(name -> "x." + name).to(folder);
        String message = refusal(model);
        assertTrue(message.contains("model.embed_tokens.weight"), message);
    }

    @Test
    void shouldRefuseAnElementTypeThatItCannotComputeWith() {
        Path model = CheckpointCopy.of(TinyModels.QWEN2)
                .withZeros("model.layers.0.mlp.up_proj.weight", ElementType.I8, 160, 96)
                .to(folder);
        String message = refusal(model);
        assertTrue(message.contains("model.layers.0.mlp.up_proj.weight") && message.contains("I8"), message);
    }
}
