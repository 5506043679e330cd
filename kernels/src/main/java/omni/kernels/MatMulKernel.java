package omni.kernels;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/** What {@link MatMul} asks of an implementation; arguments are already checked. */
interface MatMulKernel {
    /** See {@link MatMul#packedSize}. */
    long packedSize(int rows, int inputs);

    /** See {@link MatMul#packUnits}. */
    int packUnits(int rows);

    /** See {@link MatMul#pack}. */
    void pack(
            MemorySegment x,
            long xOffset,
            int xStride,
            int rows,
            int inputs,
            FloatFormat format,
            MemorySegment packed,
            long packedOffset,
            int from,
            int to);

    /** See {@link MatMul#scratchSize}. */
    int scratchSize(int rows, int inputs);

    /** See {@link MatMul#grain}. */
    int grain(int rows, int inputs);

    /** See {@link MatMul#multiply}. */
    void multiply(
            MemorySegment packed,
            long packedOffset,
            int rows,
            MatMul.Weights weights,
            @Nullable MemorySegment bias,
            MemorySegment y,
            long yOffset,
            int yStride,
            boolean accumulate,
            int from,
            int to,
            MemorySegment scratch,
            long scratchOffset);
}
