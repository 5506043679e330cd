package omni.kernels;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * Matrix product with a weight matrix as it is stored: {@code Y[t,n] = sum over i of X[t,i] W[n,i] + b[n]}, X and Y in float32,
 * W[N,I] row-major in any {@link FloatFormat} and at any alignment.
 *
 * <p>A product has two steps, so that several weight matrices share the first and threads share both: {@link #pack} brings
 * X[T,I] into the order the kernel reads, {@link #multiply} computes output features {@code from} to {@code to}. Up to
 * {@link #STREAM_ROWS} rows the weights are streamed past X once, at the speed of memory; with more rows they are widened block
 * by block into cache and the product runs at the speed of arithmetic.
 *
 * <p>Each Y[t,n] is one sum over i in an order that depends only on I, on the weights' format and on whether T exceeds
 * {@link #STREAM_ROWS}: not on the other rows, and not on how the work was split.
 */
public final class MatMul {
    /** Up to this many rows of X the weights are streamed: one decode step, or a few in a batch. */
    public static final int STREAM_ROWS = 8;

    private static final MatMulKernel KERNEL = new ScalarMatMul();

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
    public record Weights(MemorySegment data, long byteOffset, FloatFormat format, int outputs, int inputs) {
        public Weights {
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

        /** Bytes before row {@code n}. */
        long rowByteOffset(int n) {
            return byteOffset + (long) n * inputs * format.bytes();
        }
    }

    private MatMul() {}

    /** Floats that {@link #pack} writes for X[rows, inputs]. */
    public static long packedSize(int rows, int inputs) {
        checkShape(rows, inputs);
        return KERNEL.packedSize(rows, inputs);
    }

    /** Number of independent pieces of {@link #pack}, for splitting it over threads. */
    public static int packUnits(int rows) {
        checkShape(rows, 0);
        return KERNEL.packUnits(rows);
    }

    /**
     * Brings X[rows, inputs] into the order that {@link #multiply} reads for weights of one format.
     *
     * @param x X, row t at {@code xOffset + t * xStride}
     * @param xOffset floats before X[0, 0]
     * @param xStride floats from one row to the next
     * @param rows positions T
     * @param inputs input features I
     * @param format of the weights
     * @param packed receives {@link #packedSize} floats; must not overlap X
     * @param packedOffset floats before them, a multiple of 16
     * @param from first of {@link #packUnits} pieces
     * @param to one past the last piece
     * @throws IllegalArgumentException if a piece does not lie within its memory
     */
    public static void pack(
            MemorySegment x,
            long xOffset,
            int xStride,
            int rows,
            int inputs,
            FloatFormat format,
            MemorySegment packed,
            long packedOffset,
            int from,
            int to) {
        checkShape(rows, inputs);
        if (xStride < inputs || !Checks.rows(x, xOffset, xStride, rows, inputs)) {
            throw new IllegalArgumentException("matmul: x=[" + rows + "," + inputs + "], offset=" + xOffset
                    + ", stride=" + xStride + ", bytes=" + x.byteSize());
        }
        checkPacked(packed, packedOffset, rows, inputs);
        if (from < 0 || to < from || to > KERNEL.packUnits(rows)) {
            throw new IllegalArgumentException(
                    "matmul: from=" + from + ", to=" + to + ", units=" + KERNEL.packUnits(rows));
        }
        KERNEL.pack(x, xOffset, xStride, rows, inputs, format, packed, packedOffset, from, to);
    }

    /** Floats of scratch that one call of {@link #multiply} needs. */
    public static int scratchSize(int rows, int inputs) {
        checkShape(rows, inputs);
        return KERNEL.scratchSize(rows, inputs);
    }

    /** Output features that a thread does well to claim at a time. */
    public static int grain(int rows, int inputs) {
        checkShape(rows, inputs);
        return KERNEL.grain(rows, inputs);
    }

    /**
     * Computes output features {@code from} (inclusive) to {@code to} (exclusive) of all rows: {@code Y[t,n] = X W^T + b}, or
     * {@code Y[t,n] += X W^T + b}.
     *
     * @param packed what {@link #pack} made of X for this format of weights
     * @param packedOffset floats before it
     * @param rows positions T
     * @param weights W[N,I]
     * @param bias b[N] in float32, or null
     * @param y Y, row t at {@code yOffset + t * yStride}; must not overlap the other operands
     * @param yOffset floats before Y[0, 0]
     * @param yStride floats from one row to the next
     * @param accumulate whether the product is added to what Y holds
     * @param from first output feature
     * @param to one past the last
     * @param scratch of this thread, {@link #scratchSize} floats, content undefined before and after
     * @param scratchOffset floats before it, a multiple of 16
     * @throws IllegalArgumentException if an operand does not lie within its memory
     */
    public static void multiply(
            MemorySegment packed,
            long packedOffset,
            int rows,
            Weights weights,
            @Nullable MemorySegment bias,
            MemorySegment y,
            long yOffset,
            int yStride,
            boolean accumulate,
            int from,
            int to,
            MemorySegment scratch,
            long scratchOffset) {
        int inputs = weights.inputs();
        checkShape(rows, inputs);
        checkPacked(packed, packedOffset, rows, inputs);
        if (from < 0 || to < from || to > weights.outputs()) {
            throw new IllegalArgumentException(
                    "matmul: from=" + from + ", to=" + to + ", w=[" + weights.outputs() + "," + inputs + "]");
        }
        if (yStride < to || !Checks.rows(y, yOffset, yStride, rows, to)) {
            throw new IllegalArgumentException("matmul: y=[" + rows + "," + to + "], offset=" + yOffset + ", stride="
                    + yStride + ", bytes=" + y.byteSize());
        }
        if (bias != null && !Checks.rows(bias, 0, to, 1, to)) {
            throw new IllegalArgumentException("matmul: bias=[" + to + "], bytes=" + bias.byteSize());
        }
        if (!Checks.rows(scratch, scratchOffset, 0, 1, KERNEL.scratchSize(rows, inputs))) {
            throw new IllegalArgumentException("matmul: scratch=" + KERNEL.scratchSize(rows, inputs) + ", offset="
                    + scratchOffset + ", bytes=" + scratch.byteSize());
        }
        KERNEL.multiply(
                packed,
                packedOffset,
                rows,
                weights,
                bias,
                y,
                yOffset,
                yStride,
                accumulate,
                from,
                to,
                scratch,
                scratchOffset);
    }

    private static void checkShape(int rows, int inputs) {
        if (rows < 0 || inputs < 0) {
            throw new IllegalArgumentException("matmul: x=[" + rows + "," + inputs + "]");
        }
    }

    private static void checkPacked(MemorySegment packed, long packedOffset, int rows, int inputs) {
        long size = KERNEL.packedSize(rows, inputs);
        if (packedOffset < 0 || packedOffset > packed.byteSize() / Float.BYTES - size) {
            throw new IllegalArgumentException(
                    "matmul: packed=" + size + ", offset=" + packedOffset + ", bytes=" + packed.byteSize());
        }
    }
}
