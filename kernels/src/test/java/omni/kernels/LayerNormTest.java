package omni.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.foreign.MemorySegment;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LayerNormTest {
    private static final long SEED = 9;

    @Test
    void centresAndScalesByTheDeviation() {
        // mean 4, variance 5 plus 4, root 3
        MemorySegment x = TestMemory.of(1, 3, 5, 7);
        MemorySegment y = TestMemory.zeros(4);
        LayerNorm.rows(x, 0, 4, null, 0, null, 0, 4, y, 0, 4, 1, 4);
        TestMemory.assertClose(TestMemory.of(-1, -1 / 3f, 1 / 3f, 1), y, 1e-6, 0, "plain");
        MemorySegment weight = TestMemory.of(2, 3, 4, 5);
        MemorySegment bias = TestMemory.of(10, 20, 30, 40);
        LayerNorm.rows(x, 0, 4, weight, 0, bias, 0, 4, y, 0, 4, 1, 4);
        TestMemory.assertClose(TestMemory.of(8, 19, 30 + 4 / 3f, 45), y, 1e-6, 0, "affine");
        LayerNorm.adaptive(x, 0, 4, weight, 0, bias, 0, 4, y, 0, 4, 1, 4);
        TestMemory.assertClose(TestMemory.of(7, 20 - 4 / 3f, 30 + 5 / 3f, 46), y, 1e-6, 0, "adaptive");
    }

    @Test
    void vectorAgreesWithScalar() {
        Random random = new Random(SEED);
        LayerNormKernel vector = new VectorLayerNorm();
        LayerNormKernel scalar = new ScalarLayerNorm();
        for (int n : TestMemory.SIZES) {
            for (int offset = 0; offset < 3; offset++) {
                String what = "n=" + n + ", offset=" + offset + ", seed=" + SEED;
                MemorySegment x = TestMemory.normal(random, n + offset, 3);
                MemorySegment expected = TestMemory.zeros(n + 3);
                MemorySegment actual = TestMemory.zeros(n + 3);
                scalar.normalise(x, offset, 1e-5f, expected, 2, n);
                vector.normalise(x, offset, 1e-5f, actual, 2, n);
                TestMemory.assertClose(expected, actual, 2e-6, 2e-6, what);
                vector.normalise(x, offset, 1e-5f, x, offset, n);
                TestMemory.assertClose(
                        TestMemory.array(actual, 2, n), TestMemory.array(x, offset, n), 0, 0, "in place, " + what);
                MemorySegment weight = TestMemory.normal(random, n + 1, 1);
                scalar.scale(x, offset, weight, 1, 1, n);
                vector.scale(actual, 2, weight, 1, 1, n);
                TestMemory.assertClose(
                        TestMemory.array(x, offset, n), TestMemory.array(actual, 2, n), 0, 0, "scale, " + what);
            }
        }
    }

    @Test
    void keepsItsDigitsFarFromZero() {
        Random random = new Random(SEED);
        int n = 1025;
        MemorySegment x = TestMemory.normal(random, n, 1);
        for (int i = 0; i < n; i++) {
            Floats.set(x, i, Floats.get(x, i) + 4096);
        }
        MemorySegment expected = TestMemory.zeros(n);
        MemorySegment actual = TestMemory.zeros(n);
        new ScalarLayerNorm().normalise(x, 0, 1e-6f, expected, 0, n);
        new VectorLayerNorm().normalise(x, 0, 1e-6f, actual, 0, n);
        // The mean is rounded to a float once: half of the last place of 4096, and a little from its sum.
        TestMemory.assertClose(expected, actual, 1e-5, 1e-3, "seed=" + SEED);
    }

    @Test
    void handlesBoundaries() {
        for (LayerNormKernel kernel : new LayerNormKernel[] {new VectorLayerNorm(), new ScalarLayerNorm()}) {
            int n = 2 * Vectors.LANES + 1;
            MemorySegment x = TestMemory.zeros(n);
            MemorySegment y = TestMemory.zeros(n);
            kernel.normalise(x, 0, 1e-6f, y, 0, n);
            TestMemory.assertSame(TestMemory.zeros(n), y, "zeros");
            for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
                Floats.set(x, n - 1, bad);
                kernel.normalise(x, 0, 1e-6f, y, 0, n);
                assertEquals(Float.NaN, Floats.get(y, n - 1), "value=" + bad);
            }
        }
    }

    @Test
    void normalisesRowsWithStrides() {
        Random random = new Random(SEED);
        int channels = 19;
        MemorySegment x = TestMemory.normal(random, 100, 1);
        MemorySegment weight = TestMemory.normal(random, channels, 1);
        MemorySegment y = TestMemory.zeros(100);
        LayerNorm.rows(x, 5, 23, weight, 0, weight, 0, 1e-6f, y, 1, 29, 3, channels);
        for (int r = 0; r < 3; r++) {
            MemorySegment expected = TestMemory.zeros(channels);
            LayerNorm.rows(x, 5 + 23L * r, 23, weight, 0, weight, 0, 1e-6f, expected, 0, channels, 1, channels);
            TestMemory.assertClose(
                    TestMemory.array(expected), TestMemory.array(y, 1 + 29L * r, channels), 0, 0, "row " + r);
        }
        assertEquals(0f, Floats.get(y, 1 + channels), "between rows");
    }

    @Test
    void shouldRefuseOperandsOutsideTheirMemory() {
        MemorySegment x = TestMemory.zeros(16);
        assertEquals(
                "layer norm: bias: outside its memory: offset=9, n=8, floats=16",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> LayerNorm.rows(x, 0, 8, x, 0, x, 9, 1e-6f, x, 0, 8, 2, 8))
                        .getMessage());
        assertEquals(
                "layer norm: x: on the heap: bytes=64",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> LayerNorm.rows(
                                        MemorySegment.ofArray(new float[16]), 0, 8, x, 0, x, 9, 1e-6f, x, 0, 8, 2, 8))
                        .getMessage());
    }
}
