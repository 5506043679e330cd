package omni.kernels;

import java.lang.foreign.MemorySegment;

/** One row of {@link RmsNorm}. */
interface RmsNormKernel {
    void row(
            MemorySegment x,
            long xOffset,
            MemorySegment weight,
            long weightOffset,
            float eps,
            MemorySegment y,
            long yOffset,
            int channels);
}
