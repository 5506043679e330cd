package omni.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AttentionTest {
    private static final long SEED = 8;

    /** Queries, paged keys and values, and an output with canaries around every row. */
    private static final class Case {
        final int rows;
        final int past;
        final int heads;
        final int kvHeads;
        final int headDim;
        final int pagePositions;
        final float scale;
        final MemorySegment q;
        final int qStride;
        final MemorySegment[] keyPages;
        final MemorySegment[] valuePages;
        final MemorySegment y;
        final int yStride;

        Case(int rows, int past, int heads, int kvHeads, int headDim, int pagePositions) {
            Random random = new Random(SEED);
            this.rows = rows;
            this.past = past;
            this.heads = heads;
            this.kvHeads = kvHeads;
            this.headDim = headDim;
            this.pagePositions = pagePositions;
            scale = scale(headDim);
            qStride = heads * headDim + 3;
            yStride = heads * headDim + 1;
            q = TestMemory.normal(random, 1 + (long) rows * qStride, 2);
            y = TestMemory.zeros(2 + (long) rows * yStride);
            int pages = (past + rows + pagePositions - 1) / pagePositions;
            keyPages = new MemorySegment[pages];
            valuePages = new MemorySegment[pages];
            for (int p = 0; p < pages; p++) {
                keyPages[p] = TestMemory.normal(random, (long) kvHeads * pagePositions * headDim, 1);
                valuePages[p] = TestMemory.normal(random, (long) kvHeads * pagePositions * headDim, 1);
                // What lies behind the last position must not matter.
                int used = Math.min(pagePositions, past + rows - p * pagePositions);
                for (int h = 0; h < kvHeads; h++) {
                    long end = ((long) h * pagePositions + used) * headDim;
                    Elementwise.fill(keyPages[p], end, Float.NaN, (pagePositions - used) * headDim);
                    Elementwise.fill(valuePages[p], end, Float.NaN, (pagePositions - used) * headDim);
                }
            }
        }

        float key(int head, int s, int d) {
            return at(keyPages, head, s, d);
        }

        float value(int head, int s, int d) {
            return at(valuePages, head, s, d);
        }

        private float at(MemorySegment[] pages, int head, int s, int d) {
            return Floats.get(
                    pages[s / pagePositions], ((long) head * pagePositions + s % pagePositions) * headDim + d);
        }

        /** The textbook formula in double: all scores, softmax, weighted sum. */
        float[] expected() {
            float[] out = new float[rows * heads * headDim];
            for (int t = 0; t < rows; t++) {
                for (int h = 0; h < heads; h++) {
                    int seen = past + t + 1;
                    double[] weights = new double[seen];
                    double max = Double.NEGATIVE_INFINITY;
                    for (int s = 0; s < seen; s++) {
                        double dot = 0;
                        for (int d = 0; d < headDim; d++) {
                            dot += (double) Floats.get(q, 1 + (long) t * qStride + (long) h * headDim + d)
                                    * key(h / (heads / kvHeads), s, d);
                        }
                        weights[s] = dot * scale;
                        max = Math.max(max, weights[s]);
                    }
                    double total = 0;
                    for (int s = 0; s < seen; s++) {
                        weights[s] = Math.exp(weights[s] - max);
                        total += weights[s];
                    }
                    for (int d = 0; d < headDim; d++) {
                        double sum = 0;
                        for (int s = 0; s < seen; s++) {
                            sum += weights[s] * value(h / (heads / kvHeads), s, d);
                        }
                        out[(t * heads + h) * headDim + d] = (float) (sum / total);
                    }
                }
            }
            return out;
        }

        /** Through the facade, in units one by one from the last to the first. */
        float[] actual() {
            Attention.Scratch scratch = new Attention.Scratch();
            for (int unit = Attention.prefillUnits(rows, heads, kvHeads); --unit >= 0; ) {
                prefill(0, rows, unit, unit + 1, scratch);
            }
            return output();
        }

        /** Rows {@code from} to {@code to} as a chunk of their own. */
        void prefill(int from, int to, int unitFrom, int unitTo, Attention.Scratch scratch) {
            Attention.prefill(
                    q,
                    1 + (long) from * qStride,
                    qStride,
                    keyPages,
                    valuePages,
                    pagePositions,
                    past + from,
                    to - from,
                    heads,
                    kvHeads,
                    headDim,
                    scale,
                    y,
                    1 + (long) from * yStride,
                    yStride,
                    unitFrom,
                    unitTo,
                    scratch);
        }

        void decode(int from, int to, int headFrom, int headTo, Attention.Scratch scratch) {
            Attention.decode(
                    q,
                    1 + (long) from * qStride,
                    qStride,
                    keyPages,
                    valuePages,
                    pagePositions,
                    past + from,
                    to - from,
                    heads,
                    kvHeads,
                    headDim,
                    scale,
                    y,
                    1 + (long) from * yStride,
                    yStride,
                    headFrom,
                    headTo,
                    scratch);
        }

        /** Every block through one kernel, with {@code times} as many rows as it asks for. */
        float[] through(AttentionKernel kernel, int times) {
            Attention.Scratch scratch = new Attention.Scratch();
            int group = heads / kvHeads;
            int step = times * kernel.blockRows(group);
            kernel.reserve(scratch, step * group, headDim);
            for (int head = 0; head < kvHeads; head++) {
                for (int from = 0; from < rows; from += step) {
                    long column = (long) head * group * headDim;
                    long page = (long) head * pagePositions * headDim;
                    kernel.block(
                            q,
                            1 + (long) from * qStride + column,
                            qStride,
                            keyPages,
                            page,
                            headDim,
                            valuePages,
                            page,
                            headDim,
                            pagePositions,
                            Math.min(step, rows - from),
                            group,
                            headDim,
                            scale,
                            0,
                            past + from + 1,
                            1,
                            y,
                            1 + (long) from * yStride + column,
                            yStride,
                            scratch);
                }
            }
            return output();
        }

        /** The output so far; clears it, and fails if anything between the rows was written. */
        float[] output() {
            int width = heads * headDim;
            float[] out = new float[rows * width];
            for (int t = 0; t < rows; t++) {
                System.arraycopy(TestMemory.array(y, 1 + (long) t * yStride, width), 0, out, t * width, width);
                assertEquals(0f, Floats.get(y, (long) t * yStride), "in front of row " + t);
            }
            y.fill((byte) 0);
            return out;
        }

        @Override
        public String toString() {
            return "rows=" + rows + ", past=" + past + ", heads=" + heads + ", kvHeads=" + kvHeads + ", headDim="
                    + headDim + ", pagePositions=" + pagePositions + ", seed=" + SEED;
        }
    }

    private static final int[][] SIZES = {
        // rows, past, heads, kvHeads, headDim, pagePositions
        {1, 0, 1, 1, 1, 1},
        {1, 0, 2, 1, 5, 4},
        {3, 5, 4, 2, 16, 4},
        {7, 0, 6, 2, 24, 32},
        {13, 100, 7, 1, 33, 64},
        {1, 300, 16, 2, 128, 256},
        {2, 95, 8, 1, 64, 96},
        {25, 207, 8, 2, 80, 128},
        {100, 3, 1, 1, 7, 100},
        {97, 0, 2, 2, 20, 17},
        {65, 130, 3, 1, 48, 1000},
        {2, 200, 100, 1, 8, 64},
        {150, 60, 4, 2, 12, 77},
    };

    @Test
    void agreesWithTheFormula() {
        for (int[] size : SIZES) {
            Case c = new Case(size[0], size[1], size[2], size[3], size[4], size[5]);
            float[] expected = c.expected();
            TestMemory.assertClose(expected, c.through(new ScalarAttention(), 1), 0, 4e-6, "scalar: " + c);
            float[] vector = c.through(new VectorAttention(), 1);
            TestMemory.assertClose(expected, vector, 0, 4e-6, "vector: " + c);
            TestMemory.assertClose(vector, c.through(new VectorAttention(), 3), 0, 0, "three times the rows: " + c);
            TestMemory.assertClose(expected, c.actual(), 0, 4e-6, "facade: " + c);
        }
    }

    @Test
    void givesTheSameBitsForAnyChunksAndThroughDecode() {
        Random random = new Random(SEED);
        for (int[] size : SIZES) {
            Case c = new Case(size[0], size[1], size[2], size[3], size[4], size[5]);
            float[] whole = c.actual();
            Attention.Scratch scratch = new Attention.Scratch();
            for (int from = 0; from < c.rows; ) {
                int to = from + 1 + random.nextInt(c.rows - from);
                c.prefill(from, to, 0, Attention.prefillUnits(to - from, c.heads, c.kvHeads), scratch);
                from = to;
            }
            TestMemory.assertClose(whole, c.output(), 0, 0, "chunks: " + c);
            for (int t = 0; t < c.rows; t++) {
                c.decode(t, t + 1, 0, c.kvHeads, scratch);
            }
            TestMemory.assertClose(whole, c.output(), 0, 0, "decode: " + c);
            for (int head = c.kvHeads; --head >= 0; ) {
                c.decode(0, c.rows, head, head + 1, scratch);
            }
            TestMemory.assertClose(whole, c.output(), 0, 0, "decode of all rows: " + c);
        }
    }

    @Test
    void survivesLargeScores() {
        Case c = new Case(5, 120, 4, 2, 16, 64);
        Elementwise.scale(c.q, 0, 3000, c.q, 0, (int) (c.q.byteSize() / 4));
        // One key wins everywhere: the output is its value.
        TestMemory.assertClose(c.expected(), c.actual(), 0, 1e-5, c.toString());
    }

    @Test
    void aNaNReachesTheRowsThatSeeIt() {
        Case c = new Case(3, 2, 2, 1, 8, 16);
        Floats.set(c.keyPages[0], 3 * 8 + 1, Float.NaN);
        float[] out = c.actual();
        for (int i = 0; i < out.length; i++) {
            assertEquals(i >= 16, Float.isNaN(out[i]), "position 3 is seen by rows 1 and 2, at " + i);
        }
    }

    @Test
    void exponentialsDifferFromExpOnlyWhereTheyAreDenormal() {
        Random random = new Random(SEED);
        int lanes = Vectors.LANES;
        float[] weights = new float[2 * AttentionTiles.PANEL];
        for (int count = 0; count <= AttentionTiles.KEYS; count++) {
            float[] x = new float[count * lanes];
            for (int i = 0; i < x.length; i++) {
                x[i] = -95 + 183 * random.nextFloat();
            }
            if (count > 2) {
                x[0] = Float.NEGATIVE_INFINITY;
                x[x.length - 1] = Float.NaN;
            }
            System.arraycopy(x, 0, weights, AttentionTiles.PANEL, x.length);
            float[] total = new float[3 * lanes];
            AttentionTiles.exponentials(weights, AttentionTiles.PANEL, count, new float[3 * lanes], total, 2 * lanes);
            MemorySegment y = TestMemory.of(x);
            VectorMath.exp(y, 0, y, 0, x.length);
            float[] sums = new float[lanes];
            for (int i = 0; i < x.length; i++) {
                float expected = x[i] < -87.3f ? 0 : Floats.get(y, i);
                sums[i % lanes] += expected;
                String what = "x=" + x[i] + ", count=" + count + ", seed=" + SEED;
                // The scalar kernels' exp is another function: equal to rounding only.
                float close = KernelProvider.vector() || !(expected > 0) ? 0 : 1e-6f * expected;
                assertTrue(near(expected, weights[AttentionTiles.PANEL + i], close), what);
            }
            for (int i = 0; i < lanes; i++) {
                assertEquals(0, total[i]);
                assertTrue(near(sums[i], total[2 * lanes + i], 1e-5f * sums[i]), "count=" + count + ", seed=" + SEED);
            }
        }
    }

    private static boolean near(float expected, float actual, float distance) {
        return Float.compare(expected, actual) == 0 || Math.abs(expected - actual) <= distance;
    }

    @Test
    void reservesWhatItPredicts() {
        for (int[] size : SIZES) {
            Attention.Scratch scratch = new Attention.Scratch();
            scratch.reserve(size[2], size[3], size[4]);
            assertEquals(Attention.scratchBytes(size[2], size[3], size[4]), scratch.bytes());
        }
    }

    private static float scale(int headDim) {
        return (float) (1 / Math.sqrt(headDim));
    }

    /** Plain rows [T, H*D] and a mask given as the range of keys that each row sees. */
    private interface Rows {
        void run(MemorySegment q, MemorySegment k, MemorySegment v, MemorySegment y, int unitFrom, int unitTo);
    }

    private static void assertMasked(
            int rows, int heads, int headDim, int units, int[] from, int[] to, Rows attention) {
        Random random = new Random(SEED);
        int width = heads * headDim;
        float scale = scale(headDim);
        MemorySegment q = TestMemory.normal(random, (long) rows * (width + 1), 2);
        MemorySegment k = TestMemory.normal(random, 2 + (long) rows * (width + 5), 1);
        MemorySegment v = TestMemory.normal(random, 3 + (long) rows * (width + 2), 1);
        MemorySegment y = TestMemory.zeros((long) rows * (width + 3));
        MemorySegment expected = TestMemory.zeros((long) rows * (width + 3));
        for (int t = 0; t < rows; t++) {
            for (int h = 0; h < heads && from[t] < to[t]; h++) {
                new ScalarAttention()
                        .block(
                                q,
                                (long) t * (width + 1) + (long) h * headDim,
                                width + 1,
                                new MemorySegment[] {k},
                                2 + h * headDim,
                                width + 5,
                                new MemorySegment[] {v},
                                3 + h * headDim,
                                width + 2,
                                Integer.MAX_VALUE,
                                1,
                                1,
                                headDim,
                                scale,
                                from[t],
                                to[t],
                                0,
                                expected,
                                (long) t * (width + 3) + (long) h * headDim,
                                width + 3,
                                new Attention.Scratch());
            }
        }
        attention.run(q, k, v, y, 0, units);
        String what = "rows=" + rows + ", heads=" + heads + ", headDim=" + headDim + ", seed=" + SEED;
        TestMemory.assertClose(expected, y, 0, 4e-6, what);
        MemorySegment unitwise = TestMemory.zeros((long) rows * (width + 3));
        for (int unit = units; --unit >= 0; ) {
            attention.run(q, k, v, unitwise, unit, unit + 1);
        }
        TestMemory.assertSame(y, unitwise, "unit by unit: " + what);
    }

    @Test
    void segmentsSeeOnlyThemselves() {
        int[][] lists = {{0, 1}, {0, 64, 128}, {2, 5, 5, 6, 206, 210}, {0, 300}, {0, 288, 689}, {0, 0}, {}};
        for (int[] starts : lists) {
            int rows = starts.length == 0 ? 3 : starts[starts.length - 1] + 2;
            int[] from = new int[rows];
            int[] to = new int[rows];
            for (int s = 0; s + 1 < starts.length; s++) {
                for (int t = starts[s]; t < starts[s + 1]; t++) {
                    from[t] = starts[s];
                    to[t] = starts[s + 1];
                }
            }
            for (int[] size : new int[][] {{1, 5}, {3, 16}, {2, 80}}) {
                int heads = size[0];
                int headDim = size[1];
                int width = heads * headDim;
                Attention.Scratch scratch = new Attention.Scratch();
                assertMasked(
                        rows,
                        heads,
                        headDim,
                        Attention.segmentUnits(starts, heads),
                        from,
                        to,
                        (q, k, v, y, a, b) -> Attention.segments(
                                q,
                                0,
                                width + 1,
                                k,
                                2,
                                width + 5,
                                v,
                                3,
                                width + 2,
                                starts,
                                heads,
                                headDim,
                                scale(headDim),
                                y,
                                0,
                                width + 3,
                                a,
                                b,
                                scratch));
            }
        }
    }

    @Test
    void blocksSeeTheirNeighbours() {
        int[][] masks = {{1, 0, 0}, {24, 0, 0}, {24, 1, 0}, {24, 0, 1}, {24, 2, 1}, {100, 1, 1}, {7, 100, 100}};
        for (int[] mask : masks) {
            for (int rows : new int[] {1, 24, 25, 100, 207}) {
                int[] from = new int[rows];
                int[] to = new int[rows];
                for (int t = 0; t < rows; t++) {
                    int block = t / mask[0];
                    from[t] = Math.max(0, (block - mask[1]) * mask[0]);
                    to[t] = Math.min(rows, (block + mask[2] + 1) * mask[0]);
                }
                Attention.Scratch scratch = new Attention.Scratch();
                int width = 2 * 9;
                assertMasked(
                        rows,
                        2,
                        9,
                        Attention.blockSlidingUnits(rows, mask[0], 2),
                        from,
                        to,
                        (q, k, v, y, a, b) -> Attention.blockSliding(
                                q, 0, width + 1, k, 2, width + 5, v, 3, width + 2, 0, rows, mask[0], mask[1], mask[2],
                                2, 9, scale(9), y, 0, width + 3, a, b, scratch));
            }
        }
    }

    @Test
    void piecesOfBlocksGiveTheBitsOfTheWhole() {
        int rows = 100;
        int blockSize = 24;
        int past = 48;
        int width = 2 * 9;
        int units = Attention.blockSlidingUnits(rows, blockSize, 2);
        int lastUnits = Attention.blockSlidingUnits(rows - past, blockSize, 2);
        Random random = new Random(SEED);
        MemorySegment q = TestMemory.normal(random, (long) rows * width, 1);
        MemorySegment k = TestMemory.normal(random, (long) rows * width, 1);
        MemorySegment v = TestMemory.normal(random, (long) rows * width, 1);
        MemorySegment whole = TestMemory.zeros((long) rows * width);
        MemorySegment last = TestMemory.zeros((long) (rows - past) * width);
        Attention.Scratch scratch = new Attention.Scratch();
        for (int back = 0; back < 3; back++) {
            Attention.blockSliding(
                    q, 0, width, k, 0, width, v, 0, width, 0, rows, blockSize, back, 1, 2, 9, scale(9), whole, 0, width,
                    0, units, scratch);
            int seen = back * blockSize;
            long first = (long) (past - seen) * width;
            Attention.blockSliding(
                    q,
                    (long) past * width,
                    width,
                    k,
                    first,
                    width,
                    v,
                    first,
                    width,
                    seen,
                    rows - past,
                    blockSize,
                    back,
                    1,
                    2,
                    9,
                    scale(9),
                    last,
                    0,
                    width,
                    0,
                    lastUnits,
                    scratch);
            TestMemory.assertClose(
                    TestMemory.array(whole, (long) past * width, (rows - past) * width),
                    TestMemory.array(last),
                    0,
                    0,
                    "back=" + back + ", seed=" + SEED);
        }
        assertEquals(
                "attention: past=23, rows=100, blockSize=24",
                refusal(() -> Attention.blockSliding(
                        q, 0, width, k, 0, width, v, 0, width, 23, rows, blockSize, 1, 1, 2, 9, 1, whole, 0, width, 0,
                        units, scratch)));
    }

    private static String refusal(Runnable call) {
        return String.valueOf(
                assertThrows(IllegalArgumentException.class, call::run).getMessage());
    }

    @Test
    void shouldRefuseSizesThatContradictEachOther() {
        Case c = new Case(2, 3, 4, 2, 8, 4);
        Attention.Scratch scratch = new Attention.Scratch();
        assertEquals("attention: heads=4, kvHeads=3, headDim=1", refusal(() -> Attention.prefillUnits(1, 4, 3)));
        assertEquals("attention: unitFrom=0, unitTo=9, units=2", refusal(() -> c.decode(0, 2, 0, 9, scratch)));
        assertEquals(
                "attention: pages are missing: past=7, rows=2, pagePositions=4, keyPages=2, valuePages=2",
                refusal(() -> Attention.decode(
                        c.q, 0, 35, c.keyPages, c.valuePages, 4, 7, 2, 4, 2, 8, 1, c.y, 0, 33, 0, 1, scratch)));
        assertEquals(
                "attention: key page 0: outside its memory: offset=0, n=128, floats=64",
                refusal(() -> Attention.decode(
                        c.q, 0, 35, c.keyPages, c.valuePages, 8, 3, 2, 4, 2, 8, 1, c.y, 0, 33, 0, 1, scratch)));
        assertEquals(
                "attention: q: outside its memory: offset=7, stride=35, rows=2, columns=32, floats=71",
                refusal(() -> Attention.decode(
                        c.q, 7, 35, c.keyPages, c.valuePages, 4, 3, 2, 4, 2, 8, 1, c.y, 0, 33, 0, 1, scratch)));
        assertEquals(
                "attention: segment 1: from=5, to=4", refusal(() -> Attention.segmentUnits(new int[] {0, 5, 4}, 2)));
        assertEquals("attention: rows=4, blockSize=0", refusal(() -> Attention.blockSlidingUnits(4, 0, 2)));
    }
}
