package omni.kernels;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/** What {@link MatMul} asks of an implementation; arguments are already checked. */
interface MatMulKernel {
    /** Inputs that lie side by side in {@link CompactWeights}. */
    int lanes();

    /** Floats that {@link #pack} writes for X[rows, inputs]. */
    long packedSize(int rows, int inputs);

    /** See {@link MatMul.Packed#units}. */
    int packUnits(int rows);

    /** See {@link MatMul#pack}. */
    void pack(MemorySegment x, long xOffset, int xStride, MatMul.Packed packed, int from, int to);

    /** Floats of widened weights that {@link #multiply} keeps per thread. */
    int scratchWeights(int rows);

    /** Floats of partial results that {@link #multiply} keeps per thread. */
    int scratchSums(int rows);

    /** See {@link MatMul#unit}. */
    int unit(int rows);

    /** See {@link MatMul#grain}. */
    int grain(int rows, int inputs);

    /** See {@link MatMul#multiply}. */
    void multiply(
            MatMul.Packed packed,
            WeightMatrix weights,
            @Nullable MemorySegment bias,
            MemorySegment y,
            long yOffset,
            int yStride,
            boolean accumulate,
            int from,
            int to,
            MatMul.Scratch scratch);
}
