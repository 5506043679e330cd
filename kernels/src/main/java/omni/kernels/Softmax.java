package omni.kernels;

import java.lang.foreign.MemorySegment;

/**
 * {@code y[t,i] = exp(x[t,i] - max_i x[t,i]) / sum_i exp(x[t,i] - max_i x[t,i])}. Entries of minus infinity become 0; a row of
 * nothing but minus infinity, or with a NaN or plus infinity in it, becomes NaN, as in the reference.
 */
public final class Softmax {
    private static final SoftmaxKernel KERNEL = KernelProvider.vector() ? new VectorSoftmax() : new ScalarSoftmax();

    private Softmax() {}

    /**
     * Rows [T,columns], in place.
     *
     * @param x rows; offset and stride in floats
     * @throws IllegalArgumentException if the rows do not lie inside their memory
     */
    public static void rows(MemorySegment x, long xOffset, int xStride, int rows, int columns) {
        Floats.checkRows("softmax: x", x, xOffset, xStride, rows, columns);
        if (columns == 0) {
            return;
        }
        for (int r = 0; r < rows; r++) {
            KERNEL.row(x, xOffset + (long) r * xStride, columns);
        }
    }
}
