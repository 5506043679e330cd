package omni.kernels;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import java.util.function.IntUnaryOperator;
import omni.kernels.MatMul.Packed;
import omni.kernels.MatMul.Scratch;
import omni.kernels.MatMul.Weights;
import org.junit.jupiter.api.Test;

class CompactWeightsTest {
    private static final ValueLayout.OfShort I16 = ValueLayout.JAVA_SHORT_UNALIGNED;
    private static final MatMulKernel[] KERNELS = {new ScalarMatMul(), new VectorMatMul()};
    private static final int L = Vectors.LANES;

    /** Weights whose bits are given by their index, at an odd address. */
    private static Weights stored(int outputs, int inputs, IntUnaryOperator bits) {
        MemorySegment data = Arena.ofAuto().allocate(2L * outputs * inputs + 1, 64);
        for (int i = 0; i < outputs * inputs; i++) {
            data.set(I16, 1 + 2L * i, (short) bits.applyAsInt(i));
        }
        return new Weights(data, 1, FloatFormat.BF16, outputs, inputs);
    }

    private static int bf16(double value) {
        return Float.floatToRawIntBits((float) value) >>> 16;
    }

    private static Weights normal(Random random, int outputs, int inputs, double sigma) {
        return stored(outputs, inputs, i -> bf16(sigma * random.nextGaussian()));
    }

    private static CompactWeights compact(Weights stored) {
        CompactWeights compact = new CompactWeights(stored, L, Arena.ofAuto());
        // In two parts, the second first: panels are independent.
        int middle = compact.panels() / 2;
        compact.pack(stored, middle, compact.panels());
        compact.pack(stored, 0, middle);
        return compact;
    }

    private static float[] product(MatMulKernel kernel, MemorySegment x, int rows, WeightMatrix w, int step) {
        Packed packed = new Packed(kernel);
        packed.shape(rows, w);
        for (int unit = 0; unit < packed.units(); unit++) {
            MatMul.pack(x, 0, w.inputs(), packed, unit, unit + 1);
        }
        MemorySegment y = TestMemory.zeros((long) rows * w.outputs());
        Scratch scratch = new Scratch();
        for (int n = 0; n < w.outputs(); n += step) {
            int to = Math.min(n + step, w.outputs());
            MatMul.multiply(packed, w, null, y, 0, w.outputs(), false, n, to, scratch);
        }
        return y.toArray(ValueLayout.JAVA_FLOAT);
    }

    private static void assertSameWeights(Weights stored, CompactWeights compact) {
        for (int n = 0; n < stored.outputs(); n++) {
            for (int i = 0; i < stored.inputs(); i++) {
                int expected = Float.floatToRawIntBits(ScalarMatMul.weight(stored, n, i));
                int found = Float.floatToRawIntBits(ScalarMatMul.weight(compact, n, i));
                assertEquals(Integer.toHexString(expected), Integer.toHexString(found), "n=" + n + ", i=" + i);
            }
        }
    }

    @Test
    void keepsEveryBfloat16() {
        // Every row has all exponents but the 15 that it keeps in its list; NaN, infinities and subnormals are among
        // them.
        Weights all = stored(65536 / (32 * L), 32 * L, i -> i);
        CompactWeights compact = compact(all);
        assertSameWeights(all, compact);
        assertTrue(compact.listed() > 0);
        Weights scattered = stored(65536 / (32 * L), 32 * L, i -> i * 0x9e37);
        assertSameWeights(scattered, compact(scattered));
    }

    @Test
    void keepsNormalWeightsOfAnyScaleAndShapeAndListsFewOfThem() {
        int seed = 0;
        for (double sigma : new double[] {1e-38, 1e-5, 0.02, 1, 2000, 1e38}) {
            for (int outputs : new int[] {1, 7, 8, 9, 40}) {
                Weights w = normal(new Random(++seed), outputs, 12 * L, sigma);
                CompactWeights compact = compact(w);
                assertSameWeights(w, compact);
                if (sigma > 1e-30 && sigma < 1e4) {
                    assertTrue(compact.listed() <= 3, "sigma=" + sigma + ", listed=" + compact.listed());
                }
            }
        }
    }

    @Test
    void anOutlierDoesNotCostTheOthersTheirExponents() {
        Random random = new Random(2);
        Weights w = stored(8, 32 * L, i -> bf16(i % (32 * L) == 5 ? 900 : 0.01 * (1 + random.nextDouble())));
        CompactWeights compact = compact(w);
        assertEquals(8, compact.listed());
        assertSameWeights(w, compact);
    }

    @Test
    void takesThreeQuartersOfTheBytes() {
        assertEquals(4864L * 896 * 3 / 2, CompactWeights.bytes(4864, 896));
        assertEquals(16 * 64 * 3 / 2, CompactWeights.bytes(9, 64), "whole panels");
    }

    @Test
    void agreesWithDoublesAndWithTheStoredMatrix() {
        int seed = 20;
        for (MatMulKernel kernel : KERNELS) {
            for (int outputs : new int[] {1, 8, 23, 96, 203}) {
                for (int rows : new int[] {1, 2, 7, 8, 9, 3 * L + 1}) {
                    for (int inputs : new int[] {4 * L, 48 * L, 52 * L}) {
                        Random random = new Random(++seed);
                        Weights w = normal(random, outputs, inputs, 0.02);
                        CompactWeights compact = compact(w);
                        MemorySegment x = TestMemory.normal(random, (long) rows * inputs, 1);
                        float[] y = product(kernel, x, rows, compact, outputs);
                        String where = kernel + ", N=" + outputs + ", T=" + rows + ", I=" + inputs + ", seed=" + seed;
                        for (int t = 0; t < rows; t++) {
                            for (int n = 0; n < outputs; n++) {
                                double sum = 0;
                                double size = 1e-30;
                                for (int i = 0; i < inputs; i++) {
                                    double term = (double) Floats.get(x, (long) t * inputs + i)
                                            * ScalarMatMul.weight(w, n, i);
                                    sum += term;
                                    size += Math.abs(term);
                                }
                                assertTrue(Math.abs(y[t * outputs + n] - sum) <= 3e-7 * size, where);
                            }
                        }
                        // A stored matrix of fewer than 8 rows is summed in another order, and listed weights are added
                        // last.
                        if (rows > MatMul.STREAM_ROWS || (compact.listed() == 0 && outputs >= 8)) {
                            assertArrayEquals(product(kernel, x, rows, w, outputs), y, where);
                        }
                    }
                }
            }
        }
    }

    @Test
    void countsListedWeightsInEveryRowAndAmongManyRows() {
        int inputs = 52 * L;
        Random random = new Random(3);
        // A sixteenth of the weights is far from the others.
        Weights w = stored(203, inputs, i -> bf16(random.nextGaussian() * (random.nextInt(16) == 0 ? 1e-7 : 1)));
        CompactWeights compact = compact(w);
        assertTrue(compact.listed() > 203L * inputs / 20);
        assertSameWeights(w, compact);
        for (int rows : new int[] {1, 5, 30}) {
            MemorySegment x = TestMemory.normal(random, (long) rows * inputs, 1);
            // So large where the small weights are that these decide the sums.
            for (int i = 0; i < inputs; i++) {
                if (i % 3 > 0) {
                    Floats.set(x, i, Floats.get(x, i) * 1e-12f);
                }
            }
            float[] expected = product(KERNELS[0], x, rows, w, 203);
            float[] y = product(KERNELS[1], x, rows, compact, 203);
            for (int i = 0; i < y.length; i++) {
                assertEquals(expected[i], y[i], 3e-4, "rows=" + rows + ", i=" + i);
            }
        }
    }

    @Test
    void givesEachRowTheSameBitsWhateverTheOthersAndTheSplit() {
        int inputs = 28 * L;
        Random random = new Random(4);
        CompactWeights w = compact(normal(random, 107, inputs, 0.02));
        MemorySegment x = TestMemory.normal(random, 60L * inputs, 1);
        for (MatMulKernel kernel : KERNELS) {
            for (int most : new int[] {MatMul.STREAM_ROWS, 60}) {
                float[] whole = product(kernel, x, most, w, 107);
                for (int step : new int[] {1, 5, 8, 24, 40}) {
                    assertArrayEquals(whole, product(kernel, x, most, w, step), kernel + ", step=" + step);
                }
                for (int rows = most == 60 ? MatMul.STREAM_ROWS + 1 : 1; rows < most; rows++) {
                    float[] y = product(kernel, x, rows, w, 107);
                    for (int i = 0; i < y.length; i++) {
                        assertEquals(whole[i], y[i], kernel + ", rows=" + rows + ", i=" + i);
                    }
                }
            }
        }
    }

    @Test
    void sumsOfTinyAndHugeInputsStayExact() {
        Weights w = stored(8, 4 * L, i -> bf16(i % (4 * L) == 3 ? 0.0078125 : 0));
        CompactWeights compact = compact(w);
        for (float value : new float[] {1e-25f, 1, 1e9f}) {
            MemorySegment x = TestMemory.zeros(4L * L);
            Floats.set(x, 3, value);
            for (float y : product(KERNELS[1], x, 1, compact, 8)) {
                assertEquals(value * 0.0078125f, y);
            }
        }
    }

    @Test
    void refusesWhatItCannotHold() {
        Arena arena = Arena.ofAuto();
        Weights f16 = new Weights(arena.allocate(1024), 0, FloatFormat.F16, 1, 64);
        Weights narrow = new Weights(arena.allocate(1024), 0, FloatFormat.BF16, 2, 63);
        for (Weights w : new Weights[] {f16, narrow}) {
            assertFalse(CompactWeights.takes(w));
            assertThrows(IllegalArgumentException.class, () -> new CompactWeights(w, arena));
        }
        Weights first = new Weights(arena.allocate(1024), 0, FloatFormat.BF16, 2, 64);
        Weights other = new Weights(arena.allocate(1024), 0, FloatFormat.BF16, 3, 64);
        assertTrue(CompactWeights.takes(first));
        CompactWeights compact = new CompactWeights(first, arena);
        assertThrows(IllegalArgumentException.class, () -> compact.pack(other, 0, 1));
        Packed packed = new Packed();
        packed.shape(1, first);
        assertEquals(
                "matmul: x=[1,64] packed for BF16, w=[2,64] compact BF16",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> MatMul.multiply(
                                        packed, compact, null, arena.allocate(64), 0, 2, false, 0, 2, new Scratch()))
                        .getMessage());
    }
}
