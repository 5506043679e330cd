package omni.kernels;

import java.lang.foreign.MemorySegment;

/**
 * Scaled dot-product attention with grouped queries: query head h reads key-value head {@code h / (H / K)}, and
 * {@code y[t,h] = sum_s softmax_s(scale * q[t,h] . k[s]) v[s]} over the keys s that row t sees.
 *
 * <p>Vaswani et al., "Attention Is All You Need" (2017), section 3.2.1; Ainslie et al., "GQA" (2023); the softmax is computed online
 * over tiles of keys as in Milakov and Gimelshein (2018) and Dao et al., "FlashAttention" (2022), so no matrix of scores is kept.
 *
 * <p>Causal attention reads keys and values from pages. A page is {@code [K][pagePositions][D]}, and position s lies in page
 * {@code s / pagePositions} at {@code s % pagePositions}. All pages have the same size; keys and values have pages of their own. The
 * encoders' attention reads them from plain rows.
 *
 * <p>Work is counted in units that a caller may spread over threads in any way; each thread needs a {@link Scratch}. A row's result
 * depends only on its query and on the keys and values that it sees: not on the split, nor on the rows computed beside it, as
 * long as these are finite. So a prompt gives the same bits in chunks of any size, and row by row through {@link #decode}.
 */
public final class Attention {
    private static final AttentionKernel KERNEL =
            KernelProvider.vector() ? new VectorAttention() : new ScalarAttention();

    /** Memory that one thread needs. It grows as asked and its content does not matter between calls. */
    public static final class Scratch {
        float[] queries = {};
        float[] keys = {};
        float[] values = {};
        float[] weights = {};
        float[] sums = {};
        float[] max = {};
        float[] total = {};
        float[] keep = {};
        float[] seen = {};

        /** Grows to what calls with these sizes need, so that they do not allocate. */
        public void reserve(int heads, int kvHeads, int headDim) {
            checkHeads("attention", heads, kvHeads, headDim);
            KERNEL.reserve(this, queries(heads / kvHeads), headDim);
        }

        /** As {@link #reserve}, for {@link #segments} and {@link #blockSliding}. */
        public void reserveSegments(int headDim) {
            KERNEL.reserve(this, KERNEL.segmentRows(), headDim);
        }

        /** Bytes held. */
        public long bytes() {
            long floats = (long) queries.length + keys.length + values.length + weights.length + sums.length;
            return (floats + 4L * max.length) * Float.BYTES;
        }
    }

    private Attention() {}

    /** Bytes of a new scratch that was reserved for these sizes. */
    public static long scratchBytes(int heads, int kvHeads, int headDim) {
        checkHeads("attention", heads, kvHeads, headDim);
        return KERNEL.scratchFloats(queries(heads / kvHeads), headDim) * Float.BYTES;
    }

    /** Bytes of a new scratch that was reserved for {@link #segments} and {@link #blockSliding}. */
    public static long segmentScratchBytes(int headDim) {
        return KERNEL.scratchFloats(KERNEL.segmentRows(), headDim) * Float.BYTES;
    }

    /** Queries of a block for {@code group} query heads on one key-value head. */
    private static int queries(int group) {
        return Math.multiplyExact(KERNEL.blockRows(group), group);
    }

    /** Number of units of {@link #prefill}: blocks of query rows times key-value heads. Low numbers take longest. */
    public static int prefillUnits(int rows, int heads, int kvHeads) {
        checkHeads("attention", heads, kvHeads, 1);
        return Math.multiplyExact(blocks(rows, KERNEL.blockRows(heads / kvHeads)), kvHeads);
    }

    /**
     * Causal attention of {@code rows} new positions, whose own keys and values are already in the pages: row t sees positions
     * {@code 0 .. past + t}.
     *
     * @param q queries [T, H * D]; offset and stride in floats
     * @param keyPages pages of keys; enough for {@code past + rows} positions
     * @param valuePages pages of values
     * @param pagePositions positions in a page
     * @param past positions before row 0
     * @param rows T
     * @param heads H
     * @param kvHeads K, a divisor of H
     * @param headDim D
     * @param scale of the scores, usually D^-0.5
     * @param y output [T, H * D]; must not overlap an input
     * @param unitFrom first unit to compute, inclusive
     * @param unitTo last unit, exclusive; at most {@link #prefillUnits}
     * @param scratch of this thread alone
     * @throws IllegalArgumentException if sizes contradict each other or an operand does not lie inside its memory
     */
    public static void prefill(
            MemorySegment q,
            long qOffset,
            int qStride,
            MemorySegment[] keyPages,
            MemorySegment[] valuePages,
            int pagePositions,
            int past,
            int rows,
            int heads,
            int kvHeads,
            int headDim,
            float scale,
            MemorySegment y,
            long yOffset,
            int yStride,
            int unitFrom,
            int unitTo,
            Scratch scratch) {
        int units = prefillUnits(rows, heads, kvHeads);
        checkRows(q, qOffset, qStride, y, yOffset, yStride, rows, heads, headDim);
        checkPages(keyPages, valuePages, pagePositions, past, rows, kvHeads, headDim);
        checkUnits(unitFrom, unitTo, units);
        int group = heads / kvHeads;
        KERNEL.reserve(scratch, queries(group), headDim);
        int blockRows = KERNEL.blockRows(group);
        int blocks = units / kvHeads;
        for (int unit = unitFrom; unit < unitTo; unit++) {
            // The last rows see the most keys: they come first, so that threads end together.
            int from = (blocks - 1 - unit / kvHeads) * blockRows;
            causal(
                    q,
                    qOffset,
                    qStride,
                    keyPages,
                    valuePages,
                    pagePositions,
                    past,
                    from,
                    Math.min(rows, from + blockRows),
                    unit % kvHeads,
                    group,
                    headDim,
                    scale,
                    y,
                    yOffset,
                    yStride,
                    scratch);
        }
    }

    /**
     * Causal attention of one new position (or a few) over the cache. Like {@link #prefill}, but a unit is a key-value head: the keys
     * and values of a head are read once for all its query heads.
     *
     * @param unitFrom first key-value head to compute, inclusive
     * @param unitTo last key-value head, exclusive
     * @throws IllegalArgumentException if sizes contradict each other or an operand does not lie inside its memory
     */
    public static void decode(
            MemorySegment q,
            long qOffset,
            int qStride,
            MemorySegment[] keyPages,
            MemorySegment[] valuePages,
            int pagePositions,
            int past,
            int rows,
            int heads,
            int kvHeads,
            int headDim,
            float scale,
            MemorySegment y,
            long yOffset,
            int yStride,
            int unitFrom,
            int unitTo,
            Scratch scratch) {
        checkHeads("attention", heads, kvHeads, headDim);
        checkRows(q, qOffset, qStride, y, yOffset, yStride, rows, heads, headDim);
        checkPages(keyPages, valuePages, pagePositions, past, rows, kvHeads, headDim);
        checkUnits(unitFrom, unitTo, kvHeads);
        int group = heads / kvHeads;
        KERNEL.reserve(scratch, queries(group), headDim);
        int blockRows = KERNEL.blockRows(group);
        for (int head = unitFrom; head < unitTo; head++) {
            for (int from = 0; from < rows; from += blockRows) {
                causal(
                        q,
                        qOffset,
                        qStride,
                        keyPages,
                        valuePages,
                        pagePositions,
                        past,
                        from,
                        Math.min(rows, from + blockRows),
                        head,
                        group,
                        headDim,
                        scale,
                        y,
                        yOffset,
                        yStride,
                        scratch);
            }
        }
    }

    private static void causal(
            MemorySegment q,
            long qOffset,
            int qStride,
            MemorySegment[] keyPages,
            MemorySegment[] valuePages,
            int pagePositions,
            int past,
            int from,
            int to,
            int head,
            int group,
            int headDim,
            float scale,
            MemorySegment y,
            long yOffset,
            int yStride,
            Scratch scratch) {
        long column = (long) head * group * headDim;
        long kvOffset = (long) head * pagePositions * headDim;
        KERNEL.block(
                q,
                qOffset + (long) from * qStride + column,
                qStride,
                keyPages,
                kvOffset,
                headDim,
                valuePages,
                kvOffset,
                headDim,
                pagePositions,
                to - from,
                group,
                headDim,
                scale,
                0,
                past + from + 1,
                1,
                y,
                yOffset + (long) from * yStride + column,
                yStride,
                scratch);
    }

    /** Number of units of {@link #segments}: heads times blocks of rows, no block crossing a segment's end. */
    public static int segmentUnits(int[] starts, int heads) {
        int blockRows = KERNEL.segmentRows();
        int units = 0;
        for (int s = 0; s + 1 < starts.length; s++) {
            Floats.require(
                    starts[s] >= 0 && starts[s] <= starts[s + 1],
                    "attention: segment " + s + ": from=" + starts[s] + ", to=" + starts[s + 1]);
            units = Math.addExact(units, Math.multiplyExact(blocks(starts[s + 1] - starts[s], blockRows), heads));
        }
        return units;
    }

    /**
     * Full attention inside segments: every row sees all rows of its own segment and no other. One segment is plain attention without a
     * mask; the encoders' windows and blocks are several.
     *
     * @param q queries [T, H * D]; offsets and strides in floats
     * @param k keys [T, H * D]
     * @param v values [T, H * D]
     * @param starts first row of each segment, ascending, then the end of the last one; rows outside are left alone
     * @param heads H
     * @param headDim D
     * @param scale of the scores, usually D^-0.5
     * @param y output [T, H * D]; must not overlap an input
     * @param unitFrom first unit to compute, inclusive
     * @param unitTo last unit, exclusive; at most {@link #segmentUnits}
     * @param scratch of this thread alone
     * @throws IllegalArgumentException if sizes contradict each other or an operand does not lie inside its memory
     */
    public static void segments(
            MemorySegment q,
            long qOffset,
            int qStride,
            MemorySegment k,
            long kOffset,
            int kStride,
            MemorySegment v,
            long vOffset,
            int vStride,
            int[] starts,
            int heads,
            int headDim,
            float scale,
            MemorySegment y,
            long yOffset,
            int yStride,
            int unitFrom,
            int unitTo,
            Scratch scratch) {
        checkHeads("attention", heads, heads, headDim);
        checkUnits(unitFrom, unitTo, segmentUnits(starts, heads));
        int rows = starts.length == 0 ? 0 : starts[starts.length - 1];
        checkRows(q, qOffset, qStride, y, yOffset, yStride, rows, heads, headDim);
        Floats.checkRows("attention: k", k, kOffset, kStride, rows, heads * headDim);
        Floats.checkRows("attention: v", v, vOffset, vStride, rows, heads * headDim);
        KERNEL.reserve(scratch, KERNEL.segmentRows(), headDim);
        int blockRows = KERNEL.segmentRows();
        MemorySegment[] keys = {k};
        MemorySegment[] values = {v};
        int unit = 0;
        for (int s = 0; s + 1 < starts.length && unit < unitTo; s++) {
            int blocks = blocks(starts[s + 1] - starts[s], blockRows);
            int end = unit + blocks * heads;
            for (int u = Math.max(unit, unitFrom); u < Math.min(end, unitTo); u++) {
                int from = starts[s] + (u - unit) % blocks * blockRows;
                long column = (long) ((u - unit) / blocks) * headDim;
                KERNEL.block(
                        q,
                        qOffset + (long) from * qStride + column,
                        qStride,
                        keys,
                        kOffset + column,
                        kStride,
                        values,
                        vOffset + column,
                        vStride,
                        Integer.MAX_VALUE,
                        Math.min(starts[s + 1] - from, blockRows),
                        1,
                        headDim,
                        scale,
                        starts[s],
                        starts[s + 1],
                        0,
                        y,
                        yOffset + (long) from * yStride + column,
                        yStride,
                        scratch);
            }
            unit = end;
        }
    }

    /** Number of units of {@link #blockSliding}: heads times blocks of rows, no block crossing a mask block's end. */
    public static int blockSlidingUnits(int rows, int blockSize, int heads) {
        Floats.require(rows >= 0 && blockSize > 0, "attention: rows=" + rows + ", blockSize=" + blockSize);
        int blockRows = KERNEL.segmentRows();
        int whole = rows / blockSize;
        int blocks = Math.addExact(
                Math.multiplyExact(whole, blocks(blockSize, blockRows)), blocks(rows - whole * blockSize, blockRows));
        return Math.multiplyExact(blocks, heads);
    }

    /**
     * Attention under a mask by blocks of {@code blockSize} rows: rows of block i see the keys of blocks {@code i - back .. i + ahead} as
     * far as they exist. The operands are those of {@link #segments}, but k and v may hold rows before those of q: where a sequence comes
     * in pieces of whole blocks, a piece gives the bits that it gives in the whole.
     *
     * @param past rows of k and v before the first of q, whole blocks
     * @param rows T of q; k and v have {@code past + rows}
     * @param back blocks seen before the own one
     * @param ahead blocks seen behind the own one
     * @throws IllegalArgumentException if sizes contradict each other or an operand does not lie inside its memory
     */
    public static void blockSliding(
            MemorySegment q,
            long qOffset,
            int qStride,
            MemorySegment k,
            long kOffset,
            int kStride,
            MemorySegment v,
            long vOffset,
            int vStride,
            int past,
            int rows,
            int blockSize,
            int back,
            int ahead,
            int heads,
            int headDim,
            float scale,
            MemorySegment y,
            long yOffset,
            int yStride,
            int unitFrom,
            int unitTo,
            Scratch scratch) {
        checkHeads("attention", heads, heads, headDim);
        Floats.require(back >= 0 && ahead >= 0, "attention: back=" + back + ", ahead=" + ahead);
        checkUnits(unitFrom, unitTo, blockSlidingUnits(rows, blockSize, heads));
        Floats.require(
                past >= 0 && past % blockSize == 0 && past <= Integer.MAX_VALUE - rows,
                "attention: past=" + past + ", rows=" + rows + ", blockSize=" + blockSize);
        checkRows(q, qOffset, qStride, y, yOffset, yStride, rows, heads, headDim);
        int keyRows = past + rows;
        Floats.checkRows("attention: k", k, kOffset, kStride, keyRows, heads * headDim);
        Floats.checkRows("attention: v", v, vOffset, vStride, keyRows, heads * headDim);
        KERNEL.reserve(scratch, KERNEL.segmentRows(), headDim);
        int blockRows = KERNEL.segmentRows();
        int perBlock = blocks(blockSize, blockRows);
        MemorySegment[] keys = {k};
        MemorySegment[] values = {v};
        for (int unit = unitFrom; unit < unitTo; unit++) {
            int part = unit / heads;
            long column = (long) (unit % heads) * headDim;
            int block = part / perBlock;
            int from = block * blockSize + part % perBlock * blockRows;
            int end = (int) Math.min(rows, (block + 1L) * blockSize);
            KERNEL.block(
                    q,
                    qOffset + (long) from * qStride + column,
                    qStride,
                    keys,
                    kOffset + column,
                    kStride,
                    values,
                    vOffset + column,
                    vStride,
                    Integer.MAX_VALUE,
                    Math.min(end - from, blockRows),
                    1,
                    headDim,
                    scale,
                    (int) Math.max(0, past + ((long) block - back) * blockSize),
                    (int) Math.min(keyRows, past + (block + 1L + ahead) * blockSize),
                    0,
                    y,
                    yOffset + (long) from * yStride + column,
                    yStride,
                    scratch);
        }
    }

    private static int blocks(int rows, int blockRows) {
        return (int) (((long) rows + blockRows - 1) / blockRows);
    }

    private static void checkHeads(String what, int heads, int kvHeads, int headDim) {
        Floats.require(
                heads > 0
                        && kvHeads > 0
                        && headDim > 0
                        && heads % kvHeads == 0
                        && (long) heads * headDim <= Integer.MAX_VALUE,
                what + ": heads=" + heads + ", kvHeads=" + kvHeads + ", headDim=" + headDim);
    }

    private static void checkRows(
            MemorySegment q,
            long qOffset,
            int qStride,
            MemorySegment y,
            long yOffset,
            int yStride,
            int rows,
            int heads,
            int headDim) {
        Floats.checkRows("attention: q", q, qOffset, qStride, rows, heads * headDim);
        Floats.checkRows("attention: y", y, yOffset, yStride, rows, heads * headDim);
    }

    private static void checkPages(
            MemorySegment[] keyPages,
            MemorySegment[] valuePages,
            int pagePositions,
            int past,
            int rows,
            int kvHeads,
            int headDim) {
        Floats.require(
                pagePositions > 0 && past >= 0 && past <= Integer.MAX_VALUE - rows,
                "attention: pagePositions=" + pagePositions + ", past=" + past + ", rows=" + rows);
        int pages = blocks(past + rows, pagePositions);
        Floats.require(
                keyPages.length >= pages && valuePages.length >= pages,
                "attention: pages are missing: past=" + past + ", rows=" + rows + ", pagePositions=" + pagePositions
                        + ", keyPages=" + keyPages.length + ", valuePages=" + valuePages.length);
        long pageFloats = Math.multiplyExact((long) kvHeads * pagePositions, headDim);
        for (int p = 0; p < pages; p++) {
            Floats.check("attention: key page " + p, keyPages[p], 0, pageFloats);
            Floats.check("attention: value page " + p, valuePages[p], 0, pageFloats);
        }
    }

    private static void checkUnits(int unitFrom, int unitTo, int units) {
        Floats.require(
                unitFrom >= 0 && unitFrom <= unitTo && unitTo <= units,
                "attention: unitFrom=" + unitFrom + ", unitTo=" + unitTo + ", units=" + units);
    }
}
