package omni.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.foreign.MemorySegment;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AntiAliasedSnakeTest {
    private static final long SEED = 13;
    private static final AntiAliasedSnakeKernel[] KERNELS = {new VectorAntiAliasedSnake(), new ScalarAntiAliasedSnake()
    };

    /** Frames are rows. */
    private static final class Case {
        final int frames;
        final int channels;
        final MemorySegment x;
        final MemorySegment frequency;
        final MemorySegment magnitude;

        Case(Random random, int frames, int channels, float deviation) {
            this.frames = frames;
            this.channels = channels;
            x = TestMemory.normal(random, (long) frames * channels, deviation);
            frequency = TestMemory.zeros(channels);
            magnitude = TestMemory.zeros(channels);
            for (int c = 0; c < channels; c++) {
                Floats.set(frequency, c, (float) Math.exp(random.nextGaussian()));
                Floats.set(magnitude, c, (float) Math.exp(random.nextGaussian()));
            }
        }

        /** As the reference does it: pad, transposed convolution, cut, activation, pad, convolution. */
        float[] expected() {
            float[] f = AntiAliasedSnake.filter();
            float[] y = new float[frames * channels];
            for (int c = 0; c < channels; c++) {
                double[] full = new double[2 * (frames + 10) + 10];
                for (int i = 0; i < frames + 10; i++) {
                    int frame = Math.clamp(i - 5, 0, frames - 1);
                    for (int k = 0; k < 12; k++) {
                        full[2 * i + k] += 2 * f[k] * Floats.get(x, (long) frame * channels + c);
                    }
                }
                double a = Floats.get(frequency, c);
                double b = Floats.get(magnitude, c);
                double[] v = new double[2 * frames + 11];
                for (int i = 0; i < v.length; i++) {
                    double up = full[15 + Math.clamp(i - 5, 0, 2 * frames - 1)];
                    v[i] = up + b * Math.pow(Math.sin(a * up), 2);
                }
                for (int t = 0; t < frames; t++) {
                    double sum = 0;
                    for (int k = 0; k < 12; k++) {
                        sum += f[k] * v[2 * t + k];
                    }
                    y[t * channels + c] = (float) sum;
                }
            }
            return y;
        }

        MemorySegment through(AntiAliasedSnakeKernel kernel, int from, int to) {
            MemorySegment y = TestMemory.zeros((long) (to - from) * channels);
            kernel.run(
                    x,
                    0,
                    channels,
                    frames,
                    frequency,
                    0,
                    magnitude,
                    0,
                    channels,
                    AntiAliasedSnake.filter(),
                    y,
                    0,
                    channels,
                    from,
                    to,
                    new AntiAliasedSnake.Scratch(kernel));
            return y;
        }

        @Override
        public String toString() {
            return "frames=" + frames + ", channels=" + channels + ", seed=" + SEED;
        }
    }

    @Test
    void agreesWithTheReferencesSteps() {
        Random random = new Random(SEED);
        for (int frames : new int[] {1, 2, 3, 4, 5, 6, 11, 63, 64, 65, 130}) {
            for (int channels : new int[] {1, 3, Vectors.LANES, 16, 17, 24, 40}) {
                Case c = new Case(random, frames, channels, 1);
                float[] expected = c.expected();
                for (AntiAliasedSnakeKernel kernel : KERNELS) {
                    float[] actual = TestMemory.array(c.through(kernel, 0, frames));
                    String what = kernel.getClass().getSimpleName() + ": " + c;
                    TestMemory.assertClose(expected, actual, 1e-6, 3e-6, what);
                }
            }
        }
    }

    @Test
    void staysRightForLargeAngles() {
        Random random = new Random(SEED);
        for (float deviation : new float[] {1e3f, 1e4f, 1e5f, 1e6f, 1e12f}) {
            Case c = new Case(random, 80, 19, deviation);
            Elementwise.fill(c.frequency, 0, 1, c.channels);
            Elementwise.fill(c.magnitude, 0, 1, c.channels);
            float[] scalar = TestMemory.array(c.through(KERNELS[1], 0, c.frames));
            float[] vector = TestMemory.array(c.through(KERNELS[0], 0, c.frames));
            // The error of the filters, and that of the angle, until the sine is arbitrary but still between -1 and 1.
            double bound = deviation * 1e-6 + Math.min(1.5, deviation * 1e-6);
            TestMemory.assertClose(scalar, vector, 2e-6, bound, "deviation=" + deviation + ", " + c);
        }
    }

    @Test
    void squaresTheSineOfAnyAngle() {
        Random random = new Random(SEED);
        int n = 20_000;
        MemorySegment angles = TestMemory.zeros(n);
        for (int i = 0; i < n; i++) {
            Floats.set(angles, i, (float) (random.nextGaussian() * Math.pow(10, random.nextInt(-20, 30))));
        }
        for (int i = 0; i + Vectors.LANES <= n; i += Vectors.LANES) {
            float[] squares = VectorFunctions.sinSquaredFar(VectorFunctions.load(angles, i))
                    .toArray();
            for (int lane = 0; lane < Vectors.LANES; lane++) {
                double angle = Floats.get(angles, i + lane);
                double expected = Math.pow(Math.sin(angle), 2);
                assertEquals(expected, squares[lane], 6e-7 * expected + 1e-45, "angle=" + angle);
            }
        }
    }

    @Test
    void givesTheSameBitsInPiecesWithTheFramesTheySee() {
        Random random = new Random(SEED);
        for (float deviation : new float[] {1, 2e5f}) {
            Case c = new Case(random, 300, 21, deviation);
            AntiAliasedSnakeKernel kernel = KernelProvider.vector() ? KERNELS[0] : KERNELS[1];
            MemorySegment whole = c.through(kernel, 0, c.frames);
            AntiAliasedSnake.Scratch scratch = new AntiAliasedSnake.Scratch();
            for (int from = 0; from < c.frames; ) {
                int to = Math.min(c.frames, from + 1 + random.nextInt(90));
                int first = Math.max(0, from - AntiAliasedSnake.REACH);
                int end = Math.min(c.frames, to + AntiAliasedSnake.REACH);
                int stride = c.channels + 2;
                MemorySegment y = TestMemory.zeros((long) (to - from) * stride);
                AntiAliasedSnake.run(
                        c.x,
                        (long) first * c.channels,
                        c.channels,
                        end - first,
                        c.frequency,
                        0,
                        c.magnitude,
                        0,
                        c.channels,
                        y,
                        0,
                        stride,
                        from - first,
                        to - first,
                        scratch);
                for (int t = from; t < to; t++) {
                    TestMemory.assertClose(
                            TestMemory.array(whole, (long) t * c.channels, c.channels),
                            TestMemory.array(y, (long) (t - from) * stride, c.channels),
                            0,
                            0,
                            "t=" + t + ", from=" + from + ", to=" + to + ", seed=" + SEED);
                    assertEquals(0f, Floats.get(y, (long) (t - from) * stride + c.channels), "behind frame " + t);
                }
                from = to;
            }
        }
    }

    @Test
    void aNaNReachesFiveFramesOnEitherSide() {
        for (AntiAliasedSnakeKernel kernel : KERNELS) {
            for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
                Case c = new Case(new Random(SEED), 40, 20, 1);
                Floats.set(c.x, 15 * 20L + 7, bad);
                MemorySegment y = c.through(kernel, 0, 40);
                for (int i = 0; i < 800; i++) {
                    int t = i / 20;
                    boolean sees = i % 20 == 7 && t >= 10 && t <= 20;
                    assertEquals(sees, Float.isNaN(Floats.get(y, i)), "value=" + bad + ", t=" + t + ", i=" + i);
                }
            }
        }
    }

    @Test
    void keepsZerosAndDenormals() {
        for (AntiAliasedSnakeKernel kernel : KERNELS) {
            Case c = new Case(new Random(SEED), 20, 9, 0);
            TestMemory.assertClose(new float[180], TestMemory.array(c.through(kernel, 0, 20)), 0, 1e-45, "zeros");
            Elementwise.fill(c.x, 0, 0x1p-140f, 180);
            float[] y = TestMemory.array(c.through(kernel, 0, 20));
            for (float v : y) {
                assertEquals(0x1p-140f, v, 0x1p-146f);
            }
        }
    }

    @Test
    void shouldRefuseOperandsThatDoNotFit() {
        Case c = new Case(new Random(SEED), 10, 4, 1);
        assertEquals("snake: from=3, to=11, frames=10, channels=4", refusal(c, c.x, 0, TestMemory.zeros(40), 3, 11));
        assertEquals(
                "snake: x: outside its memory: offset=1, stride=4, rows=10, columns=4, floats=40",
                refusal(c, c.x, 1, TestMemory.zeros(40), 0, 10));
        assertEquals(
                "snake: y: outside its memory: offset=0, stride=4, rows=10, columns=4, floats=39",
                refusal(c, c.x, 0, TestMemory.zeros(39), 0, 10));
    }

    private static String refusal(Case c, MemorySegment x, long xOffset, MemorySegment y, int from, int to) {
        return String.valueOf(assertThrows(
                        IllegalArgumentException.class,
                        () -> AntiAliasedSnake.run(
                                x,
                                xOffset,
                                4,
                                10,
                                c.frequency,
                                0,
                                c.magnitude,
                                0,
                                4,
                                y,
                                0,
                                4,
                                from,
                                to,
                                new AntiAliasedSnake.Scratch()))
                .getMessage());
    }
}
