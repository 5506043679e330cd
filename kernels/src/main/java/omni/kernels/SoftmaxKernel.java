package omni.kernels;

import java.lang.foreign.MemorySegment;

/** One row of {@link Softmax}, of at least one column. */
interface SoftmaxKernel {
    void row(MemorySegment x, long xOffset, int columns);
}
