package omni.kernels;

import java.lang.foreign.MemorySegment;

/** One block of query rows of {@link Attention} against the keys and values of one head. */
interface AttentionKernel {
    /** Lets scratch grow to what blocks of {@code queries} queries need: rows times query heads of a group. */
    void reserve(Attention.Scratch scratch, int queries, int headDim);

    /** Floats that {@link #reserve} gives to a new scratch. */
    long scratchFloats(int queries, int headDim);

    /** Rows of a block, at least 1, for {@code group} query heads on keys and values whose rows are adjacent. */
    int blockRows(int group);

    /**
     * Rows of a block, at least 1, for one query head on keys and values whose rows are far apart, in a page of memory each: bringing them
     * together costs much, so more queries share it.
     */
    int segmentRows();

    /**
     * Position s of the keys lies in page {@code s / pagePositions} at {@code kOffset + (s % pagePositions) * kStride}; values alike.
     * Row r of the block sees the positions {@code from} (inclusive) to {@code to + r * toStep} (exclusive), at least one.
     *
     * @param q row r, head h of the group at {@code qOffset + r * qStride + h * headDim}
     * @param y laid out like {@code q}
     */
    void block(
            MemorySegment q,
            long qOffset,
            int qStride,
            MemorySegment[] keyPages,
            long kOffset,
            int kStride,
            MemorySegment[] valuePages,
            long vOffset,
            int vStride,
            int pagePositions,
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
            Attention.Scratch scratch);
}
