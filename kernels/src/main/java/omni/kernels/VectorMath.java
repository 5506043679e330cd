package omni.kernels;

import java.lang.foreign.MemorySegment;

/** Elementary functions of n adjacent floats. {@code y} may be {@code x} with the same offset; other overlap is not allowed. */
public final class VectorMath {
    private static final VectorMathKernel KERNEL =
            KernelProvider.vector() ? new VectorVectorMath() : new ScalarVectorMath();

    private VectorMath() {}

    /** {@code y[i] = exp(x[i])}. */
    public static void exp(MemorySegment x, long xOffset, MemorySegment y, long yOffset, int n) {
        check("exp", x, xOffset, y, yOffset, n);
        KERNEL.exp(x, xOffset, y, yOffset, n);
    }

    /** {@code y[i] = sin(x[i])}, x in radians. */
    public static void sin(MemorySegment x, long xOffset, MemorySegment y, long yOffset, int n) {
        check("sin", x, xOffset, y, yOffset, n);
        KERNEL.sin(x, xOffset, y, yOffset, n);
    }

    /** {@code y[i] = cos(x[i])}, x in radians. */
    public static void cos(MemorySegment x, long xOffset, MemorySegment y, long yOffset, int n) {
        check("cos", x, xOffset, y, yOffset, n);
        KERNEL.cos(x, xOffset, y, yOffset, n);
    }

    private static void check(String what, MemorySegment x, long xOffset, MemorySegment y, long yOffset, int n) {
        Floats.check(what + ": x", x, xOffset, n);
        Floats.check(what + ": y", y, yOffset, n);
    }
}
