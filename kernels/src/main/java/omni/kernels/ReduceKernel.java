package omni.kernels;

import java.lang.foreign.MemorySegment;

/** Implementations of {@link Reduce}. */
interface ReduceKernel {
    float max(MemorySegment x, long xOffset, int n);

    int argMax(MemorySegment x, long xOffset, int n);

    float sum(MemorySegment x, long xOffset, int n);

    float sumOfSquares(MemorySegment x, long xOffset, int n);
}
