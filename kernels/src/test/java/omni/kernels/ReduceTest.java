package omni.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.foreign.MemorySegment;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ReduceTest {
    private static final long SEED = 6;
    private static final ReduceKernel VECTOR = new VectorReduce();
    private static final ReduceKernel SCALAR = new ScalarReduce();

    @Test
    void vectorAgreesWithScalar() {
        Random random = new Random(SEED);
        for (int n : TestMemory.SIZES) {
            for (int offset = 0; offset < 3; offset++) {
                String what = "n=" + n + ", offset=" + offset + ", seed=" + SEED;
                MemorySegment x = TestMemory.normal(random, n + 3, 1);
                assertEquals(SCALAR.max(x, offset, n), VECTOR.max(x, offset, n), what);
                assertEquals(SCALAR.sum(x, offset, n), VECTOR.sum(x, offset, n), 1e-6 * (n + 1), what);
                float squares = SCALAR.sumOfSquares(x, offset, n);
                assertEquals(squares, VECTOR.sumOfSquares(x, offset, n), 1e-6 * squares, what);
                if (n > 0) {
                    assertEquals(SCALAR.argMax(x, offset, n), VECTOR.argMax(x, offset, n), what);
                }
            }
        }
    }

    @Test
    void argMaxGivesTheFirstOfEqualsAndPrefersNaN() {
        for (ReduceKernel kernel : new ReduceKernel[] {VECTOR, SCALAR}) {
            for (int n = 1; n <= 3 * Vectors.LANES + 1; n++) {
                for (int at = 0; at < n; at++) {
                    MemorySegment x = TestMemory.zeros(n);
                    Elementwise.fill(x, at, 2, n - at);
                    assertEquals(at, kernel.argMax(x, 0, n), "n=" + n);
                    Floats.set(x, at, Float.NaN);
                    assertEquals(at, kernel.argMax(x, 0, n), "NaN, n=" + n);
                    Elementwise.fill(x, 0, Float.NEGATIVE_INFINITY, n);
                    assertEquals(0, kernel.argMax(x, 0, n), "minus infinity, n=" + n);
                    Floats.set(x, at, -Float.MAX_VALUE);
                    assertEquals(at, kernel.argMax(x, 0, n), "n=" + n);
                }
            }
        }
    }

    @Test
    void handlesBoundaries() {
        for (ReduceKernel kernel : new ReduceKernel[] {VECTOR, SCALAR}) {
            MemorySegment x = TestMemory.of(TestMemory.AWKWARD);
            int numbers = TestMemory.AWKWARD.length - 1;
            assertEquals(Float.POSITIVE_INFINITY, kernel.max(x, 0, numbers));
            assertEquals(Float.NaN, kernel.max(x, 0, numbers + 1));
            assertEquals(Float.NaN, kernel.sum(x, 0, numbers));
            assertEquals(Float.POSITIVE_INFINITY, kernel.sumOfSquares(x, 0, numbers));
            assertEquals(Float.NEGATIVE_INFINITY, kernel.max(x, 0, 0));
            assertEquals(0f, kernel.sum(x, 0, 0));
            assertEquals(0f, kernel.sumOfSquares(x, 0, 0));
        }
    }

    @Test
    void computesWhatItSays() {
        MemorySegment x = TestMemory.of(3, -5, 4, 4);
        assertEquals(4f, Reduce.max(x, 0, 4));
        assertEquals(2, Reduce.argMax(x, 0, 4));
        assertEquals(6f, Reduce.sum(x, 0, 4));
        assertEquals(66f, Reduce.sumOfSquares(x, 0, 4));
    }

    @Test
    void shouldRefuseWhatHasNoAnswer() {
        MemorySegment x = TestMemory.zeros(4);
        assertEquals(
                "argmax: n=0",
                assertThrows(IllegalArgumentException.class, () -> Reduce.argMax(x, 0, 0))
                        .getMessage());
        assertEquals(
                "max: x: outside its memory: offset=1, n=4, floats=4",
                assertThrows(IllegalArgumentException.class, () -> Reduce.max(x, 1, 4))
                        .getMessage());
    }
}
