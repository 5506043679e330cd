package omni.kernels;

import java.lang.foreign.MemorySegment;

/**
 * Reductions of n adjacent floats to one. The order of a sum depends on n and the vector width only, so equal inputs give equal bits.
 */
public final class Reduce {
    private static final ReduceKernel KERNEL = KernelProvider.vector() ? new VectorReduce() : new ScalarReduce();

    private Reduce() {}

    /** Largest value; NaN if there is one, minus infinity for n = 0. */
    public static float max(MemorySegment x, long xOffset, int n) {
        Floats.check("max: x", x, xOffset, n);
        return KERNEL.max(x, xOffset, n);
    }

    /**
     * Index of the largest value, the first one of several; a NaN counts as larger than every number.
     *
     * @throws IllegalArgumentException for n = 0
     */
    public static int argMax(MemorySegment x, long xOffset, int n) {
        Floats.check("argmax: x", x, xOffset, n);
        Floats.require(n > 0, "argmax: n=" + n);
        return KERNEL.argMax(x, xOffset, n);
    }

    /** Sum; 0 for n = 0. */
    public static float sum(MemorySegment x, long xOffset, int n) {
        Floats.check("sum: x", x, xOffset, n);
        return KERNEL.sum(x, xOffset, n);
    }

    /** Sum of squares; 0 for n = 0. */
    public static float sumOfSquares(MemorySegment x, long xOffset, int n) {
        Floats.check("sum of squares: x", x, xOffset, n);
        return KERNEL.sumOfSquares(x, xOffset, n);
    }
}
