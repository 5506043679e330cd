package omni.kernels;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FirResamplerTest {
    private static final long SEED = 12;

    @Test
    void vectorAgreesWithTheDefinitionForAnyNumberOfTaps() {
        for (int taps = 1; taps <= 4 * Vectors.LANES + 9; taps++) {
            agree(taps, 3, 3, 2, 0, 40);
        }
        agree(207, 160, 160, 441, 77, 50);
        agree(4098, 5, 5, 7, 3, 9);
    }

    @Test
    void vectorAgreesWithTheDefinitionBetweenPhases() {
        agree(33, 8, 16_000, 44_101, 12_345, 100);
        agree(1, 1, 7, 9, 0, 30);
    }

    @Test
    void outputsDoNotDependOnHowTheyAreSplit() {
        float[] x = noise(new Random(SEED), 400);
        float[] h = noise(new Random(SEED + 1), 9 * 24);
        float[] whole = run(new VectorFirResampler(), x, h, 24, 8, 11, 13, 5, 200);
        float[] parts = new float[200];
        for (int j = 0; j < 200; j += 7) {
            int n = Math.min(7, 200 - j);
            float[] part = run(new VectorFirResampler(), x, h, 24, 8, 11, 13, 5 + j * 13L, n);
            System.arraycopy(part, 0, parts, j, n);
        }
        assertArrayEquals(whole, parts, "seed=" + SEED);
    }

    @Test
    void oneTapPerPhaseChoosesTheSampleAndTheWeight() {
        float[] x = {1, 2, 3, 4};
        float[] h = {10, 20, 30};
        // Times in units of 1/3 sample: 0, 2, 4, 6, 8, 10.
        float[] y = run(new ScalarFirResampler(), x, h, 1, 3, 3, 2, 0, 6);
        assertArrayEquals(new float[] {10, 30, 40, 30, 90, 80}, y);
        assertArrayEquals(y, run(new VectorFirResampler(), x, h, 1, 3, 3, 2, 0, 6));
    }

    @Test
    void betweenTwoPhasesTapsAreInterpolated() {
        float[] x = {1, 1};
        float[] h = {10, 20, 40};
        // Two phases for thirds: parts 0, 1/3, 2/3 lie at phases 0, 2/3, 4/3.
        float[] y = run(new ScalarFirResampler(), x, h, 1, 2, 3, 1, 0, 3);
        assertArrayEquals(new float[] {10, 10 + 10 * 2f / 3, 20 + 20 / 3f}, y, 1e-5f);
    }

    @Test
    void shouldRefuseWhatLiesOutsideItsMemory() {
        MemorySegment x = Arena.ofAuto().allocate(4L * 10);
        MemorySegment h = Arena.ofAuto().allocate(4L * 8);
        MemorySegment y = Arena.ofAuto().allocate(4L * 8);
        Exception e = assertThrows(
                IllegalArgumentException.class, () -> FirResampler.polyphase(x, 0, h, 0, 4, 2, 2, 3, 0, y, 0, 6));
        assertEquals("resampler: x: outside its memory: offset=0, n=11, floats=10", e.getMessage());
        e = assertThrows(
                IllegalArgumentException.class, () -> FirResampler.polyphase(x, 0, h, 0, 4, 2, 3, 3, 0, y, 0, 2));
        assertEquals(
                "resampler: filter: outside its memory: offset=0, stride=4, rows=3, columns=4, floats=8",
                e.getMessage());
        e = assertThrows(
                IllegalArgumentException.class, () -> FirResampler.polyphase(x, 0, h, 0, 4, 3, 2, 3, 0, y, 0, 2));
        assertEquals("resampler: taps=4, phases=3, up=2, down=3, first=0, n=2", e.getMessage());
        e = assertThrows(
                IllegalArgumentException.class,
                () -> FirResampler.polyphase(x, 0, h, 0, 4, 2, 2, 3, Long.MAX_VALUE, y, 0, 1));
        assertTrue(String.valueOf(e.getMessage()).startsWith("resampler: x: outside its memory"), e.getMessage());
    }

    private static void agree(int taps, int phases, int up, int down, long first, int n) {
        int length = (int) ((first + (n - 1L) * down) / up) + taps;
        float[] x = noise(new Random(SEED + taps), length);
        float[] h = noise(new Random(SEED - taps), (phases + 1) * taps);
        float[] expected = run(new ScalarFirResampler(), x, h, taps, phases, up, down, first, n);
        float[] actual = run(new VectorFirResampler(), x, h, taps, phases, up, down, first, n);
        float tolerance = 4e-7f * (float) Math.sqrt(taps) * 5;
        assertArrayEquals(expected, actual, tolerance, "seed=" + (SEED + taps) + ", taps=" + taps);
    }

    private static float[] run(
            FirResamplerKernel kernel,
            float[] x,
            float[] h,
            int taps,
            int phases,
            int up,
            int down,
            long first,
            int n) {
        float[] y = new float[n];
        kernel.polyphase(
                MemorySegment.ofArray(x),
                0,
                MemorySegment.ofArray(h),
                0,
                taps,
                phases,
                up,
                down,
                first,
                MemorySegment.ofArray(y),
                0,
                n);
        return y;
    }

    private static float[] noise(Random random, int n) {
        float[] x = new float[n];
        for (int i = 0; i < n; i++) {
            x[i] = (float) random.nextGaussian();
        }
        return x;
    }
}
