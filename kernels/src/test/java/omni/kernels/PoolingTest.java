package omni.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.foreign.MemorySegment;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PoolingTest {
    private static final long SEED = 31;
    private static final PoolingKernel VECTOR = new VectorPooling();
    private static final PoolingKernel SCALAR = new ScalarPooling();

    @Test
    void computesWhatItSays() {
        // Means 4 and 1; variances 5 and 0. With weights: means 6 and 1, variance (9 + 1) / 4 of the first row.
        MemorySegment x = TestMemory.of(1, 3, 5, 7, 1, 1, 1, 1);
        MemorySegment out = TestMemory.zeros(4);
        Pooling.statistics(x, 0, 4, null, 0, 0, 2, 4, 0.25f, out, 0, out, 2);
        TestMemory.assertClose(TestMemory.of(4, 1, (float) Math.sqrt(5), 0.5f), out, 1e-6, 0, "plain");
        MemorySegment weights = TestMemory.of(0, 0.25f, 0, 0.75f, 0.25f, 0.25f, 0.25f, 0.25f);
        Pooling.statistics(x, 0, 4, weights, 0, 4, 2, 4, 0.25f, out, 0, out, 2);
        TestMemory.assertClose(TestMemory.of(6, 1, (float) Math.sqrt(3), 0.5f), out, 1e-6, 0, "weighted");
    }

    @Test
    void vectorAgreesWithScalar() {
        Random random = new Random(SEED);
        for (int n : TestMemory.SIZES) {
            for (int offset = 0; n > 0 && offset < 3; offset++) {
                String what = "n=" + n + ", offset=" + offset + ", seed=" + SEED;
                MemorySegment x = TestMemory.normal(random, n + offset, 3);
                MemorySegment weights = TestMemory.normal(random, n + 1, 1);
                Softmax.rows(weights, 1, n, 1, n);
                agree(x, offset, null, n, what);
                agree(x, offset, weights, n, "weighted, " + what);
            }
        }
    }

    private static void agree(MemorySegment x, int offset, @Nullable MemorySegment weights, int n, String what) {
        float mean = SCALAR.mean(x, offset, weights, 1, n);
        assertEquals(mean, VECTOR.mean(x, offset, weights, 1, n), 4e-6, what);
        float variance = SCALAR.variance(x, offset, weights, 1, mean, n);
        assertEquals(variance, VECTOR.variance(x, offset, weights, 1, mean, n), 2e-6 * variance, what);
    }

    @Test
    void keepsItsDigitsFarFromZero() {
        Random random = new Random(SEED);
        int n = 301;
        MemorySegment x = TestMemory.normal(random, n, 1);
        for (int i = 0; i < n; i++) {
            Floats.set(x, i, Floats.get(x, i) + 1000);
        }
        float variance = SCALAR.variance(x, 0, null, 0, 1000, n);
        assertEquals(variance, VECTOR.variance(x, 0, null, 0, 1000, n), 2e-6 * variance, "seed=" + SEED);
    }

    @Test
    void passesOnWhatIsNotANumber() {
        for (PoolingKernel kernel : new PoolingKernel[] {VECTOR, SCALAR}) {
            int n = 2 * Vectors.LANES + 1;
            MemorySegment weights = TestMemory.zeros(n);
            for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
                for (int at : new int[] {0, n - 1}) {
                    MemorySegment x = TestMemory.zeros(n);
                    Floats.set(x, at, bad);
                    assertEquals(bad, kernel.mean(x, 0, null, 0, n));
                    assertEquals(Float.NaN, kernel.mean(x, 0, weights, 0, n), "no weight, value=" + bad);
                    assertEquals(Float.NaN, kernel.variance(x, 0, null, 0, bad, n), "value=" + bad);
                }
            }
        }
    }

    @Test
    void readsRowsWithStrides() {
        Random random = new Random(SEED);
        MemorySegment x = TestMemory.normal(random, 100, 1);
        MemorySegment weights = TestMemory.normal(random, 100, 1);
        MemorySegment out = TestMemory.zeros(7);
        Pooling.statistics(x, 5, 23, weights, 2, 29, 3, 19, 0, out, 0, out, 4);
        assertEquals(0f, Floats.get(out, 3), "behind the means");
        for (int c = 0; c < 3; c++) {
            MemorySegment one = TestMemory.zeros(2);
            Pooling.statistics(x, 5 + 23L * c, 19, weights, 2 + 29L * c, 19, 1, 19, 0, one, 0, one, 1);
            assertEquals(Floats.get(one, 0), Floats.get(out, c), "mean " + c);
            assertEquals(Floats.get(one, 1), Floats.get(out, 4 + c), "deviation " + c);
        }
    }

    @Test
    void shouldRefuseOperandsOutsideTheirMemory() {
        MemorySegment x = TestMemory.zeros(16);
        assertEquals(
                "pooling: frames=0",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> Pooling.statistics(x, 0, 8, null, 0, 0, 2, 0, 0, x, 0, x, 0))
                        .getMessage());
        assertEquals(
                "pooling: weights: outside its memory: offset=1, stride=8, rows=2, columns=8, floats=16",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> Pooling.statistics(x, 0, 8, x, 1, 8, 2, 8, 0, x, 0, x, 0))
                        .getMessage());
        assertEquals(
                "pooling: deviation: outside its memory: offset=15, n=2, floats=16",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> Pooling.statistics(x, 0, 8, null, 0, 0, 2, 8, 0, x, 0, x, 15))
                        .getMessage());
    }
}
