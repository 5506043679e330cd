package omni.kernels;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/**
 * A block is some queries, the query heads of a group side by side, so that a tile of keys and values serves them all. Tiles begin at
 * fixed positions; a tile is copied (later: widened) into arrays once and then multiplied from there, with {@link #LANES} queries at
 * a time.
 */
final class VectorAttention implements AttentionKernel {
    /** Queries multiplied at a time: whole triples of panels for every width; their scores (36 KiB) stay in the cache. */
    private static final int LANES = 96;

    /**
     * Queries of a block whose keys and values lie in rows far apart: copying a tile of them costs as much as multiplying it with 80
     * queries. With 288, queries, sums and tile still lie within 512 KiB of L2 cache for D = 128.
     */
    private static final int SEGMENT_LANES = 3 * LANES;

    /** The tiles compute some rows more than asked, see {@link AttentionTiles#weigh}; a multiple of 24 and of every width. */
    private static final int ROUND = 48;

    private static final int L = Vectors.LANES;
    private static final int KEYS = AttentionTiles.KEYS;
    private static final int PANEL = AttentionTiles.PANEL;

    @Override
    public int blockRows(int group) {
        return Math.max(1, LANES / group);
    }

    @Override
    public int segmentRows() {
        return SEGMENT_LANES;
    }

    @Override
    public long scratchFloats(int queries, int headDim) {
        long depth = (long) valueVectors(headDim) * L;
        return lanes(queries) * (headDim + depth + 4) + KEYS * (lanes(LANES) + headDim + depth);
    }

    @Override
    public void reserve(Attention.Scratch scratch, int queries, int headDim) {
        int depth = valueVectors(headDim) * L;
        int lanes = lanes(queries);
        if (scratch.max.length < lanes) {
            scratch.max = new float[lanes];
            scratch.total = new float[lanes];
            scratch.keep = new float[lanes];
            scratch.seen = new float[lanes];
        }
        scratch.weights = atLeast(scratch.weights, lanes(LANES), KEYS);
        scratch.queries = atLeast(scratch.queries, lanes, headDim);
        scratch.sums = atLeast(scratch.sums, lanes, depth);
        scratch.keys = atLeast(scratch.keys, KEYS, headDim);
        scratch.values = atLeast(scratch.values, KEYS, depth);
    }

    private static float[] atLeast(float[] array, int rows, int columns) {
        int size = Math.multiplyExact(rows, columns);
        return array.length >= size ? array : new float[size];
    }

    private static int lanes(int queries) {
        return Math.addExact(Math.max(LANES, queries), ROUND) / ROUND * ROUND;
    }

    private static int valueVectors(int headDim) {
        return (headDim + L - 1) / L;
    }

    @Override
    public void block(
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
            Attention.Scratch scratch) {
        int lanes = rows * group;
        int valueVectors = valueVectors(headDim);
        for (int r = 0; r < rows; r++) {
            for (int h = 0; h < group; h++) {
                packQuery(
                        q,
                        qOffset + (long) r * qStride + (long) h * headDim,
                        headDim,
                        scale,
                        scratch.queries,
                        r * group + h);
            }
        }
        Arrays.fill(scratch.sums, 0, lanes * valueVectors * L, 0);
        Arrays.fill(scratch.total, 0);
        Arrays.fill(scratch.max, -Float.MAX_VALUE);
        int end = to + (rows - 1) * toStep;
        for (int tile = from; tile < end; ) {
            int page = tile / pagePositions;
            int inPage = tile % pagePositions;
            int keys = Math.min(Math.min(KEYS, pagePositions - inPage), end - tile);
            copyKeys(keyPages[page], kOffset + (long) inPage * kStride, kStride, keys, headDim, scratch.keys);
            packValues(valuePages[page], vOffset + (long) inPage * vStride, vStride, keys, headDim, scratch.values);
            for (int lane = 0; lane < lanes; lane += LANES) {
                int some = Math.min(LANES, lanes - lane);
                if (tile < to + (lane + some - 1) / group * toStep) {
                    tile(scratch, keys, lane, some, group, headDim, to - tile, toStep);
                }
            }
            tile += keys;
        }
        for (int r = 0; r < rows; r++) {
            for (int h = 0; h < group; h++) {
                int lane = r * group + h;
                long out = yOffset + (long) r * yStride + (long) h * headDim;
                divide(scratch.sums, lane * valueVectors * L, scratch.total[lane], y, out, headDim);
            }
        }
    }

    /** A tile against {@code lanes} queries from {@code lane} on; row r of the block sees the first {@code seen + r * step} keys of it. */
    private static void tile(
            Attention.Scratch scratch, int keys, int lane, int lanes, int group, int headDim, int seen, int step) {
        int vectors = (lanes + L - 1) / L;
        AttentionTiles.scores(scratch.keys, keys, scratch.queries, lane * headDim, vectors, headDim, scratch.weights);
        if (keys > seen + lane / group * step) {
            mask(scratch, keys, lane, lanes, group, seen, step);
        }
        softmax(scratch, keys, lane, vectors);
        AttentionTiles.weigh(
                scratch.weights, lanes, scratch.values, valueVectors(headDim), keys, scratch.keep, lane, scratch.sums);
    }

    /** Query {@code lane}, multiplied by {@code scale}, into its lane of its panel. */
    private static void packQuery(MemorySegment q, long qOffset, int headDim, float scale, float[] queries, int lane) {
        q = Floats.offHeap(q);
        int to = lane / L * headDim * L + lane % L;
        for (int d = 0; d < headDim; d++) {
            queries[to + d * L] = Floats.get(q, qOffset + d) * scale;
        }
    }

    private static void copyKeys(MemorySegment k, long kOffset, int kStride, int keys, int headDim, float[] to) {
        if (kStride == headDim) {
            MemorySegment.copy(k, Floats.LAYOUT, kOffset * Float.BYTES, to, 0, keys * headDim);
            return;
        }
        for (int j = 0; j < keys; j++) {
            MemorySegment.copy(
                    k, Floats.LAYOUT, (kOffset + (long) j * kStride) * Float.BYTES, to, j * headDim, headDim);
        }
    }

    /** Values into panels one vector wide; the last one is filled up with zeros. */
    private static void packValues(MemorySegment v, long vOffset, int vStride, int keys, int headDim, float[] to) {
        for (int j = 0; j < keys; j++) {
            packValue(v, vOffset + (long) j * vStride, headDim, to, j * L);
        }
    }

    private static void packValue(MemorySegment v, long vOffset, int headDim, float[] to, int at) {
        v = Floats.offHeap(v);
        int whole = headDim / L;
        for (int p = 0; p < whole; p++) {
            VectorFunctions.load(v, vOffset + (long) p * L).intoArray(to, at + p * PANEL);
        }
        int rest = headDim - whole * L;
        if (rest > 0) {
            int last = at + whole * PANEL;
            for (int i = 0; i < L; i++) {
                to[last + i] = i < rest ? Floats.get(v, vOffset + (long) whole * L + i) : 0;
            }
        }
    }

    private static void mask(Attention.Scratch scratch, int keys, int from, int lanes, int group, int seen, int step) {
        for (int lane = 0; lane < lanes; lane++) {
            scratch.seen[lane] = seen + (from + lane) / group * step;
        }
        for (int lane = 0; lane < lanes; lane += L) {
            AttentionTiles.mask(scratch.weights, lane / L * PANEL, keys, scratch.seen, lane);
        }
    }

    private static void softmax(Attention.Scratch scratch, int keys, int lane, int vectors) {
        for (int v = 0; v < vectors; v++) {
            AttentionTiles.raise(scratch.weights, v * PANEL, keys, scratch.max, scratch.keep, lane + v * L);
        }
        AttentionTiles.rescale(scratch.total, scratch.keep, lane, vectors * L);
        for (int v = 0; v < vectors; v++) {
            AttentionTiles.exponentials(scratch.weights, v * PANEL, keys, scratch.max, scratch.total, lane + v * L);
        }
    }

    private static void divide(float[] sums, int from, float total, MemorySegment y, long yOffset, int headDim) {
        y = Floats.offHeap(y);
        int bound = Vectors.F32.loopBound(headDim);
        for (int d = 0; d < bound; d += L) {
            FloatVector sum = FloatVector.fromArray(Vectors.F32, sums, from + d);
            VectorFunctions.store(sum.div(total), y, yOffset + d);
        }
        for (int d = bound; d < headDim; d++) {
            Floats.set(y, yOffset + d, sums[from + d] / total);
        }
    }
}
