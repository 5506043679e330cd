package omni.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.foreign.MemorySegment;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SoftmaxTest {
    private static final long SEED = 2;
    private static final SoftmaxKernel[] KERNELS = {new VectorSoftmax(), new ScalarSoftmax()};

    @Test
    void givesProbabilities() {
        MemorySegment x = TestMemory.of(0, (float) Math.log(2), (float) Math.log(5), Float.NEGATIVE_INFINITY);
        Softmax.rows(x, 0, 4, 1, 4);
        TestMemory.assertClose(TestMemory.of(0.125f, 0.25f, 0.625f, 0), x, 3e-7, 0, "x");
    }

    @Test
    void vectorAgreesWithScalar() {
        Random random = new Random(SEED);
        for (int n : TestMemory.SIZES) {
            for (int offset = 0; n > 0 && offset < 3; offset++) {
                MemorySegment x = TestMemory.normal(random, n + offset + 2, 20);
                for (int i = 0; i < n; i += 7) {
                    Floats.set(x, offset + i, i % 2 == 0 ? -1e30f : Float.NEGATIVE_INFINITY);
                }
                MemorySegment expected = TestMemory.copy(x);
                KERNELS[0].row(x, offset, n);
                KERNELS[1].row(expected, offset, n);
                // Differences to the maximum are rounded alike; the sum of n terms is not.
                TestMemory.assertClose(expected, x, 1e-6, 1e-44, "n=" + n + ", offset=" + offset + ", seed=" + SEED);
            }
        }
    }

    @Test
    void handlesBoundaries() {
        for (SoftmaxKernel kernel : KERNELS) {
            for (int n : new int[] {1, 3, Vectors.LANES, 2 * Vectors.LANES + 1}) {
                float[] bad = {Float.NaN, Float.POSITIVE_INFINITY};
                for (float value : bad) {
                    MemorySegment x = TestMemory.zeros(n);
                    Floats.set(x, n - 1, value);
                    kernel.row(x, 0, n);
                    assertEquals(Float.NaN, Floats.get(x, n - 1), "value=" + value + ", n=" + n);
                }
                MemorySegment masked = TestMemory.zeros(n);
                Elementwise.fill(masked, 0, Float.NEGATIVE_INFINITY, n);
                kernel.row(masked, 0, n);
                assertEquals(Float.NaN, Floats.get(masked, 0), "nothing but minus infinity, n=" + n);
                MemorySegment huge = TestMemory.zeros(n);
                Elementwise.fill(huge, 0, Float.MAX_VALUE, n);
                kernel.row(huge, 0, n);
                assertEquals(1f / n, Floats.get(huge, 0), 1e-7f, "largest floats, n=" + n);
            }
        }
    }

    @Test
    void leavesWhatLiesBetweenRows() {
        MemorySegment x = TestMemory.zeros(20);
        Softmax.rows(x, 1, 6, 3, 5);
        for (int i = 0; i < 20; i++) {
            boolean inside = i >= 1 && (i - 1) % 6 < 5 && i < 18;
            assertEquals(inside ? 0.2f : 0, Floats.get(x, i), 1e-7f, "at " + i);
        }
        Softmax.rows(x, 0, 0, 4, 0);
    }

    @Test
    void shouldRefuseRowsOutsideTheirMemory() {
        assertEquals(
                "softmax: x: outside its memory: offset=0, stride=5, rows=2, columns=5, floats=9",
                assertThrows(IllegalArgumentException.class, () -> Softmax.rows(TestMemory.zeros(9), 0, 5, 2, 5))
                        .getMessage());
    }
}
