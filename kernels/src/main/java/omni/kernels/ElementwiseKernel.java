package omni.kernels;

import java.lang.foreign.MemorySegment;

/** Implementations of {@link Elementwise}. */
interface ElementwiseKernel {
    void add(MemorySegment a, long aOffset, MemorySegment b, long bOffset, MemorySegment y, long yOffset, int n);

    void mul(MemorySegment a, long aOffset, MemorySegment b, long bOffset, MemorySegment y, long yOffset, int n);

    void addMul(MemorySegment a, long aOffset, MemorySegment b, long bOffset, MemorySegment y, long yOffset, int n);

    void scale(MemorySegment x, long xOffset, float factor, MemorySegment y, long yOffset, int n);

    void axpy(float factor, MemorySegment x, long xOffset, MemorySegment y, long yOffset, int n);

    void fill(MemorySegment y, long yOffset, float value, int n);
}
