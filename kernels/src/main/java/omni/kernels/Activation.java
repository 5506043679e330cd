package omni.kernels;

import java.lang.foreign.MemorySegment;

/** Activation functions of the networks' feed-forward parts. */
public final class Activation {
    private static final ActivationKernel KERNEL =
            KernelProvider.vector() ? new VectorActivation() : new ScalarActivation();

    private Activation() {}

    /**
     * The gate of SwiGLU: {@code y[i] = silu(gate[i]) * up[i]}, {@code silu(g) = g / (1 + exp(-g))}. {@code y} may be {@code gate} or
     * {@code up} with the same offset; other overlap is not allowed.
     *
     * <p>Shazeer, "GLU Variants Improve Transformer" (2020), equation 6.
     *
     * @param n number of floats
     * @throws IllegalArgumentException if an operand does not lie inside its memory
     */
    public static void siluMul(
            MemorySegment gate,
            long gateOffset,
            MemorySegment up,
            long upOffset,
            MemorySegment y,
            long yOffset,
            int n) {
        Floats.check("silu: gate", gate, gateOffset, n);
        Floats.check("silu: up", up, upOffset, n);
        Floats.check("silu: y", y, yOffset, n);
        KERNEL.siluMul(gate, gateOffset, up, upOffset, y, yOffset, n);
    }

    /**
     * {@code y[i] = silu(x[i]) = x / (1 + exp(-x))}. Relative error below 2e-7. {@code y} may be {@code x} with the same offset.
     *
     * @throws IllegalArgumentException if an operand does not lie inside its memory
     */
    public static void silu(MemorySegment x, long xOffset, MemorySegment y, long yOffset, int n) {
        Floats.check("silu: x", x, xOffset, n);
        Floats.check("silu: y", y, yOffset, n);
        KERNEL.silu(x, xOffset, y, yOffset, n);
    }

    /**
     * {@code y[i] = x Phi(x) = x (1 + erf(x / sqrt(2))) / 2}, the exact form. Absolute error below 3e-7 |x|; relative error below
     * 6e-7 for x > -4, where the sum of the formula in float32 loses its digits. {@code y} may be {@code x} with the same offset.
     *
     * @throws IllegalArgumentException if an operand does not lie inside its memory
     */
    public static void gelu(MemorySegment x, long xOffset, MemorySegment y, long yOffset, int n) {
        Floats.check("gelu: x", x, xOffset, n);
        Floats.check("gelu: y", y, yOffset, n);
        KERNEL.gelu(x, xOffset, y, yOffset, n);
    }

    /**
     * {@code y[i] = x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))) / 2}, the approximation by tanh. Absolute error below 2e-7 |x|. {@code y} may be {@code x} with the same offset.
     *
     * @throws IllegalArgumentException if an operand does not lie inside its memory
     */
    public static void geluTanh(MemorySegment x, long xOffset, MemorySegment y, long yOffset, int n) {
        Floats.check("geluTanh: x", x, xOffset, n);
        Floats.check("geluTanh: y", y, yOffset, n);
        KERNEL.geluTanh(x, xOffset, y, yOffset, n);
    }

    /**
     * {@code y[i] = max(x[i], 0)}; a NaN stays a NaN. {@code y} may be {@code x} with the same offset.
     *
     * @throws IllegalArgumentException if an operand does not lie inside its memory
     */
    public static void relu(MemorySegment x, long xOffset, MemorySegment y, long yOffset, int n) {
        Floats.check("relu: x", x, xOffset, n);
        Floats.check("relu: y", y, yOffset, n);
        KERNEL.relu(x, xOffset, y, yOffset, n);
    }

    /**
     * {@code y[i] = 1 / (1 + exp(-x[i]))}. Relative error below 2e-7. {@code y} may be {@code x} with the same offset.
     *
     * @throws IllegalArgumentException if an operand does not lie inside its memory
     */
    public static void sigmoid(MemorySegment x, long xOffset, MemorySegment y, long yOffset, int n) {
        Floats.check("sigmoid: x", x, xOffset, n);
        Floats.check("sigmoid: y", y, yOffset, n);
        KERNEL.sigmoid(x, xOffset, y, yOffset, n);
    }
}
