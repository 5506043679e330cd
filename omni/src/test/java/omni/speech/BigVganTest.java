package omni.speech;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import omni.engine.Cancellation;
import omni.engine.ElementType;
import omni.engine.Matrix;
import omni.engine.ThreadTeam;
import omni.engine.Workspace;
import omni.error.ModelFormatException;
import omni.fixture.CheckpointCopy;
import omni.fixture.Thrown;
import omni.fixture.TinyModels;
import omni.loader.Checkpoint;
import omni.loader.ModelConfig;
import omni.loader.VocoderConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BigVganTest {
    private static final String PREFIX = "token2wav.code2wav_bigvgan_model.";

    @TempDir
    private Path folder;

    private static String refusal(Path model) {
        try (Checkpoint checkpoint = Checkpoint.open(model);
                ThreadTeam team = new ThreadTeam(2)) {
            return Thrown.message(
                    ModelFormatException.class, () -> BigVgan.load(ModelConfig.read(model), checkpoint, team));
        }
    }

    private static VocoderConfig tiny() {
        return Objects.requireNonNull(ModelConfig.read(TinyModels.OMNI.path()).token2wav())
                .vocoder();
    }

    /** The released model's sizes. */
    private static VocoderConfig released() {
        return new VocoderConfig(
                80,
                1536,
                List.of(5, 3, 2, 2, 2, 2),
                List.of(11, 7, 4, 4, 4, 4),
                List.of(3, 7, 11),
                List.of(List.of(1, 3, 5), List.of(1, 3, 5), List.of(1, 3, 5)));
    }

    @Test
    void namesATensorThatIsAbsent() {
        Path model = CheckpointCopy.of(TinyModels.OMNI)
                .without(PREFIX + "resblocks.4.convs2.1.bias")
                .to(folder);
        String message = refusal(model);
        assertTrue(message.contains("name=" + PREFIX + "resblocks.4.convs2.1.bias"), message);
    }

    @Test
    void namesATensorOfAnotherShapeWithBothShapes() {
        int channels = tiny().initialChannels() / 2;
        Path model = CheckpointCopy.of(TinyModels.OMNI)
                .withZeros(PREFIX + "resblocks.0.convs1.2.weight", ElementType.F32, channels, channels, 5)
                .to(folder);
        String expected = "[" + channels + "," + channels + ","
                + tiny().resblockKernelSizes().get(0) + "]";
        assertEquals(
                "tensor shape: name=" + PREFIX + "resblocks.0.convs1.2.weight, checkpoint=" + model + ", found=["
                        + channels + "," + channels + ",5], expected=" + expected
                        + "; the weights contradict config.json",
                refusal(model));
    }

    @Test
    void namesATensorOfATypeThatItCannotComputeWith() {
        Path model = CheckpointCopy.of(TinyModels.OMNI)
                .withZeros(
                        PREFIX + "conv_post.weight",
                        ElementType.F64,
                        1,
                        VocoderShape.of(tiny()).lastChannels(),
                        7)
                .to(folder);
        String message = refusal(model);
        assertTrue(message.contains(PREFIX + "conv_post.weight") && message.contains("F64"), message);
    }

    @Test
    void shouldRefuseAModelThatDoesNotSpeak() {
        try (Checkpoint checkpoint = Checkpoint.open(TinyModels.QWEN2.path());
                ThreadTeam team = new ThreadTeam(1)) {
            assertEquals(
                    "vocoder: architecture=QWEN2; the model does not speak",
                    Thrown.message(
                            IllegalArgumentException.class,
                            () -> BigVgan.load(ModelConfig.read(TinyModels.QWEN2.path()), checkpoint, team)));
        }
    }

    @Test
    void worksOnWhenTheCheckpointIsClosed() {
        try (TinyVocoder tiny = new TinyVocoder(1)) {
            Matrix mel = tiny.mel(12, 1);
            try (Checkpoint checkpoint = Checkpoint.open(TinyModels.OMNI.path());
                    BigVgan open = BigVgan.load(ModelConfig.read(TinyModels.OMNI.path()), checkpoint, tiny.team)) {
                assertArrayEquals(open.vocode(mel, tiny.team, new Cancellation()), tiny.whole(mel));
            }
        }
    }

    @Test
    void takesEachTensorInItsOwnType() {
        // The others are F32. Zeros in the last convolution, whatever their type, make silence.
        Path model = CheckpointCopy.of(TinyModels.OMNI)
                .withZeros(
                        PREFIX + "conv_post.weight",
                        ElementType.BF16,
                        1,
                        VocoderShape.of(tiny()).lastChannels(),
                        7)
                .to(folder);
        try (Checkpoint checkpoint = Checkpoint.open(model);
                ThreadTeam team = new ThreadTeam(1);
                Workspace memory = new Workspace(team);
                BigVgan vocoder = BigVgan.load(ModelConfig.read(model), checkpoint, team)) {
            Matrix mel = memory.matrix(3, vocoder.melBins());
            assertArrayEquals(new float[3 * vocoder.samplesPerFrame()], vocoder.vocode(mel, team, new Cancellation()));
        }
    }

    @Test
    void knowsTheReleasedModelsSizesWithoutItsWeights() {
        VocoderShape shape = VocoderShape.of(released());
        assertEquals(240, shape.samplesPerFrame());
        assertEquals(24, shape.lastChannels());
        // 115.4 million weights; tiles hold seven where a block of four taps had four.
        long direct = 115_000_000L * Float.BYTES;
        assertTrue(shape.weightBytes() > direct && shape.weightBytes() < 2 * direct, "bytes=" + shape.weightBytes());
        assertEquals(42, shape.delay());
        // 20 frames at 5 per mel frame are too long a wait for a tile; 4 are not, and 20 at 15 per mel frame are not.
        VocoderShape.Round widest =
                shape.stages().get(0).blocks().get(2).rounds().get(2);
        assertFalse(widest.dilated().tiled());
        assertTrue(widest.plain().tiled());
        assertTrue(
                shape.stages().get(1).blocks().get(2).rounds().get(2).dilated().tiled());
    }
}
