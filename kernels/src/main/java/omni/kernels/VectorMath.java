package omni.kernels;

import java.lang.foreign.MemorySegment;

/** Elementary functions of n adjacent floats. {@code y} may be {@code x} with the same offset; other overlap is not allowed. */
public final class VectorMath {
    private static final VectorMathKernel KERNEL =
            KernelProvider.vector() ? new VectorVectorMath() : new ScalarVectorMath();

    private VectorMath() {}

    /** {@code y[i] = exp(x[i])}, denormal results included. Error below 1 unit in the last place. */
    public static void exp(MemorySegment x, long xOffset, MemorySegment y, long yOffset, int n) {
        check("exp", x, xOffset, y, yOffset, n);
        KERNEL.exp(x, xOffset, y, yOffset, n);
    }

    /** {@code y[i] = sin(x[i])}, x in radians and of any size. Error below 2 units in the last place. */
    public static void sin(MemorySegment x, long xOffset, MemorySegment y, long yOffset, int n) {
        check("sin", x, xOffset, y, yOffset, n);
        KERNEL.sin(x, xOffset, y, yOffset, n);
    }

    /** {@code y[i] = cos(x[i])}, x in radians and of any size. Error below 2 units in the last place. */
    public static void cos(MemorySegment x, long xOffset, MemorySegment y, long yOffset, int n) {
        check("cos", x, xOffset, y, yOffset, n);
        KERNEL.cos(x, xOffset, y, yOffset, n);
    }

    /** {@code y[i] = log(x[i])}, natural; error below 1 unit in the last place. */
    public static void log(MemorySegment x, long xOffset, MemorySegment y, long yOffset, int n) {
        check("log", x, xOffset, y, yOffset, n);
        KERNEL.log(x, xOffset, y, yOffset, n);
    }

    /** {@code y[i] = tanh(x[i])}, error below 2 units in the last place. */
    public static void tanh(MemorySegment x, long xOffset, MemorySegment y, long yOffset, int n) {
        check("tanh", x, xOffset, y, yOffset, n);
        KERNEL.tanh(x, xOffset, y, yOffset, n);
    }

    private static void check(String what, MemorySegment x, long xOffset, MemorySegment y, long yOffset, int n) {
        Floats.check(what + ": x", x, xOffset, n);
        Floats.check(what + ": y", y, yOffset, n);
    }
}
