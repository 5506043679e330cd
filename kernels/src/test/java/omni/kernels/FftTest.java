package omni.kernels;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FftTest {
    private static final long SEED = 11;

    @ParameterizedTest
    @ValueSource(ints = {2, 4, 6, 8, 10, 12, 14, 16, 18, 22, 26, 30, 36, 64, 98, 206, 400, 512, 1024, 1030, 4098})
    void vectorFrameAgreesWithTheSumOfTheDefinition(int n) {
        FftPlan plan = FftPlan.of(n);
        int frames = n > 1000 ? Vectors.LANES + 1 : 2 * Vectors.LANES + 1;
        int hop = Math.max(1, n / 3);
        float[] x = noise(new Random(SEED + n), (frames - 1) * hop + n, 1);
        float[] w = noise(new Random(SEED - n), n, 1);
        float[] exact = forward(new ScalarFft(), plan, x, hop, w, frames);
        float[] actual = forward(new VectorFft(), plan, x, hop, w, frames);
        double worst = 0;
        for (int f = 0; f < frames; f++) {
            double peak = 0;
            double error = 0;
            for (int i = 2 * plan.bins() * f; i < 2 * plan.bins() * (f + 1); i++) {
                peak = Math.max(peak, Math.abs(exact[i]));
                error = Math.max(error, Math.abs(exact[i] - actual[i]));
            }
            worst = Math.max(worst, error / peak);
        }
        // The stage of a large prime factor (683 of 4098) is a plain sum.
        assertTrue(worst < (n == 4098 ? 1e-6 : 4e-7), "seed=" + (SEED + n) + ", n=" + n + ", error=" + worst);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33})
    void powerIsTheSquareOfTheSpectrumForAnyNumberOfFrames(int frames) {
        FftPlan plan = FftPlan.of(40);
        float[] x = noise(new Random(SEED), 40 * 40, 1);
        float[] w = noise(new Random(SEED + 1), 40, 1);
        for (FftKernel kernel : new FftKernel[] {new ScalarFft(), new VectorFft()}) {
            float[] spectrum = forward(kernel, plan, x, 16, w, frames);
            float[] power = power(kernel, plan, x, 16, w, frames);
            for (int f = 0; f < frames; f++) {
                for (int k = 0; k < plan.bins(); k++) {
                    double re = spectrum[(f * plan.bins() + k) * 2];
                    double im = spectrum[(f * plan.bins() + k) * 2 + 1];
                    assertEquals(
                            re * re + im * im,
                            power[k * frames + f],
                            4e-7 * (re * re + im * im) + 1e-6,
                            "seed=" + SEED + ", k=" + k);
                }
            }
        }
    }

    @Test
    void frameDoesNotDependOnItsNeighbours() {
        FftPlan plan = FftPlan.of(400);
        float[] x = noise(new Random(SEED), 400 + 160 * 20, 1);
        float[] w = noise(new Random(SEED + 1), 400, 1);
        float[] all = forward(new VectorFft(), plan, x, 160, w, 21);
        for (int f = 0; f < 21; f++) {
            float[] alone =
                    forward(new VectorFft(), plan, java.util.Arrays.copyOfRange(x, f * 160, f * 160 + 400), 0, w, 1);
            float[] among = java.util.Arrays.copyOfRange(all, f * 2 * plan.bins(), (f + 1) * 2 * plan.bins());
            assertArrayEquals(among, alone, "seed=" + SEED + ", frame=" + f);
        }
    }

    @Test
    void toneOfOneBinHasItsPowerThere() {
        FftPlan plan = FftPlan.of(400);
        float[] x = new float[400];
        float[] w = new float[400];
        for (int i = 0; i < 400; i++) {
            x[i] = (float) Math.cos(2 * Math.PI * 25 * i / 400);
            w[i] = 1;
        }
        float[] power = power(new VectorFft(), plan, x, 0, w, 1);
        for (int k = 0; k < plan.bins(); k++) {
            assertEquals(k == 25 ? 40_000 : 0, power[k], 0.02, "bin=" + k);
        }
    }

    @Test
    void samplesOutsideTheFramesAreNeverReadAndRowsOutsideNeverWritten() {
        FftPlan plan = FftPlan.of(10);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment x = arena.allocate(4L * 13);
            MemorySegment w = arena.allocate(4L * 10);
            MemorySegment y = arena.allocate(4L * 30).fill((byte) 1);
            for (int i = 0; i < 13; i++) {
                Floats.set(x, i, i == 0 || i == 12 ? Float.NaN : i);
            }
            for (int i = 0; i < 10; i++) {
                Floats.set(w, i, 1);
            }
            Fft.power(plan, x, 1, 1, w, 0, y, 3, 4, 2);
            for (int i = 0; i < 30; i++) {
                boolean inside = i >= 3 && (i - 3) % 4 < 2 && (i - 3) / 4 < 6;
                int bits = Floats.get(y, i) == Float.intBitsToFloat(0x01010101) ? 1 : 0;
                assertEquals(inside ? 0 : 1, bits, "float=" + i);
                assertTrue(!Float.isNaN(Floats.get(y, i)));
            }
        }
    }

    @Test
    void nonFiniteSamplesSpoilTheirOwnFrameOnly() {
        FftPlan plan = FftPlan.of(20);
        float[] x = noise(new Random(SEED), 60, 1);
        float[] w = noise(new Random(SEED), 20, 1);
        x[25] = Float.NaN;
        float[] power = power(new VectorFft(), plan, x, 20, w, 3);
        for (int k = 0; k < plan.bins(); k++) {
            assertTrue(
                    Float.isFinite(power[k * 3]) && Float.isNaN(power[k * 3 + 1]) && Float.isFinite(power[k * 3 + 2]));
        }
    }

    @Test
    void shouldRefuseOddAndEmptyLengths() {
        for (int n : new int[] {-2, 0, 1, 3, 401, (1 << 24) + 2}) {
            Exception e = assertThrows(IllegalArgumentException.class, () -> FftPlan.of(n));
            assertEquals("fft: length=" + n + "; it must be even and 2 .. 16777216", e.getMessage());
        }
    }

    @Test
    void shouldRefuseFramesOutsideTheirMemory() {
        FftPlan plan = FftPlan.of(8);
        MemorySegment x = Arena.ofAuto().allocate(4L * 20);
        MemorySegment y = Arena.ofAuto().allocate(4L * 50);
        Exception e = assertThrows(IllegalArgumentException.class, () -> Fft.power(plan, x, 0, 7, x, 0, y, 0, 4, 3));
        assertEquals("fft: x: outside its memory: offset=0, n=22, floats=20", e.getMessage());
        e = assertThrows(IllegalArgumentException.class, () -> Fft.power(plan, x, 0, 6, x, 0, y, 0, 2, 3));
        assertEquals("fft: y: outside its memory: offset=0, stride=2, rows=5, columns=3, floats=50", e.getMessage());
        e = assertThrows(IllegalArgumentException.class, () -> Fft.forward(plan, x, 0, -1, x, 0, y, 0, 10, 1));
        assertEquals("fft: frames and xStride: frames=1, xStride=-1", e.getMessage());
    }

    private static float[] forward(FftKernel kernel, FftPlan plan, float[] x, int hop, float[] w, int frames) {
        float[] y = new float[frames * 2 * plan.bins()];
        kernel.forward(plan, of(x), 0, hop, of(w), 0, of(y), 0, 2 * plan.bins(), frames);
        return y;
    }

    private static float[] power(FftKernel kernel, FftPlan plan, float[] x, int hop, float[] w, int frames) {
        float[] y = new float[frames * plan.bins()];
        kernel.power(plan, of(x), 0, hop, of(w), 0, of(y), 0, frames, frames);
        return y;
    }

    private static MemorySegment of(float[] x) {
        return MemorySegment.ofArray(x);
    }

    private static float[] noise(Random random, int n, float amplitude) {
        float[] x = new float[n];
        for (int i = 0; i < n; i++) {
            x[i] = amplitude * (float) random.nextGaussian();
        }
        return x;
    }
}
