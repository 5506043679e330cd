package omni.kernels;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * Matrix product with a weight matrix: {@code Y[t,n] = sum over i of X[t,i] W[n,i] + b[n]}, X and Y in float32, W[N,I] as it is stored,
 * row-major in any {@link FloatFormat} and at any alignment, or {@linkplain CompactWeights compact}.
 *
 * <p>A product has two steps, so that several weight matrices share the first and threads share both: {@link #pack} brings
 * X[T,I] into the order the kernel reads, {@link #multiply} computes output features {@code from} to {@code to}. Up to
 * {@link #STREAM_ROWS} rows the weights are streamed past X, at the speed of memory; with more rows they are widened block by
 * block into cache and the product runs at the speed of arithmetic.
 *
 * <p>Each Y[t,n] is one sum over i in an order that depends only on the shape and format of the weights, on the kernels chosen
 * and on whether T exceeds {@link #STREAM_ROWS}, and for compact weights on which of a row are listed: not on the other rows, and not on
 * how the work was split.
 */
public final class MatMul {
    /** Up to this many rows of X the weights are streamed: one decode step, or a few in a batch. */
    public static final int STREAM_ROWS = 8;

    private static final MatMulKernel KERNEL = KernelProvider.vector() ? new VectorMatMul() : new ScalarMatMul();

    /**
     * A weight matrix W[N,I], row-major, where it lies. Construction raises {@link IllegalArgumentException} if that is not
     * within {@code data}.
     *
     * @param data memory that holds it, at any alignment
     * @param byteOffset bytes before element [0, 0]
     * @param format of the elements
     * @param outputs output features N
     * @param inputs input features I
     */
    public record Weights(MemorySegment data, long byteOffset, FloatFormat format, int outputs, int inputs)
            implements WeightMatrix {
        public Weights {
            Floats.checkOffHeap("matmul: weights", data);
            if (outputs < 0 || inputs < 0 || byteOffset < 0 || !fits(data, byteOffset, format, outputs, inputs)) {
                throw new IllegalArgumentException("weights: shape=[" + outputs + "," + inputs + "], format=" + format
                        + ", byteOffset=" + byteOffset + ", bytes=" + data.byteSize());
            }
        }

        private static boolean fits(MemorySegment data, long byteOffset, FloatFormat format, int outputs, int inputs) {
            // (2^31)^2 elements of 4 bytes would overflow a long: compare in elements.
            return byteOffset <= data.byteSize()
                    && (long) outputs * inputs <= (data.byteSize() - byteOffset) / format.bytes();
        }

        /** Bytes of one row. */
        long rowBytes() {
            return (long) inputs * format.bytes();
        }

        /** Bytes before row {@code n}. */
        long rowByteOffset(int n) {
            return byteOffset + n * rowBytes();
        }
    }

    /**
     * X[T,I] in the order that a kernel reads; reused from product to product. It lies on the Java heap because C2 removes every
     * bounds check from loops over arrays, but not from loops over segments.
     */
    public static final class Packed {
        private final MatMulKernel kernel;
        float[] data = {};
        int rows;
        int inputs;
        FloatFormat format = FloatFormat.F32;
        boolean compact;

        public Packed() {
            this(KERNEL);
        }

        Packed(MatMulKernel kernel) {
            this.kernel = kernel;
        }

        /**
         * Takes the shape of the next product and grows if need be; the content is undefined until all pieces are packed.
         *
         * @param rows positions T
         * @param inputs input features I
         * @param format of the weights that X will be multiplied with
         * @throws IllegalArgumentException if a size is negative or X is too large to be packed as a whole
         */
        public void shape(int rows, int inputs, FloatFormat format) {
            shape(rows, inputs, format, false);
        }

        /**
         * Takes the shape of the next product, as the other {@code shape} does.
         *
         * @param rows positions T
         * @param weights one of the matrices that X will be multiplied with; the others have the same inputs and {@linkplain
         *     MatMul#shareInput share} what is packed
         * @throws IllegalArgumentException if a size is negative or X is too large to be packed as a whole
         */
        public void shape(int rows, WeightMatrix weights) {
            shape(rows, weights.inputs(), weights.format(), isCompact(weights));
        }

        private void shape(int rows, int inputs, FloatFormat format, boolean compact) {
            int size = packedSize(kernel, rows, inputs);
            if (data.length < size) {
                data = new float[size];
            }
            this.rows = rows;
            this.inputs = inputs;
            this.format = format;
            this.compact = compact;
        }

        boolean suits(WeightMatrix weights) {
            return inputs == weights.inputs() && format == weights.format() && compact == isCompact(weights);
        }

        /** Number of independent pieces of {@link MatMul#pack}, for splitting it over threads. */
        public int units() {
            return kernel.packUnits(rows);
        }

        /** Bytes held. */
        public long bytes() {
            return (long) data.length * Float.BYTES;
        }
    }

    /** What one thread needs while it multiplies: widened weights and partial results. Grows as asked. */
    public static final class Scratch {
        private float[] weights = {};
        private float[] sums = {};

        /**
         * Grows to what a product of these sizes needs.
         *
         * @param rows positions T
         */
        public void reserve(int rows) {
            weights(KERNEL.scratchWeights(rows));
            sums(KERNEL.scratchSums(rows));
        }

        float[] weights(int size) {
            if (weights.length < size) {
                weights = new float[size];
            }
            return weights;
        }

        float[] sums(int size) {
            if (sums.length < size) {
                sums = new float[size];
            }
            return sums;
        }

        /** Bytes held. */
        public long bytes() {
            return ((long) weights.length + sums.length) * Float.BYTES;
        }
    }

    private MatMul() {}

    private static int packedSize(MatMulKernel kernel, int rows, int inputs) {
        long size = rows < 0 || inputs < 0 ? -1 : kernel.packedSize(rows, inputs);
        if (size < 0 || size > Integer.MAX_VALUE - 64) {
            throw new IllegalArgumentException("matmul: x=[" + rows + "," + inputs + "]; pack fewer rows at a time");
        }
        return (int) size;
    }

    static int lanes() {
        return KERNEL.lanes();
    }

    /** Whether X is packed alike for two matrices. */
    public static boolean shareInput(WeightMatrix a, WeightMatrix b) {
        return a.inputs() == b.inputs() && a.format() == b.format() && isCompact(a) == isCompact(b);
    }

    private static boolean isCompact(WeightMatrix weights) {
        return weights instanceof CompactWeights;
    }

    /** Bytes that a {@link Packed} X[rows, inputs] holds. */
    public static long packedBytes(int rows, int inputs) {
        return (long) packedSize(KERNEL, rows, inputs) * Float.BYTES;
    }

    private static String name(FloatFormat format, boolean compact) {
        return compact ? "compact " + format : format.toString();
    }

    /** Bytes that a {@link Scratch} holds for products of {@code rows} rows. */
    public static long scratchBytes(int rows) {
        return ((long) KERNEL.scratchWeights(rows) + KERNEL.scratchSums(rows)) * Float.BYTES;
    }

    /**
     * Packs pieces {@code from} (inclusive) to {@code to} (exclusive) of X.
     *
     * @param x X[T,I], row t at {@code xOffset + t * xStride}
     * @param xOffset floats before X[0, 0]
     * @param xStride floats from one row to the next
     * @param packed receives X; has its shape already
     * @param from first of {@link Packed#units} pieces
     * @param to one past the last piece
     * @throws IllegalArgumentException if X does not lie within its memory, or lies on the Java heap
     */
    public static void pack(MemorySegment x, long xOffset, int xStride, Packed packed, int from, int to) {
        int rows = packed.rows;
        int inputs = packed.inputs;
        Floats.checkOffHeap("matmul: x", x);
        if (xStride < inputs || !Checks.rows(x, xOffset, xStride, rows, inputs)) {
            throw new IllegalArgumentException("matmul: x=[" + rows + "," + inputs + "], offset=" + xOffset
                    + ", stride=" + xStride + ", bytes=" + x.byteSize());
        }
        if (from < 0 || to < from || to > packed.units()) {
            throw new IllegalArgumentException("matmul: from=" + from + ", to=" + to + ", units=" + packed.units());
        }
        packed.kernel.pack(x, xOffset, xStride, packed, from, to);
    }

    /**
     * Output features of the smallest piece of work: multiples of it make the best use of registers.
     *
     * @param rows positions T
     */
    public static int unit(int rows) {
        return KERNEL.unit(rows);
    }

    /**
     * Most units that a thread does well to claim at a time: as many as one pass over X serves.
     *
     * @param rows positions T
     * @param inputs input features I
     */
    public static int grain(int rows, int inputs) {
        return KERNEL.grain(rows, inputs);
    }

    /**
     * Computes output features {@code from} (inclusive) to {@code to} (exclusive) of all rows: {@code Y[t,n] = X W^T + b}, or
     * {@code Y[t,n] += X W^T + b}.
     *
     * @param packed X, packed for the format of these weights
     * @param weights W[N,I]
     * @param bias b[N] in float32, or null
     * @param y Y[T,N], row t at {@code yOffset + t * yStride}; must not overlap the weights
     * @param yOffset floats before Y[0, 0]
     * @param yStride floats from one row to the next
     * @param accumulate whether the product is added to what Y holds
     * @param from first output feature
     * @param to one past the last
     * @param scratch of this thread
     * @throws IllegalArgumentException if shapes do not fit, or if an operand does not lie within its memory or lies on the Java heap
     */
    public static void multiply(
            Packed packed,
            WeightMatrix weights,
            @Nullable MemorySegment bias,
            MemorySegment y,
            long yOffset,
            int yStride,
            boolean accumulate,
            int from,
            int to,
            Scratch scratch) {
        int rows = packed.rows;
        Floats.checkOffHeap("matmul: y", y);
        if (!packed.suits(weights)) {
            throw new IllegalArgumentException("matmul: x=[" + rows + "," + packed.inputs + "] packed for "
                    + name(packed.format, packed.compact) + ", w=[" + weights.outputs() + "," + weights.inputs() + "] "
                    + name(weights.format(), isCompact(weights)));
        }
        if (from < 0 || to < from || to > weights.outputs()) {
            throw new IllegalArgumentException(
                    "matmul: from=" + from + ", to=" + to + ", w=[" + weights.outputs() + "," + weights.inputs() + "]");
        }
        if (yStride < to || !Checks.rows(y, yOffset, yStride, rows, to)) {
            throw new IllegalArgumentException("matmul: y=[" + rows + "," + to + "], offset=" + yOffset + ", stride="
                    + yStride + ", bytes=" + y.byteSize());
        }
        if (bias != null) {
            Floats.checkOffHeap("matmul: bias", bias);
            if (!Checks.rows(bias, 0, to, 1, to)) {
                throw new IllegalArgumentException("matmul: bias=[" + to + "], bytes=" + bias.byteSize());
            }
        }
        packed.kernel.multiply(packed, weights, bias, y, yOffset, yStride, accumulate, from, to, scratch);
    }
}
