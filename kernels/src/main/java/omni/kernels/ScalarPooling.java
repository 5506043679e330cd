package omni.kernels;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/** The definition. */
final class ScalarPooling implements PoolingKernel {
    @Override
    public float mean(MemorySegment x, long xOffset, @Nullable MemorySegment weights, long weightsOffset, int frames) {
        double sum = 0;
        for (int t = 0; t < frames; t++) {
            sum += weight(weights, weightsOffset + t, frames) * Floats.get(x, xOffset + t);
        }
        return (float) sum;
    }

    @Override
    public float variance(
            MemorySegment x,
            long xOffset,
            @Nullable MemorySegment weights,
            long weightsOffset,
            float mean,
            int frames) {
        double sum = 0;
        for (int t = 0; t < frames; t++) {
            double d = (double) Floats.get(x, xOffset + t) - mean;
            sum += weight(weights, weightsOffset + t, frames) * d * d;
        }
        return (float) sum;
    }

    private static double weight(@Nullable MemorySegment weights, long at, int frames) {
        return weights == null ? 1.0 / frames : Floats.get(weights, at);
    }
}
