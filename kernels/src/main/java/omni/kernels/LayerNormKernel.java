package omni.kernels;

import java.lang.foreign.MemorySegment;

/** One row of {@link LayerNorm}. */
interface LayerNormKernel {
    /** {@code y = (x - mean) / sqrt(var + eps)}. */
    void normalise(MemorySegment x, long xOffset, float eps, MemorySegment y, long yOffset, int channels);

    /** {@code y = y * (plus + weight)}. */
    void scale(MemorySegment y, long yOffset, MemorySegment weight, long weightOffset, float plus, int channels);
}
