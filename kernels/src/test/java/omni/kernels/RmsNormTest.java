package omni.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.foreign.MemorySegment;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RmsNormTest {
    private static final long SEED = 1;

    @Test
    void dividesByTheRootOfTheMeanSquare() {
        MemorySegment x = TestMemory.of(3, -4);
        MemorySegment y = TestMemory.zeros(2);
        RmsNorm.rows(x, 0, 2, TestMemory.of(1, 10), 0, 12.5f, y, 0, 2, 1, 2);
        // mean square 12.5, plus 12.5, root 5
        TestMemory.assertClose(TestMemory.of(0.6f, -8), y, 1e-6, 0, "y");
    }

    @Test
    void vectorAgreesWithScalar() {
        Random random = new Random(SEED);
        RmsNormKernel vector = new VectorRmsNorm();
        RmsNormKernel scalar = new ScalarRmsNorm();
        for (int n : TestMemory.SIZES) {
            for (int offset = 0; offset < 3; offset++) {
                MemorySegment x = TestMemory.normal(random, n + offset, 3);
                MemorySegment weight = TestMemory.normal(random, n + 1, 1);
                MemorySegment expected = TestMemory.zeros(n + 3);
                MemorySegment actual = TestMemory.zeros(n + 3);
                scalar.row(x, offset, weight, 1, 1e-6f, expected, 2, n);
                vector.row(x, offset, weight, 1, 1e-6f, actual, 2, n);
                TestMemory.assertClose(expected, actual, 2e-6, 0, "n=" + n + ", offset=" + offset + ", seed=" + SEED);
                vector.row(x, offset, weight, 1, 1e-6f, x, offset, n);
                TestMemory.assertClose(
                        TestMemory.array(actual, 2, n), TestMemory.array(x, offset, n), 0, 0, "in place, n=" + n);
            }
        }
    }

    @Test
    void handlesBoundaries() {
        for (RmsNormKernel kernel : new RmsNormKernel[] {new VectorRmsNorm(), new ScalarRmsNorm()}) {
            int n = 2 * Vectors.LANES + 1;
            MemorySegment ones = TestMemory.zeros(n);
            Elementwise.fill(ones, 0, 1, n);
            MemorySegment y = TestMemory.zeros(n);
            MemorySegment x = TestMemory.zeros(n);
            kernel.row(x, 0, ones, 0, 1e-6f, y, 0, n);
            TestMemory.assertSame(TestMemory.zeros(n), y, "zeros");
            Floats.set(x, n - 1, Float.NaN);
            kernel.row(x, 0, ones, 0, 1e-6f, y, 0, n);
            for (int i = 0; i < n; i++) {
                assertEquals(Float.NaN, Floats.get(y, i), "a NaN reaches the whole row");
            }
            Elementwise.fill(x, 0, 1e-25f, n);
            kernel.row(x, 0, ones, 0, 1e-6f, y, 0, n);
            Elementwise.fill(x, 0, 1e-22f, n);
            TestMemory.assertClose(x, y, 1e-6, 0, "squares below the smallest float leave eps alone");
        }
    }

    @Test
    void normalisesRowsWithStrides() {
        Random random = new Random(SEED);
        int rows = 3;
        int channels = 19;
        MemorySegment x = TestMemory.normal(random, 100, 1);
        MemorySegment weight = TestMemory.normal(random, channels, 1);
        MemorySegment y = TestMemory.zeros(100);
        RmsNorm.rows(x, 5, 23, weight, 0, 1e-6f, y, 1, 29, rows, channels);
        for (int r = 0; r < rows; r++) {
            MemorySegment expected = TestMemory.zeros(channels);
            RmsNorm.rows(x, 5 + 23L * r, 23, weight, 0, 1e-6f, expected, 0, channels, 1, channels);
            TestMemory.assertClose(
                    TestMemory.array(expected), TestMemory.array(y, 1 + 29L * r, channels), 0, 0, "row " + r);
        }
        assertEquals(0f, Floats.get(y, 1 + channels), "between rows");
    }

    @Test
    void shouldRefuseOperandsOutsideTheirMemory() {
        MemorySegment x = TestMemory.zeros(16);
        assertEquals(
                "rms norm: x: outside its memory: offset=1, stride=8, rows=2, columns=8, floats=16",
                assertThrows(IllegalArgumentException.class, () -> RmsNorm.rows(x, 1, 8, x, 0, 1e-6f, x, 0, 8, 2, 8))
                        .getMessage());
        assertEquals(
                "rms norm: weight: outside its memory: offset=9, n=8, floats=16",
                assertThrows(IllegalArgumentException.class, () -> RmsNorm.rows(x, 0, 8, x, 9, 1e-6f, x, 0, 8, 2, 8))
                        .getMessage());
        assertEquals(
                "rms norm: y: outside its memory: offset=0, stride=7, rows=2, columns=8, floats=16",
                assertThrows(IllegalArgumentException.class, () -> RmsNorm.rows(x, 0, 8, x, 0, 1e-6f, x, 0, 7, 2, 8))
                        .getMessage());
    }
}
