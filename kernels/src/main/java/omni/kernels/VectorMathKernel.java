package omni.kernels;

import java.lang.foreign.MemorySegment;

/** Implementations of {@link VectorMath}. */
interface VectorMathKernel {
    void exp(MemorySegment x, long xOffset, MemorySegment y, long yOffset, int n);

    void sin(MemorySegment x, long xOffset, MemorySegment y, long yOffset, int n);

    void cos(MemorySegment x, long xOffset, MemorySegment y, long yOffset, int n);

    void log(MemorySegment x, long xOffset, MemorySegment y, long yOffset, int n);

    void tanh(MemorySegment x, long xOffset, MemorySegment y, long yOffset, int n);
}
