package omni.kernels;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * Statistics of channels over time: for every row of x[C,T] the mean {@code m = sum_t w[t] x[t]} and the deviation
 * {@code s = sqrt(max(sum_t w[t] (x[t] - m)^2, floor))}, where the weights of a row sum to 1.
 *
 * <p>Okabe, Koshinaka and Shinoda, "Attentive Statistics Pooling for Deep Speaker Embedding" (2018), equations 3 to 6; with a set of
 * weights for every channel in Desplanques, Thienpondt and Demuynck, "ECAPA-TDNN" (2020), section 2.2.
 *
 * <p>Relative error of both below 2e-6 for values whose deviation is of the size of their mean. A row's result depends on that row alone.
 */
public final class Pooling {
    private static final PoolingKernel KERNEL = KernelProvider.vector() ? new VectorPooling() : new ScalarPooling();

    private Pooling() {}

    /**
     * Means and deviations of rows.
     *
     * @param x rows [C,T]; offset and stride in floats
     * @param weights rows [C,T] that sum to 1 each, or null for 1/T everywhere
     * @param channels C
     * @param frames T, at least 1
     * @param floor below which a variance is not taken
     * @param mean [C], written; must not overlap an input
     * @param deviation [C], written; must not overlap an input
     * @throws IllegalArgumentException if there is no frame, or an operand does not lie inside its memory
     */
    public static void statistics(
            MemorySegment x,
            long xOffset,
            int xStride,
            @Nullable MemorySegment weights,
            long weightsOffset,
            int weightsStride,
            int channels,
            int frames,
            float floor,
            MemorySegment mean,
            long meanOffset,
            MemorySegment deviation,
            long deviationOffset) {
        Floats.require(frames > 0, "pooling: frames=" + frames);
        Floats.checkRows("pooling: x", x, xOffset, xStride, channels, frames);
        if (weights != null) {
            Floats.checkRows("pooling: weights", weights, weightsOffset, weightsStride, channels, frames);
        }
        Floats.check("pooling: mean", mean, meanOffset, channels);
        Floats.check("pooling: deviation", deviation, deviationOffset, channels);
        for (int c = 0; c < channels; c++) {
            long row = xOffset + (long) c * xStride;
            long weightsRow = weightsOffset + (long) c * weightsStride;
            float m = KERNEL.mean(x, row, weights, weightsRow, frames);
            float variance = KERNEL.variance(x, row, weights, weightsRow, m, frames);
            Floats.set(mean, meanOffset + c, m);
            Floats.set(deviation, deviationOffset + c, (float) Math.sqrt(Math.max(variance, floor)));
        }
    }
}
