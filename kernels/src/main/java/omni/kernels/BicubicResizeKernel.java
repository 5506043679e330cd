package omni.kernels;

import java.lang.foreign.MemorySegment;

/** One row each of what {@link BicubicResize} offers, without its checks. */
interface BicubicResizeKernel {
    void horizontal(MemorySegment x, long xOffset, ResizeTaps taps, int channels, MemorySegment y, long yOffset);

    void vertical(
            MemorySegment x,
            long xOffset,
            int xStride,
            ResizeTaps taps,
            int row,
            int columns,
            MemorySegment y,
            long yOffset);

    void horizontalFloats(MemorySegment x, long xOffset, ResizeTaps taps, int channels, MemorySegment y, long yOffset);

    void verticalFloats(
            MemorySegment x,
            long xOffset,
            int xStride,
            ResizeTaps taps,
            int row,
            int columns,
            MemorySegment y,
            long yOffset);
}
