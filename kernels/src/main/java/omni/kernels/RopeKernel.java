package omni.kernels;

import java.lang.foreign.MemorySegment;

/** One row of {@link Rope}. */
interface RopeKernel {
    void halfSplit(
            MemorySegment x,
            long xOffset,
            int heads,
            int headDim,
            MemorySegment cos,
            MemorySegment sin,
            long tableOffset);

    void interleaved(
            MemorySegment x,
            long xOffset,
            int heads,
            int headDim,
            MemorySegment cos,
            MemorySegment sin,
            long tableOffset);
}
