package omni.audio;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import omni.engine.Cancellation;
import omni.engine.Matrix;
import omni.engine.ThreadTeam;
import omni.fixture.Thrown;
import omni.fixture.TinyModels;
import omni.loader.Checkpoint;
import omni.loader.ModelConfig;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AudioEncoderTest {
    private static final long SEED = 5;

    private final Checkpoint checkpoint = Checkpoint.open(TinyModels.OMNI.path());
    private final AudioEncoder encoder = AudioEncoder.load(ModelConfig.read(TinyModels.OMNI.path()), checkpoint);

    @AfterEach
    void closeCheckpoint() {
        checkpoint.close();
    }

    /** Less than a block, whole blocks, and one that is cut; more blocks than go together. */
    @ParameterizedTest
    @ValueSource(ints = {40, 200, 317, 6230})
    void resultsDoNotDependOnTheNumberOfThreads(int frames) {
        Matrix features = noise(frames);
        float[] one = encode(features, 1);
        assertArrayEquals(one, encode(features, 2));
        assertArrayEquals(one, encode(features, 3));
    }

    @Test
    void blocksDoNotSeeEachOther() {
        int block = encoder.blockFrames();
        Matrix features = noise(3 * block);
        float[] before = encode(features, 2);
        for (int f = block; f < 2 * block; f++) {
            features.set(0, f, features.get(0, f) + 1);
        }
        float[] after = encode(features, 2);
        int size = before.length / 3;
        assertArrayEquals(Arrays.copyOf(before, size), Arrays.copyOf(after, size));
        assertFalse(Arrays.equals(before, size, 2 * size, after, size, 2 * size));
        assertArrayEquals(
                Arrays.copyOfRange(before, 2 * size, 3 * size), Arrays.copyOfRange(after, 2 * size, 3 * size));
    }

    @Test
    void featuresMayComeAsTheyAreNeeded() {
        int frames = 7 * encoder.blockFrames() + 33;
        Matrix features = noise(frames);
        Matrix out = matrix(encoder.tokens(frames), encoder.channels());
        FeatureSource all = FeatureSource.of(features);
        int[] most = {0};
        try (ThreadTeam team = new ThreadTeam(2)) {
            encoder.encode(
                    block -> {
                        most[0] = Math.max(most[0], block.cols());
                        return all.read(block);
                    },
                    frames,
                    out,
                    team,
                    new Cancellation());
        }
        assertArrayEquals(encode(features, 2), out.toArray());
        assertTrue(most[0] <= encoder.blockFrames(), "asked for frames=" + most[0]);
    }

    @Test
    void showsTheResidualStreamBehindTheConvolutionsAndEveryLayer() {
        List<Integer> layers = new ArrayList<>();
        encode(encoder.observedBy((layer, x) -> layers.add(layer)), noise(100), 2);
        List<Integer> expected = new ArrayList<>();
        for (int i = -1; i < encoder.config().layers(); i++) {
            expected.add(i);
        }
        assertEquals(expected, layers);
    }

    @Test
    void shouldRefuseShapesThatDoNotFit() {
        int tokens = encoder.tokens(100);
        assertEquals(
                "audio encoder: frames=100, out=[" + (tokens + 1) + "," + encoder.channels() + "], channels="
                        + encoder.channels(),
                refused(noise(100), tokens + 1));
        assertEquals("audio encoder: features=[3,100], melBins=" + encoder.melBins(), refused(matrix(3, 100), tokens));
    }

    @Test
    void shouldRefuseFeaturesThatEndTooEarly() {
        Matrix features = noise(50);
        try (ThreadTeam team = new ThreadTeam(1)) {
            assertEquals(
                    "audio encoder: the features end too early: wanted=60, got=50",
                    Thrown.message(
                            IllegalStateException.class,
                            () -> encoder.encode(
                                    FeatureSource.of(features),
                                    60,
                                    matrix(encoder.tokens(60), encoder.channels()),
                                    team,
                                    new Cancellation())));
        }
    }

    @Test
    void stopsWhenCancelled() {
        Cancellation cancellation = new Cancellation();
        AudioEncoder observed = encoder.observedBy((layer, x) -> {
            if (layer == 0) {
                cancellation.cancel();
            }
            assertTrue(layer <= 0, "a layer ran after cancelling");
        });
        try (ThreadTeam team = new ThreadTeam(1)) {
            Matrix out = matrix(encoder.tokens(100), encoder.channels());
            assertThrows(CancellationException.class, () -> observed.encode(noise(100), out, team, cancellation));
        }
    }

    private String refused(Matrix features, int tokens) {
        try (ThreadTeam team = new ThreadTeam(1)) {
            return Thrown.message(
                    IllegalArgumentException.class,
                    () -> encoder.encode(features, matrix(tokens, encoder.channels()), team, new Cancellation()));
        }
    }

    private float[] encode(Matrix features, int threads) {
        return encode(encoder, features, threads);
    }

    private static float[] encode(AudioEncoder encoder, Matrix features, int threads) {
        try (ThreadTeam team = new ThreadTeam(threads)) {
            Matrix out = matrix(encoder.tokens(features.cols()), encoder.channels());
            encoder.encode(features, out, team, new Cancellation());
            return out.toArray();
        }
    }

    private Matrix noise(int frames) {
        Random random = new Random(SEED);
        Matrix x = matrix(encoder.melBins(), frames);
        for (int m = 0; m < x.rows(); m++) {
            for (int f = 0; f < frames; f++) {
                x.set(m, f, (float) random.nextGaussian());
            }
        }
        return x;
    }

    private static Matrix matrix(int rows, int cols) {
        return new Matrix(Arena.ofAuto().allocate(4L * rows * cols, 64), 0, rows, cols, cols);
    }
}
