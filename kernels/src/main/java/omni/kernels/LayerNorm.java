package omni.kernels;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * Layer normalisation: {@code n[t,c] = (x[t,c] - mean_c) / sqrt(var_c + eps)} with the population variance of the row, then
 * {@code y = n * weight + bias} or {@code y = n * (1 + scale) + shift}.
 *
 * <p>Ba, Kiros and Hinton, "Layer Normalization" (2016), section 3; the second form is the adaptive one of Peebles and Xie, "Scalable
 * Diffusion Models with Transformers" (2023), section 3.2.
 */
public final class LayerNorm {
    private static final LayerNormKernel KERNEL =
            KernelProvider.vector() ? new VectorLayerNorm() : new ScalarLayerNorm();

    private LayerNorm() {}

    /**
     * Normalises rows [T,C]. {@code y} may be {@code x} itself with the same offset and stride; other overlap is not allowed.
     *
     * @param x input [T,C]; offset and stride in floats
     * @param weight [C], null for ones
     * @param bias [C], null for zeros
     * @param eps added to the variance
     * @param y output [T,C]
     * @param rows T
     * @param channels C
     * @throws IllegalArgumentException if an operand does not lie inside its memory
     */
    public static void rows(
            MemorySegment x,
            long xOffset,
            int xStride,
            @Nullable MemorySegment weight,
            long weightOffset,
            @Nullable MemorySegment bias,
            long biasOffset,
            float eps,
            MemorySegment y,
            long yOffset,
            int yStride,
            int rows,
            int channels) {
        run(x, xOffset, xStride, weight, weightOffset, 0, bias, biasOffset, eps, y, yOffset, yStride, rows, channels);
    }

    /**
     * Normalises rows [T,C] and applies {@code scale} and {@code shift}, the same for all rows: {@code y = n * (1 + scale) + shift}.
     * {@code y} may be {@code x} itself with the same offset and stride; other overlap is not allowed.
     *
     * @param scale [C]
     * @param shift [C]
     * @throws IllegalArgumentException if an operand does not lie inside its memory
     */
    public static void adaptive(
            MemorySegment x,
            long xOffset,
            int xStride,
            MemorySegment scale,
            long scaleOffset,
            MemorySegment shift,
            long shiftOffset,
            float eps,
            MemorySegment y,
            long yOffset,
            int yStride,
            int rows,
            int channels) {
        run(x, xOffset, xStride, scale, scaleOffset, 1, shift, shiftOffset, eps, y, yOffset, yStride, rows, channels);
    }

    private static void run(
            MemorySegment x,
            long xOffset,
            int xStride,
            @Nullable MemorySegment weight,
            long weightOffset,
            float weightPlus,
            @Nullable MemorySegment bias,
            long biasOffset,
            float eps,
            MemorySegment y,
            long yOffset,
            int yStride,
            int rows,
            int channels) {
        Floats.checkRows("layer norm: x", x, xOffset, xStride, rows, channels);
        Floats.checkRows("layer norm: y", y, yOffset, yStride, rows, channels);
        if (weight != null) {
            Floats.check("layer norm: weight", weight, weightOffset, channels);
        }
        if (bias != null) {
            Floats.check("layer norm: bias", bias, biasOffset, channels);
        }
        for (int r = 0; r < rows; r++) {
            long from = xOffset + (long) r * xStride;
            long to = yOffset + (long) r * yStride;
            KERNEL.normalise(x, from, eps, y, to, channels);
            if (weight != null) {
                KERNEL.scale(y, to, weight, weightOffset, weightPlus, channels);
            }
            if (bias != null) {
                Elementwise.add(y, to, bias, biasOffset, y, to, channels);
            }
        }
    }
}
