package omni.vision;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
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
import omni.media.Picture;
import omni.thinker.GridThw;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VisionEncoderTest {
    private static final long SEED = 4;

    private final Checkpoint checkpoint = Checkpoint.open(TinyModels.OMNI.path());
    private final VisionEncoder encoder = VisionEncoder.load(ModelConfig.read(TinyModels.OMNI.path()), checkpoint);

    @AfterEach
    void closeCheckpoint() {
        checkpoint.close();
    }

    /** Small and large pictures, clips whose steps go together and alone, windows that are cut. */
    @ParameterizedTest
    @CsvSource({"1,2,4", "1,12,18", "1,40,44", "5,6,10", "30,8,6", "3,24,26"})
    void resultsDoNotDependOnTheNumberOfThreads(int t, int h, int w) {
        PatchGrid patches = patches(t, h, w);
        float[] one = encode(patches, 1);
        assertArrayEquals(one, encode(patches, 2));
        assertArrayEquals(one, encode(patches, 3));
    }

    /** Steps of more than 8 cells: products of so few rows sum in another order. */
    @ParameterizedTest
    @CsvSource({"7,6,10", "45,6,6", "3,24,26"})
    void clipIsEncodedStepByStep(int t, int h, int w) {
        List<Picture> frames = frames(t, h, w);
        float[] whole = encode(new PatchGrid(frames, VisionProcessorTest.PATCHES), 2);
        int size = whole.length / t;
        for (int step = 0; step < t; step++) {
            PatchGrid alone = new PatchGrid(frames.subList(2 * step, 2 * step + 2), VisionProcessorTest.PATCHES);
            assertArrayEquals(
                    Arrays.copyOfRange(whole, step * size, (step + 1) * size), encode(alone, 2), "step=" + step);
        }
    }

    @Test
    void cellsSeeTheirWholeFrame() {
        List<Picture> frames = frames(1, 12, 18);
        float[] before = encode(new PatchGrid(frames, VisionProcessorTest.PATCHES), 2);
        frames.getFirst().rgb().set(ValueLayout.JAVA_BYTE, 0, (byte)
                (frames.getFirst().get(0, 0, 0) ^ 0x80));
        float[] after = encode(new PatchGrid(frames, VisionProcessorTest.PATCHES), 2);
        int channels = encoder.channels();
        for (int cell = 0; cell < before.length / channels; cell++) {
            int from = cell * channels;
            assertEquals(
                    false, Arrays.equals(before, from, from + channels, after, from, from + channels), "cell=" + cell);
        }
    }

    @Test
    void knowsTheNumberOfEmbeddings() {
        assertEquals(54, encoder.tokens(new GridThw(1, 12, 18)));
        assertEquals(45, encoder.tokens(new GridThw(3, 6, 10)));
        assertEquals(128, encoder.channels());
    }

    @Test
    void showsTheResidualStreamAfterTheProjectionAndEveryLayer() {
        List<Integer> layers = new ArrayList<>();
        VisionEncoder observed = encoder.observedBy((layer, x) -> {
            layers.add(layer);
            assertEquals(216, x.rows());
            assertEquals(64, x.cols());
        });
        encode(observed, patches(1, 12, 18), 2);
        assertEquals(List.of(-1, 0, 1, 2, 3), layers);
    }

    @Test
    void shouldRefuseShapesThatDoNotFit() {
        try (ThreadTeam team = new ThreadTeam(1)) {
            assertEquals(
                    "vision encoder: grid=[1,4,6], merge=2, patchValues=1176, expected=1176, out=[5,128], channels=128",
                    refused(patches(1, 4, 6), 5, 128, team));
            assertEquals(
                    "vision encoder: grid=[1,4,6], merge=2, patchValues=1176, expected=1176, out=[6,64], channels=128",
                    refused(patches(1, 4, 6), 6, 64, team));
            PatchSource odd = source(new GridThw(1, 4, 6), 588);
            assertEquals(
                    "vision encoder: grid=[1,4,6], merge=2, patchValues=588, expected=1176, out=[6,128], channels=128",
                    refused(odd, 6, 128, team));
            assertEquals(
                    "grid: h=3, w=6 are no multiples of merge=2",
                    refused(source(new GridThw(1, 3, 6), 1176), 4, 128, team));
        }
    }

    @Test
    void stopsWhenCancelled() {
        Cancellation cancellation = new Cancellation();
        VisionEncoder observed = encoder.observedBy((layer, x) -> {
            if (layer == 1) {
                cancellation.cancel();
            }
            assertEquals(true, layer <= 1, "a layer ran after cancelling");
        });
        try (ThreadTeam team = new ThreadTeam(1)) {
            assertThrows(
                    CancellationException.class,
                    () -> observed.encode(patches(1, 4, 6), matrix(6, 128), team, cancellation));
        }
    }

    private String refused(PatchSource patches, int rows, int cols, ThreadTeam team) {
        return Thrown.message(
                IllegalArgumentException.class,
                () -> encoder.encode(patches, matrix(rows, cols), team, new Cancellation()));
    }

    private static PatchSource source(GridThw grid, int patchValues) {
        return new PatchSource() {
            @Override
            public GridThw grid() {
                return grid;
            }

            @Override
            public int patchValues() {
                return patchValues;
            }

            @Override
            public void fill(int from, Matrix values) {
                throw new AssertionError("asked for patches that do not fit");
            }
        };
    }

    private float[] encode(PatchSource patches, int threads) {
        return encode(encoder, patches, threads);
    }

    static float[] encode(VisionEncoder encoder, PatchSource patches, int threads) {
        try (ThreadTeam team = new ThreadTeam(threads)) {
            Matrix out = matrix(encoder.tokens(patches.grid()), encoder.channels());
            encoder.encode(patches, out, team, new Cancellation());
            return out.toArray();
        }
    }

    private static Matrix matrix(int rows, int cols) {
        return new Matrix(Arena.ofAuto().allocate(4L * rows * cols, 64), 0, rows, cols, cols);
    }

    /** Noise, cut into {@code t * h * w} patches. */
    static PatchGrid patches(int t, int h, int w) {
        return new PatchGrid(frames(t, h, w), VisionProcessorTest.PATCHES);
    }

    private static List<Picture> frames(int t, int h, int w) {
        Random random = new Random(SEED);
        List<Picture> frames = new ArrayList<>();
        for (int i = 0; i < 2 * t; i++) {
            Picture picture = Picture.of(14 * w, 14 * h);
            byte[] noise = new byte[14 * w * 14 * h * 3];
            random.nextBytes(noise);
            picture.rgb().copyFrom(MemorySegment.ofArray(noise));
            frames.add(picture);
        }
        return frames;
    }
}
