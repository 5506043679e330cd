package omni.kernels;

import java.lang.foreign.MemorySegment;

/**
 * Rotary position embedding. The angles, and with them TMRoPE's three axes or the vision tower's two, are in the tables.
 *
 * <p>Su et al., "RoFormer" (2021), section 3.2.2.
 */
public final class Rope {
    private static final RopeKernel KERNEL = KernelProvider.vector() ? new VectorRope() : new ScalarRope();

    private Rope() {}

    /**
     * Rotates in place, pairing element i with element i + D/2 of each head (the reference's {@code rotate_half}):
     * {@code x[i]' = x[i] cos[i] - x[i + D/2] sin[i]}, {@code x[i + D/2]' = x[i + D/2] cos[i] + x[i] sin[i]}.
     *
     * @param x rows [T, heads * D]: head h of row t starts at {@code xOffset + t * xStride + h * headDim}
     * @param heads heads to rotate, from the first on
     * @param headDim D, even
     * @param cos cosines: row t holds D/2 of them from {@code tableOffset + t * tableStride} on
     * @param sin sines, laid out alike
     * @throws IllegalArgumentException if D is odd or an operand does not lie inside its memory
     */
    public static void halfSplit(
            MemorySegment x,
            long xOffset,
            int xStride,
            int rows,
            int heads,
            int headDim,
            MemorySegment cos,
            MemorySegment sin,
            long tableOffset,
            int tableStride) {
        check(x, xOffset, xStride, rows, heads, headDim, cos, sin, tableOffset, tableStride);
        for (int t = 0; t < rows; t++) {
            KERNEL.halfSplit(
                    x, xOffset + (long) t * xStride, heads, headDim, cos, sin, tableOffset + (long) t * tableStride);
        }
    }

    /**
     * Rotates in place, pairing neighbours: {@code x[2i]' = x[2i] cos[i] - x[2i + 1] sin[i]}, {@code x[2i + 1]' = x[2i + 1] cos[i] +
     * x[2i] sin[i]}. The operands are those of {@link #halfSplit}.
     *
     * @throws IllegalArgumentException if D is odd or an operand does not lie inside its memory
     */
    public static void interleaved(
            MemorySegment x,
            long xOffset,
            int xStride,
            int rows,
            int heads,
            int headDim,
            MemorySegment cos,
            MemorySegment sin,
            long tableOffset,
            int tableStride) {
        check(x, xOffset, xStride, rows, heads, headDim, cos, sin, tableOffset, tableStride);
        for (int t = 0; t < rows; t++) {
            KERNEL.interleaved(
                    x, xOffset + (long) t * xStride, heads, headDim, cos, sin, tableOffset + (long) t * tableStride);
        }
    }

    private static void check(
            MemorySegment x,
            long xOffset,
            int xStride,
            int rows,
            int heads,
            int headDim,
            MemorySegment cos,
            MemorySegment sin,
            long tableOffset,
            int tableStride) {
        Floats.require(headDim > 0 && headDim % 2 == 0 && heads >= 0, "rope: heads=" + heads + ", headDim=" + headDim);
        Floats.checkRows("rope: x", x, xOffset, xStride, rows, Math.multiplyExact(heads, headDim));
        Floats.checkRows("rope: cos", cos, tableOffset, tableStride, rows, headDim / 2);
        Floats.checkRows("rope: sin", sin, tableOffset, tableStride, rows, headDim / 2);
    }
}
