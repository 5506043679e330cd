package omni.kernels;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import omni.kernels.MatMul.Packed;
import omni.kernels.MatMul.Scratch;
import omni.kernels.MatMul.Weights;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class MatMulTest {
    private static final ValueLayout.OfShort I16 = ValueLayout.JAVA_SHORT_UNALIGNED;
    private static final MatMulKernel[] KERNELS = {new ScalarMatMul(), new VectorMatMul()};

    /** A weight in its format, and the float it stands for. */
    private static void put(MemorySegment data, FloatFormat format, long byteOffset, long index, float value) {
        switch (format) {
            case F32 -> data.set(Floats.LAYOUT, byteOffset + 4 * index, value);
            case BF16 -> data.set(I16, byteOffset + 2 * index, (short) (Float.floatToRawIntBits(value) >>> 16));
            case F16 -> data.set(I16, byteOffset + 2 * index, Float.floatToFloat16(value));
        }
    }

    /** Normal weights at a byte offset that need not suit their type. */
    private static Weights weights(Random random, FloatFormat format, int outputs, int inputs, int byteOffset) {
        long n = (long) outputs * inputs;
        MemorySegment data = Arena.ofAuto().allocate(byteOffset + Math.max(n * format.bytes(), 1), 64);
        for (long i = 0; i < n; i++) {
            put(data, format, byteOffset, i, (float) random.nextGaussian());
        }
        return new Weights(data, byteOffset, format, outputs, inputs);
    }

    private record Input(MemorySegment data, long offset, int stride, int rows, int inputs) {
        static Input normal(Random random, int rows, int inputs) {
            int stride = inputs + 3;
            return new Input(TestMemory.normal(random, 5 + rows * stride, 1), 5, stride, rows, inputs);
        }

        float get(int t, int i) {
            return Floats.get(data, offset + (long) t * stride + i);
        }
    }

    /** Y[rows, outputs] of a kernel, computed in steps of {@code step} outputs into rows with a gap, which must stay as it is. */
    private static float[] product(
            MatMulKernel kernel, Input x, Weights w, @Nullable MemorySegment bias, float before, int step) {
        boolean accumulate = !Float.isNaN(before);
        Packed packed = new Packed(kernel);
        packed.shape(x.rows, x.inputs, w.format());
        for (int unit = 0; unit < packed.units(); unit++) {
            MatMul.pack(x.data, x.offset, x.stride, packed, unit, unit + 1);
        }
        int stride = w.outputs() + 2;
        MemorySegment y = TestMemory.zeros(7 + x.rows * stride);
        Elementwise.fill(y, 0, before, 7 + x.rows * stride);
        Scratch scratch = new Scratch();
        for (int n = 0; n < w.outputs(); n += step) {
            int to = Math.min(n + step, w.outputs());
            MatMul.multiply(packed, w, bias, y, 7, stride, accumulate, n, to, scratch);
        }
        float[] out = new float[x.rows * w.outputs()];
        for (int t = 0; t < x.rows; t++) {
            for (int n = 0; n < stride; n++) {
                float value = Floats.get(y, 7 + (long) t * stride + n);
                if (n < w.outputs()) {
                    out[t * w.outputs() + n] = value;
                } else {
                    assertEquals(before, value, "wrote beyond Y: t=" + t + ", n=" + n);
                }
            }
        }
        return out;
    }

    private static float[] product(MatMulKernel kernel, Input x, Weights w) {
        return product(kernel, x, w, null, Float.NaN, Math.max(w.outputs(), 1));
    }

    /** Largest error of any sum, relative to the sum of the magnitudes of its terms. */
    private static double error(Input x, Weights w, @Nullable MemorySegment bias, float before, float[] y) {
        double worst = 0;
        for (int t = 0; t < x.rows; t++) {
            for (int n = 0; n < w.outputs(); n++) {
                double sum = Float.isNaN(before) ? 0 : before;
                sum += bias == null ? 0 : Floats.get(bias, n);
                double size = Math.abs(sum) + 1e-30;
                for (int i = 0; i < x.inputs; i++) {
                    double term = (double) x.get(t, i) * ScalarMatMul.weight(w, n, i);
                    sum += term;
                    size += Math.abs(term);
                }
                worst = Math.max(worst, Math.abs(y[t * w.outputs() + n] - sum) / size);
            }
        }
        return worst;
    }

    @Test
    void agreesWithDoublesForAwkwardShapes() {
        int l = Vectors.LANES;
        int[] inputs = {0, 1, 2, l - 1, l, l + 1, 2 * l - 1, 2 * l, 2 * l + 1, 4 * l + 3, 207, 256, 257, 515};
        int[] rows = {0, 1, 2, 3, 4, 5, 7, 8, 9, l, l + 1, 2 * l, 3 * l, 3 * l + 1, 5 * l + 2};
        int[] outputs = {0, 1, 7, 8, 9, 23, 96, 97};
        int seed = 0;
        for (MatMulKernel kernel : KERNELS) {
            for (FloatFormat format : FloatFormat.values()) {
                for (int i : inputs) {
                    int t = rows[seed % rows.length];
                    int n = outputs[seed % outputs.length];
                    Random random = new Random(++seed);
                    Weights w = weights(random, format, n, i, seed % 4);
                    Input x = Input.normal(random, t, i);
                    MemorySegment bias = seed % 2 == 0 ? null : TestMemory.normal(random, n, 1);
                    float before = seed % 3 == 0 ? 1.5f : Float.NaN;
                    int step = seed % 5 == 0 ? 5 : Math.max(n, 1);
                    double error = error(x, w, bias, before, product(kernel, x, w, bias, before, step));
                    assertTrue(
                            error <= 3e-7,
                            kernel + ", " + format + ", T=" + t + ", N=" + n + ", I=" + i + ", seed=" + seed
                                    + ", error=" + error);
                }
            }
        }
        // Every number of rows and of outputs with every format, on one uneven number of inputs.
        for (FloatFormat format : FloatFormat.values()) {
            for (int t : rows) {
                for (int n : outputs) {
                    Random random = new Random(++seed);
                    Weights w = weights(random, format, n, 4 * l + 3, 1);
                    Input x = Input.normal(random, t, 4 * l + 3);
                    double error = error(x, w, null, Float.NaN, product(KERNELS[1], x, w));
                    assertTrue(error <= 3e-7, format + ", T=" + t + ", N=" + n + ", seed=" + seed + ", error=" + error);
                }
            }
        }
    }

    /**
     * The accuracy stated in {@link MatMul}: the largest error of 5000 sums of 4098 terms, relative to the sum of the terms'
     * magnitudes. A sum term after term loses most; lanes, and blocks of 256, are sums of partial sums.
     */
    @Test
    void isAsAccurateAsStated() {
        Random random = new Random(11);
        Weights w = weights(random, FloatFormat.BF16, 250, 4098, 0);
        Input few = Input.normal(random, 4, 4098);
        Input many = Input.normal(random, 20, 4098);
        assertTrue(error(many, w, null, Float.NaN, product(KERNELS[0], many, w)) <= 3e-7);
        double streamed = error(few, w, null, Float.NaN, product(KERNELS[1], few, w));
        assertTrue(streamed <= 1.2e-7, "streamed=" + streamed);
        double blocked = error(many, w, null, Float.NaN, product(KERNELS[1], many, w));
        assertTrue(blocked <= 6e-8, "blocked=" + blocked);
    }

    @Test
    void givesEachRowTheSameBitsWhateverTheOthersAndTheSplit() {
        for (MatMulKernel kernel : KERNELS) {
            for (FloatFormat format : FloatFormat.values()) {
                Random random = new Random(12);
                Weights w = weights(random, format, 107, 531, 3);
                for (int[] batch : new int[][] {{1, MatMul.STREAM_ROWS}, {MatMul.STREAM_ROWS + 1, 100}}) {
                    Input x = Input.normal(random, batch[1], 531);
                    float[] whole = product(kernel, x, w);
                    for (int step : new int[] {1, 8, 24, 40}) {
                        assertArrayEquals(
                                whole,
                                product(kernel, x, w, null, Float.NaN, step),
                                kernel + ", " + format + ", step=" + step);
                    }
                    for (int rows = batch[0]; rows < batch[1]; rows++) {
                        Input part = new Input(x.data, x.offset, x.stride, rows, 531);
                        float[] y = product(kernel, part, w);
                        for (int i = 0; i < y.length; i++) {
                            assertEquals(whole[i], y[i], kernel + ", " + format + ", rows=" + rows + ", i=" + i);
                        }
                    }
                }
            }
        }
    }

    /** Each weight in turn meets a one and the others nothing: what comes out is the weight itself. */
    @Test
    void readsEveryHalfAndBfloat16Exactly() {
        int inputs = 2 * Vectors.LANES + 3;
        for (FloatFormat format : new FloatFormat[] {FloatFormat.BF16, FloatFormat.F16}) {
            MemorySegment data = Arena.ofAuto().allocate(65536L * inputs * 2, 64);
            for (int column : new int[] {0, 1, Vectors.LANES + 2, inputs - 1}) {
                data.fill((byte) 0);
                for (int n = 0; n < 65536; n++) {
                    data.setAtIndex(I16, (long) n * inputs + column, (short) n);
                }
                Weights w = new Weights(data, 0, format, 65536, inputs);
                for (int rows : new int[] {1, 2, 4, 9}) {
                    MemorySegment x = TestMemory.zeros((long) rows * inputs);
                    for (int t = 0; t < rows; t++) {
                        Floats.set(x, (long) t * inputs + column, 1);
                    }
                    float[] y = product(KERNELS[1], new Input(x, 0, inputs, rows, inputs), w);
                    for (int i = 0; i < y.length; i++) {
                        short bits = (short) (i % 65536);
                        float expected = format == FloatFormat.BF16
                                ? Float.intBitsToFloat(bits << 16)
                                : Float.float16ToFloat(bits);
                        // A sum that begins with zero gives +0 for -0.
                        assertEquals(
                                expected + 0f, y[i], format + ", rows=" + rows + ", bits=" + Integer.toHexString(i));
                    }
                }
            }
        }
    }

    @Test
    void keepsNanAndInfinityToTheirRowAndColumn() {
        Random random = new Random(13);
        for (FloatFormat format : FloatFormat.values()) {
            for (int rows : new int[] {1, 3, 8, 30}) {
                Weights w = weights(random, format, 40, 70, 2);
                Input x = Input.normal(random, rows, 70);
                float[] expected = product(KERNELS[1], x, w);
                put(w.data(), format, 2, 11 * 70 + 69, Float.NaN);
                put(w.data(), format, 2, 39 * 70 + 3, Float.POSITIVE_INFINITY);
                Floats.set(x.data, x.offset + (rows - 1L) * x.stride, Float.NEGATIVE_INFINITY);
                float[] scalar = product(KERNELS[0], x, w);
                float[] y = product(KERNELS[1], x, w);
                for (int i = 0; i < y.length; i++) {
                    boolean touched = i % 40 == 11 || i % 40 == 39 || i / 40 == rows - 1;
                    assertEquals(
                            touched ? scalar[i] : expected[i],
                            y[i],
                            format + ", rows=" + rows + ", i=" + i + ", seed=13");
                }
            }
        }
    }

    @Test
    void addsToWhatIsThereInOneStepMore() {
        Random random = new Random(14);
        Weights w = weights(random, FloatFormat.BF16, 33, 64, 0);
        MemorySegment bias = TestMemory.normal(random, 33, 1);
        for (MatMulKernel kernel : KERNELS) {
            for (int rows : new int[] {1, 12}) {
                Input x = Input.normal(random, rows, 64);
                float[] plain = product(kernel, x, w, bias, Float.NaN, 33);
                float[] added = product(kernel, x, w, bias, 2.25f, 33);
                for (int i = 0; i < plain.length; i++) {
                    assertEquals(2.25f + plain[i], added[i], kernel + ", i=" + i);
                }
            }
        }
    }

    @Test
    void canBeUsedAgainWithOtherShapes() {
        Random random = new Random(15);
        Scratch scratch = new Scratch();
        for (MatMulKernel kernel : KERNELS) {
            Packed packed = new Packed(kernel);
            for (int rows : new int[] {40, 1, 25, 8}) {
                Weights w = weights(random, FloatFormat.F32, 30, 300 - rows, 0);
                Input x = Input.normal(random, rows, 300 - rows);
                packed.shape(rows, x.inputs, FloatFormat.F32);
                MatMul.pack(x.data, x.offset, x.stride, packed, 0, packed.units());
                MemorySegment y = TestMemory.zeros(rows * 30L);
                MatMul.multiply(packed, w, null, y, 0, 30, false, 0, 30, scratch);
                float[] expected = product(kernel, x, w);
                assertArrayEquals(expected, y.toArray(ValueLayout.JAVA_FLOAT), kernel + ", rows=" + rows);
            }
        }
        assertTrue(scratch.bytes() > 0);
    }

    @Test
    void holdsWhatItSaid() {
        for (int rows : new int[] {1, 8, 9, 100}) {
            Packed packed = new Packed();
            packed.shape(rows, 77, FloatFormat.BF16);
            assertEquals(MatMul.packedBytes(rows, 77), packed.bytes());
            Scratch scratch = new Scratch();
            scratch.reserve(rows);
            assertEquals(MatMul.scratchBytes(rows), scratch.bytes());
            Random random = new Random(16);
            Weights w = weights(random, FloatFormat.BF16, 200, 77, 0);
            MatMul.pack(TestMemory.normal(random, rows * 77L, 1), 0, 77, packed, 0, packed.units());
            MatMul.multiply(packed, w, null, TestMemory.zeros(rows * 200L), 0, 200, false, 0, 200, scratch);
            assertEquals(MatMul.scratchBytes(rows), scratch.bytes(), "a product within the reserve does not allocate");
        }
    }

    @Test
    void claimsAreWholeUnits() {
        for (int rows : new int[] {1, 8, 9, 512}) {
            for (int inputs : new int[] {0, 1, 2048, 1 << 24}) {
                assertTrue(MatMul.unit(rows) >= 1 && MatMul.grain(rows, inputs) >= 1, "T=" + rows + ", I=" + inputs);
            }
        }
    }

    private static String refusal(Runnable call) {
        return String.valueOf(
                assertThrows(IllegalArgumentException.class, call::run).getMessage());
    }

    @Test
    void refusesOperandsOnTheHeap() {
        MemorySegment memory = TestMemory.zeros(64);
        MemorySegment heap = MemorySegment.ofArray(new float[64]);
        assertEquals(
                "matmul: weights: on the heap: bytes=256", refusal(() -> new Weights(heap, 0, FloatFormat.F32, 3, 8)));
        Packed packed = new Packed();
        packed.shape(4, 8, FloatFormat.F32);
        assertEquals(
                "matmul: x: on the heap: bytes=256", refusal(() -> MatMul.pack(heap, 0, 8, packed, 0, packed.units())));
        Weights w = new Weights(memory, 0, FloatFormat.F32, 3, 8);
        Scratch scratch = new Scratch();
        assertEquals(
                "matmul: y: on the heap: bytes=256",
                refusal(() -> MatMul.multiply(packed, w, null, heap, 0, 3, false, 0, 3, scratch)));
        assertEquals(
                "matmul: bias: on the heap: bytes=256",
                refusal(() -> MatMul.multiply(packed, w, heap, memory, 0, 3, false, 0, 3, scratch)));
    }

    @Test
    void refusesOperandsThatDoNotFit() {
        MemorySegment memory = TestMemory.zeros(64);
        assertEquals(
                "weights: shape=[5,13], format=F32, byteOffset=0, bytes=256",
                refusal(() -> new Weights(memory, 0, FloatFormat.F32, 5, 13)));
        assertEquals(
                "weights: shape=[2147483647,2147483647], format=F32, byteOffset=1, bytes=256",
                refusal(() -> new Weights(memory, 1, FloatFormat.F32, Integer.MAX_VALUE, Integer.MAX_VALUE)));
        Packed packed = new Packed();
        assertEquals(
                "matmul: x=[2147483647,2147483647]; pack fewer rows at a time",
                refusal(() -> packed.shape(Integer.MAX_VALUE, Integer.MAX_VALUE, FloatFormat.F32)));
        packed.shape(4, 8, FloatFormat.F32);
        assertEquals(
                "matmul: x=[4,8], offset=35, stride=8, bytes=256",
                refusal(() -> MatMul.pack(memory, 35, 8, packed, 0, packed.units())));
        assertEquals(
                "matmul: x=[4,8], offset=0, stride=7, bytes=256",
                refusal(() -> MatMul.pack(memory, 0, 7, packed, 0, packed.units())));
        MatMul.pack(memory, 0, 8, packed, 0, packed.units());
        Weights w = new Weights(memory, 0, FloatFormat.F32, 3, 8);
        Scratch scratch = new Scratch();
        assertEquals(
                "matmul: x=[4,8] packed for F32, w=[3,9] F32",
                refusal(() -> MatMul.multiply(
                        packed,
                        new Weights(memory, 0, FloatFormat.F32, 3, 9),
                        null,
                        memory,
                        0,
                        3,
                        false,
                        0,
                        3,
                        scratch)));
        assertEquals(
                "matmul: x=[4,8] packed for F32, w=[3,8] BF16",
                refusal(() -> MatMul.multiply(
                        packed,
                        new Weights(memory, 0, FloatFormat.BF16, 3, 8),
                        null,
                        memory,
                        0,
                        3,
                        false,
                        0,
                        3,
                        scratch)));
        assertEquals(
                "matmul: from=0, to=4, w=[3,8]",
                refusal(() -> MatMul.multiply(packed, w, null, memory, 0, 4, false, 0, 4, scratch)));
        assertEquals(
                "matmul: y=[4,3], offset=53, stride=3, bytes=256",
                refusal(() -> MatMul.multiply(packed, w, null, memory, 53, 3, false, 0, 3, scratch)));
        assertEquals(
                "matmul: bias=[3], bytes=8",
                refusal(() -> MatMul.multiply(packed, w, TestMemory.zeros(2), memory, 0, 3, false, 0, 3, scratch)));
    }
}
