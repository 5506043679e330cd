package omni.kernels;

import java.lang.foreign.MemorySegment;

/** What {@link Fft} offers, without its checks. */
interface FftKernel {
    void forward(
            FftPlan plan,
            MemorySegment x,
            long xOffset,
            int xStride,
            MemorySegment window,
            long windowOffset,
            MemorySegment y,
            long yOffset,
            int yStride,
            int frames);

    void power(
            FftPlan plan,
            MemorySegment x,
            long xOffset,
            int xStride,
            MemorySegment window,
            long windowOffset,
            MemorySegment y,
            long yOffset,
            int yStride,
            int frames);
}
