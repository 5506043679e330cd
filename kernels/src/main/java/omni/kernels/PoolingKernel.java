package omni.kernels;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/** Moments of one row for {@link Pooling}; arguments are already checked. */
interface PoolingKernel {
    /** {@code sum_t w[t] x[t]}, or the mean where {@code weights} is null. */
    float mean(MemorySegment x, long xOffset, @Nullable MemorySegment weights, long weightsOffset, int frames);

    /** {@code sum_t w[t] (x[t] - mean)^2}, or the mean of the squares where {@code weights} is null. */
    float variance(
            MemorySegment x, long xOffset, @Nullable MemorySegment weights, long weightsOffset, float mean, int frames);
}
