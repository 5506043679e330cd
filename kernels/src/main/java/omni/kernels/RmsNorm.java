package omni.kernels;

import java.lang.foreign.MemorySegment;

/**
 * Root-mean-square normalisation: {@code y[t,c] = x[t,c] / sqrt(mean_c(x[t,c]^2) + eps) * weight[c]}.
 *
 * <p>Zhang and Sennrich, "Root Mean Square Layer Normalization" (2019), equation 4; {@code Qwen2RMSNorm} in the reference.
 */
public final class RmsNorm {
    private static final RmsNormKernel KERNEL = KernelProvider.vector() ? new VectorRmsNorm() : new ScalarRmsNorm();

    private RmsNorm() {}

    /**
     * Normalises rows [T,C]. {@code y} may be {@code x} itself with the same offset and stride; other overlap is not allowed.
     *
     * @param x input [T,C]; offset and stride in floats
     * @param weight [C]
     * @param eps added to the mean square
     * @param y output [T,C]
     * @param rows T
     * @param channels C
     * @throws IllegalArgumentException if an operand does not lie inside its memory
     */
    public static void rows(
            MemorySegment x,
            long xOffset,
            int xStride,
            MemorySegment weight,
            long weightOffset,
            float eps,
            MemorySegment y,
            long yOffset,
            int yStride,
            int rows,
            int channels) {
        Floats.checkRows("rms norm: x", x, xOffset, xStride, rows, channels);
        Floats.check("rms norm: weight", weight, weightOffset, channels);
        Floats.checkRows("rms norm: y", y, yOffset, yStride, rows, channels);
        for (int r = 0; r < rows; r++) {
            KERNEL.row(
                    x,
                    xOffset + (long) r * xStride,
                    weight,
                    weightOffset,
                    eps,
                    y,
                    yOffset + (long) r * yStride,
                    channels);
        }
    }
}
