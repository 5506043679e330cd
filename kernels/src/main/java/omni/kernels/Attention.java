package omni.kernels;

import java.lang.foreign.MemorySegment;

/**
 * Scaled dot-product attention with grouped queries: query head h reads key-value head {@code h / (H / K)}, and
 * {@code y[t,h] = sum_s softmax_s(scale * q[t,h] . k[s]) v[s]} over the keys s that row t sees.
 *
 * <p>Vaswani et al., "Attention Is All You Need" (2017), section 3.2.1; Ainslie et al., "GQA" (2023); the softmax is computed online
 * over tiles of keys as in Milakov and Gimelshein (2018) and Dao et al., "FlashAttention" (2022), so no matrix of scores is kept.
 *
 * <p>Keys and values lie in pages. A page is {@code [K][pagePositions][D]}, and position s lies in page {@code s / pagePositions} at
 * {@code s % pagePositions}. All pages have the same size; keys and values have pages of their own.
 *
 * <p>Work is counted in units that a caller may spread over threads in any way. A row's result depends only on its query and on the
 * keys and values that it sees: not on the split, nor on the rows computed beside it. So a prompt gives the same bits in chunks of any
 * size, and row by row through {@link #decode}.
 */
public final class Attention {
    private static final AttentionKernel KERNEL = new ScalarAttention();

    private Attention() {}

    /** Floats of scratch that one worker needs for any call with these sizes; its content does not matter before or after. */
    public static long scratchFloats(int heads, int kvHeads, int headDim) {
        checkHeads(heads, kvHeads, headDim);
        return KERNEL.scratchFloats(heads / kvHeads, headDim);
    }

    /** Number of units of {@link #prefill}: blocks of query rows times key-value heads. Low numbers are the dearest. */
    public static int prefillUnits(int rows, int heads, int kvHeads) {
        checkHeads(heads, kvHeads, 1);
        int blockRows = KERNEL.blockRows(heads / kvHeads);
        return Math.multiplyExact((rows + blockRows - 1) / blockRows, kvHeads);
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
     * @param scratch memory of this worker alone, {@link #scratchFloats} from {@code scratchOffset} on
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
            MemorySegment scratch,
            long scratchOffset) {
        int units = prefillUnits(rows, heads, kvHeads);
        check(q, qOffset, qStride, rows, heads, kvHeads, headDim, y, yOffset, yStride, scratch, scratchOffset);
        checkPages(keyPages, valuePages, pagePositions, past, rows, kvHeads, headDim);
        checkUnits(unitFrom, unitTo, units);
        int group = heads / kvHeads;
        int blockRows = KERNEL.blockRows(group);
        int blocks = units / kvHeads;
        for (int unit = unitFrom; unit < unitTo; unit++) {
            int head = unit % kvHeads;
            // The last rows see the most keys: they come first, so that threads end together.
            int from = (blocks - 1 - unit / kvHeads) * blockRows;
            causalBlock(
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
                    scratch,
                    scratchOffset);
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
            MemorySegment scratch,
            long scratchOffset) {
        check(q, qOffset, qStride, rows, heads, kvHeads, headDim, y, yOffset, yStride, scratch, scratchOffset);
        checkPages(keyPages, valuePages, pagePositions, past, rows, kvHeads, headDim);
        checkUnits(unitFrom, unitTo, kvHeads);
        int group = heads / kvHeads;
        int blockRows = KERNEL.blockRows(group);
        for (int head = unitFrom; head < unitTo; head++) {
            for (int from = 0; from < rows; from += blockRows) {
                causalBlock(
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
                        scratch,
                        scratchOffset);
            }
        }
    }

    private static void causalBlock(
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
            MemorySegment scratch,
            long scratchOffset) {
        long headColumn = (long) head * group * headDim;
        KERNEL.block(
                q,
                qOffset + (long) from * qStride + headColumn,
                qStride,
                keyPages,
                valuePages,
                pagePositions,
                (long) head * pagePositions * headDim,
                headDim,
                to - from,
                group,
                headDim,
                scale,
                0,
                past + from + 1,
                1,
                y,
                yOffset + (long) from * yStride + headColumn,
                yStride,
                scratch,
                scratchOffset);
    }

    private static void checkHeads(int heads, int kvHeads, int headDim) {
        Floats.require(
                heads > 0 && kvHeads > 0 && headDim > 0 && heads % kvHeads == 0,
                "attention: heads=" + heads + ", kvHeads=" + kvHeads + ", headDim=" + headDim);
    }

    private static void check(
            MemorySegment q,
            long qOffset,
            int qStride,
            int rows,
            int heads,
            int kvHeads,
            int headDim,
            MemorySegment y,
            long yOffset,
            int yStride,
            MemorySegment scratch,
            long scratchOffset) {
        long scratchFloats = scratchFloats(heads, kvHeads, headDim);
        int width = Math.multiplyExact(heads, headDim);
        Floats.checkRows("attention: q", q, qOffset, qStride, rows, width);
        Floats.checkRows("attention: y", y, yOffset, yStride, rows, width);
        Floats.check("attention: scratch", scratch, scratchOffset, scratchFloats);
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
        int pages = (int) (((long) past + rows + pagePositions - 1) / pagePositions);
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
