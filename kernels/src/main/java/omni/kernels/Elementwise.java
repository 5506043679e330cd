package omni.kernels;

import java.lang.foreign.MemorySegment;

/**
 * Sums, products and copies of n adjacent floats. Where there is an output {@code y}, it may be an input with the same offset; other
 * overlap is not allowed, except in {@link #copy}.
 */
public final class Elementwise {
    private static final ElementwiseKernel KERNEL =
            KernelProvider.vector() ? new VectorElementwise() : new ScalarElementwise();

    private Elementwise() {}

    /** {@code y[i] = a[i] + b[i]}. */
    public static void add(
            MemorySegment a, long aOffset, MemorySegment b, long bOffset, MemorySegment y, long yOffset, int n) {
        check("add", a, aOffset, b, bOffset, y, yOffset, n);
        KERNEL.add(a, aOffset, b, bOffset, y, yOffset, n);
    }

    /** {@code y[i] = a[i] * b[i]}. */
    public static void mul(
            MemorySegment a, long aOffset, MemorySegment b, long bOffset, MemorySegment y, long yOffset, int n) {
        check("mul", a, aOffset, b, bOffset, y, yOffset, n);
        KERNEL.mul(a, aOffset, b, bOffset, y, yOffset, n);
    }

    /** {@code y[i] = fma(a[i], b[i], y[i])}: a branch a joins the residual stream y through a gate b. */
    public static void addMul(
            MemorySegment a, long aOffset, MemorySegment b, long bOffset, MemorySegment y, long yOffset, int n) {
        check("addMul", a, aOffset, b, bOffset, y, yOffset, n);
        KERNEL.addMul(a, aOffset, b, bOffset, y, yOffset, n);
    }

    /** {@code y[i] = x[i] * factor}. */
    public static void scale(MemorySegment x, long xOffset, float factor, MemorySegment y, long yOffset, int n) {
        Floats.check("scale: x", x, xOffset, n);
        Floats.check("scale: y", y, yOffset, n);
        KERNEL.scale(x, xOffset, factor, y, yOffset, n);
    }

    /** {@code y[i] = fma(factor, x[i], y[i])}. */
    public static void axpy(float factor, MemorySegment x, long xOffset, MemorySegment y, long yOffset, int n) {
        Floats.check("axpy: x", x, xOffset, n);
        Floats.check("axpy: y", y, yOffset, n);
        KERNEL.axpy(factor, x, xOffset, y, yOffset, n);
    }

    /** {@code y[i] = value}. */
    public static void fill(MemorySegment y, long yOffset, float value, int n) {
        Floats.check("fill: y", y, yOffset, n);
        if (Float.floatToRawIntBits(value) == 0) {
            y.asSlice(yOffset * Float.BYTES, (long) n * Float.BYTES).fill((byte) 0);
        } else {
            KERNEL.fill(y, yOffset, value, n);
        }
    }

    /** {@code y[i] = x[i]}; any overlap is allowed. */
    public static void copy(MemorySegment x, long xOffset, MemorySegment y, long yOffset, int n) {
        Floats.check("copy: x", x, xOffset, n);
        Floats.check("copy: y", y, yOffset, n);
        MemorySegment.copy(x, xOffset * Float.BYTES, y, yOffset * Float.BYTES, (long) n * Float.BYTES);
    }

    private static void check(
            String what,
            MemorySegment a,
            long aOffset,
            MemorySegment b,
            long bOffset,
            MemorySegment y,
            long yOffset,
            int n) {
        Floats.check(what + ": a", a, aOffset, n);
        Floats.check(what + ": b", b, bOffset, n);
        Floats.check(what + ": y", y, yOffset, n);
    }
}
