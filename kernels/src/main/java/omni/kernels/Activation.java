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
}
