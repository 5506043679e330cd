package omni.kernels;

import java.lang.foreign.MemorySegment;

/** One block of query rows of {@link Attention} against the keys and values of one head. */
interface AttentionKernel {
    /** Scratch for blocks of at most {@link #blockRows} rows with {@code group} query heads each. */
    long scratchFloats(int group, int headDim);

    /** Rows in a block, at least 1. */
    int blockRows(int group);

    /**
     * Position s of the keys lies in page {@code s / pagePositions} at {@code kvOffset + (s % pagePositions) * kvStride}. Row r
     * (0-based in this block) sees the positions {@code from} (inclusive) to {@code to + r * toStep} (exclusive), at least one.
     *
     * @param q row r, head h of the group at {@code qOffset + r * qStride + h * headDim}
     * @param y laid out like {@code q}
     */
    void block(
            MemorySegment q,
            long qOffset,
            int qStride,
            MemorySegment[] keyPages,
            MemorySegment[] valuePages,
            int pagePositions,
            long kvOffset,
            int kvStride,
            int rows,
            int group,
            int headDim,
            float scale,
            int from,
            int to,
            int toStep,
            MemorySegment y,
            long yOffset,
            int yStride,
            MemorySegment scratch,
            long scratchOffset);
}
