package omni.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * The inner loops of {@link VectorAttention}: a block of queries against one tile of keys and values, all in arrays, where C2 removes the
 * bounds checks.
 *
 * <p>A panel is one vector wide. Queries: {@code panel[d][lane]}, a query per lane. Weights: {@code panel[key][lane]}, first the scores,
 * then their exponentials. Values: {@code panel[key][lane]}, lanes along d. Keys and sums have rows along d.
 *
 * <p>Every sum runs over ascending d or ascending keys in one accumulator, so its bits do not depend on the shape of the tiles. These
 * are chosen by registers: C2 loads all operands of a step before it multiplies, so 3 + 3 + 9 of 16, 4 + 2 + 8, or 8 + 1 + 8 where the
 * last broadcast needs none; all have the eight accumulators that two multiply-adds a cycle of four cycles' latency ask for.
 */
final class AttentionTiles {
    /** Keys in a tile: a panel of values (3 KiB at 256 bits) and three of queries (12 KiB for D = 128) stay in the L1 cache. */
    static final int KEYS = 96;

    private static final int L = Vectors.LANES;

    /** Floats of a panel of weights or values. */
    static final int PANEL = KEYS * L;

    private AttentionTiles() {}

    /** Where the weight of key 0 and row {@code row} lies, panels being {@code panel} floats long. */
    private static int lane(int panel, int row) {
        return row / L * panel + row % L;
    }

    private static FloatVector load(float[] x, int offset) {
        return FloatVector.fromArray(Vectors.F32, x, offset);
    }

    private static FloatVector splat(float x) {
        return FloatVector.broadcast(Vectors.F32, x);
    }

    /**
     * {@code weights[v][j][lane] = sum_d keys[j][d] queries[v][d][lane]}. Computes some keys more, up to a multiple of 24, from what
     * the array holds there.
     *
     * @param query where the first panel of queries begins
     */
    static void scores(float[] keys, int count, float[] queries, int query, int vectors, int headDim, float[] weights) {
        for (int v = 0; v < vectors; ) {
            int width = width(vectors - v);
            int height = height(width);
            for (int j = 0; j < count; j += height) {
                int key = j * headDim;
                int panel = query + v * headDim * L;
                int weight = v * PANEL + j * L;
                switch (width) {
                    case 3 -> scores3x3(keys, key, headDim, queries, panel, headDim, weights, weight, PANEL);
                    case 2 -> scores4x2(keys, key, headDim, queries, panel, headDim, weights, weight, PANEL);
                    default -> scores8x1(keys, key, headDim, queries, panel, headDim, weights, weight);
                }
            }
            v += width;
        }
    }

    /**
     * {@code sums[row][d] = keep[row] sums[row][d] + sum_j weights[row][j] values[j][d]}. Computes some rows more, up to a multiple of
     * 24, from what the arrays hold there.
     *
     * @param first row of {@code keep} and {@code sums} that is row 0 of the weights
     */
    static void weigh(
            float[] weights,
            int rows,
            float[] values,
            int valueVectors,
            int count,
            float[] keep,
            int first,
            float[] sums) {
        int stride = valueVectors * L;
        for (int v = 0; v < valueVectors; ) {
            int width = width(valueVectors - v);
            int height = height(width);
            for (int row = 0; row < rows; row += height) {
                int sum = (first + row) * stride + v * L;
                switch (width) {
                    case 3 ->
                        weigh3x3(weights, PANEL, row, values, v * PANEL, count, keep, first + row, sums, sum, stride);
                    case 2 ->
                        weigh4x2(weights, PANEL, row, values, v * PANEL, count, keep, first + row, sums, sum, stride);
                    default ->
                        weigh8x1(weights, PANEL, row, values, v * PANEL, count, keep, first + row, sums, sum, stride);
                }
            }
            v += width;
        }
    }

    /** Vectors of the next tile when {@code left} remain: threes, then twos; a single one only where there is no other. */
    private static int width(int left) {
        return left == 4 || left == 2 ? 2 : Math.min(left, 3);
    }

    /** Rows or keys of a tile of {@code width} vectors. */
    private static int height(int width) {
        return width == 3 ? 3 : width == 2 ? 4 : 8;
    }

    /** Scores of one panel that a lane does not see become minus infinity: lane i sees the keys before {@code seen[lane + i]}. */
    static void mask(float[] weights, int panel, int count, float[] seen, int lane) {
        FloatVector end = load(seen, lane);
        for (int j = 0; j < count; j++) {
            load(weights, panel + j * L)
                    .blend(Float.NEGATIVE_INFINITY, end.compare(VectorOperators.LE, j))
                    .intoArray(weights, panel + j * L);
        }
    }

    /**
     * First part of a step of the online softmax, for one panel: raises {@code max} to the highest score so far; {@code keep} becomes
     * the logarithm of the factor to what was summed with the former maximum.
     */
    static void raise(float[] weights, int panel, int count, float[] max, float[] keep, int lane) {
        FloatVector before = load(max, lane);
        FloatVector m = before;
        for (int j = 0; j < count; j++) {
            FloatVector score = load(weights, panel + j * L);
            // A comparison and a blend; max would also order zeros. A NaN stays out of the maximum, but not of the
            // exponentials.
            m = m.blend(score, score.compare(VectorOperators.GT, m));
        }
        m.intoArray(max, lane);
        before.sub(m).intoArray(keep, lane);
    }

    /** Second part, for all panels at once: {@code keep} becomes the factor, and the sums of exponentials are multiplied by it. */
    static void rescale(float[] total, float[] keep, int lane, int lanes) {
        for (int i = lane; i < lane + lanes; i += L) {
            FloatVector factor = VectorFunctions.exp(load(keep, i));
            factor.intoArray(keep, i);
            load(total, i).mul(factor).intoArray(total, i);
        }
    }

    /**
     * Third part, for one panel: the scores become {@code exp(score - max)}, which are added to {@code total}.
     *
     * <p>What would be denormal is 0. Two vectors of keys, written out: short, this method would become part of its caller, where C2 no longer
     * inlines helpers for the size that is reached, and boxes their vectors: a third of the speed of all the attention. With 325
     * bytes and more it stays a method of its own. Of an odd number of keys one more is computed from what the array holds there.
     */
    static void exponentials(float[] weights, int panel, int count, float[] max, float[] total, int lane) {
        FloatVector m = FloatVector.fromArray(Vectors.F32, max, lane);
        FloatVector t = FloatVector.fromArray(Vectors.F32, total, lane);
        FloatVector high = FloatVector.broadcast(Vectors.F32, -VectorFunctions.LN2_HIGH);
        FloatVector low = FloatVector.broadcast(Vectors.F32, -VectorFunctions.LN2_LOW);
        FloatVector c1 = FloatVector.broadcast(Vectors.F32, VectorFunctions.EXP_1);
        FloatVector c2 = FloatVector.broadcast(Vectors.F32, VectorFunctions.EXP_2);
        FloatVector c3 = FloatVector.broadcast(Vectors.F32, VectorFunctions.EXP_3);
        for (int j = 0; j < count; j += 2) {
            int at = panel + j * L;
            FloatVector x = FloatVector.fromArray(Vectors.F32, weights, at).sub(m);
            FloatVector rounded = x.fma(VectorFunctions.LOG2_E, VectorFunctions.ROUND);
            FloatVector k = rounded.sub(VectorFunctions.ROUND);
            FloatVector r = k.fma(low, k.fma(high, x));
            FloatVector q = r.fma(VectorFunctions.EXP_5, VectorFunctions.EXP_4)
                    .fma(r, c3)
                    .fma(r, c2)
                    .fma(r, c1);
            FloatVector e = q.fma(r.mul(r), r)
                    .add(1)
                    .mul(rounded.reinterpretAsInts()
                            .lanewise(VectorOperators.LSHL, 23)
                            .add(VectorFunctions.ONE)
                            .reinterpretAsFloats())
                    .blend(0, x.compare(VectorOperators.LT, VectorFunctions.EXP_DENORMAL));
            e.intoArray(weights, at);
            t = t.add(e);
            x = FloatVector.fromArray(Vectors.F32, weights, at + L).sub(m);
            rounded = x.fma(VectorFunctions.LOG2_E, VectorFunctions.ROUND);
            k = rounded.sub(VectorFunctions.ROUND);
            r = k.fma(low, k.fma(high, x));
            q = r.fma(VectorFunctions.EXP_5, VectorFunctions.EXP_4)
                    .fma(r, c3)
                    .fma(r, c2)
                    .fma(r, c1);
            e = q.fma(r.mul(r), r)
                    .add(1)
                    .mul(rounded.reinterpretAsInts()
                            .lanewise(VectorOperators.LSHL, 23)
                            .add(VectorFunctions.ONE)
                            .reinterpretAsFloats())
                    .blend(0, x.compare(VectorOperators.LT, VectorFunctions.EXP_DENORMAL));
            e.intoArray(weights, at + L);
            if (j + 1 < count) {
                t = t.add(e);
            }
        }
        t.intoArray(total, lane);
    }

    /** Three keys against three vectors of queries. */
    private static void scores3x3(
            float[] keys,
            int key,
            int keyStride,
            float[] queries,
            int query,
            int headDim,
            float[] weights,
            int weight,
            int panel) {
        int k1 = key + keyStride;
        int k2 = k1 + keyStride;
        int q1 = query + headDim * L;
        int q2 = q1 + headDim * L;
        FloatVector s00 = FloatVector.zero(Vectors.F32);
        FloatVector s01 = s00;
        FloatVector s02 = s00;
        FloatVector s10 = s00;
        FloatVector s11 = s00;
        FloatVector s12 = s00;
        FloatVector s20 = s00;
        FloatVector s21 = s00;
        FloatVector s22 = s00;
        for (int d = 0; d < headDim; d++) {
            FloatVector b0 = load(queries, query + d * L);
            FloatVector b1 = load(queries, q1 + d * L);
            FloatVector b2 = load(queries, q2 + d * L);
            FloatVector a0 = splat(keys[key + d]);
            s00 = b0.fma(a0, s00);
            s01 = b1.fma(a0, s01);
            s02 = b2.fma(a0, s02);
            FloatVector a1 = splat(keys[k1 + d]);
            s10 = b0.fma(a1, s10);
            s11 = b1.fma(a1, s11);
            s12 = b2.fma(a1, s12);
            FloatVector a2 = splat(keys[k2 + d]);
            s20 = b0.fma(a2, s20);
            s21 = b1.fma(a2, s21);
            s22 = b2.fma(a2, s22);
        }
        s00.intoArray(weights, weight);
        s01.intoArray(weights, weight + panel);
        s02.intoArray(weights, weight + 2 * panel);
        s10.intoArray(weights, weight + L);
        s11.intoArray(weights, weight + panel + L);
        s12.intoArray(weights, weight + 2 * panel + L);
        s20.intoArray(weights, weight + 2 * L);
        s21.intoArray(weights, weight + panel + 2 * L);
        s22.intoArray(weights, weight + 2 * panel + 2 * L);
    }

    /** Four keys against two vectors of queries. */
    private static void scores4x2(
            float[] keys,
            int key,
            int keyStride,
            float[] queries,
            int query,
            int headDim,
            float[] weights,
            int weight,
            int panel) {
        int k1 = key + keyStride;
        int k2 = k1 + keyStride;
        int k3 = k2 + keyStride;
        int q1 = query + headDim * L;
        FloatVector s00 = FloatVector.zero(Vectors.F32);
        FloatVector s01 = s00;
        FloatVector s10 = s00;
        FloatVector s11 = s00;
        FloatVector s20 = s00;
        FloatVector s21 = s00;
        FloatVector s30 = s00;
        FloatVector s31 = s00;
        for (int d = 0; d < headDim; d++) {
            FloatVector b0 = load(queries, query + d * L);
            FloatVector b1 = load(queries, q1 + d * L);
            FloatVector a0 = splat(keys[key + d]);
            s00 = b0.fma(a0, s00);
            s01 = b1.fma(a0, s01);
            FloatVector a1 = splat(keys[k1 + d]);
            s10 = b0.fma(a1, s10);
            s11 = b1.fma(a1, s11);
            FloatVector a2 = splat(keys[k2 + d]);
            s20 = b0.fma(a2, s20);
            s21 = b1.fma(a2, s21);
            FloatVector a3 = splat(keys[k3 + d]);
            s30 = b0.fma(a3, s30);
            s31 = b1.fma(a3, s31);
        }
        s00.intoArray(weights, weight);
        s01.intoArray(weights, weight + panel);
        s10.intoArray(weights, weight + L);
        s11.intoArray(weights, weight + panel + L);
        s20.intoArray(weights, weight + 2 * L);
        s21.intoArray(weights, weight + panel + 2 * L);
        s30.intoArray(weights, weight + 3 * L);
        s31.intoArray(weights, weight + panel + 3 * L);
    }

    /** Eight keys against one vector of queries. */
    private static void scores8x1(
            float[] keys,
            int key,
            int keyStride,
            float[] queries,
            int query,
            int headDim,
            float[] weights,
            int weight) {
        int k1 = key + keyStride;
        int k2 = k1 + keyStride;
        int k3 = k2 + keyStride;
        int k4 = k3 + keyStride;
        int k5 = k4 + keyStride;
        int k6 = k5 + keyStride;
        int k7 = k6 + keyStride;
        FloatVector s00 = FloatVector.zero(Vectors.F32);
        FloatVector s10 = s00;
        FloatVector s20 = s00;
        FloatVector s30 = s00;
        FloatVector s40 = s00;
        FloatVector s50 = s00;
        FloatVector s60 = s00;
        FloatVector s70 = s00;
        for (int d = 0; d < headDim; d++) {
            FloatVector b0 = load(queries, query + d * L);
            FloatVector a0 = splat(keys[key + d]);
            s00 = b0.fma(a0, s00);
            FloatVector a1 = splat(keys[k1 + d]);
            s10 = b0.fma(a1, s10);
            FloatVector a2 = splat(keys[k2 + d]);
            s20 = b0.fma(a2, s20);
            FloatVector a3 = splat(keys[k3 + d]);
            s30 = b0.fma(a3, s30);
            FloatVector a4 = splat(keys[k4 + d]);
            s40 = b0.fma(a4, s40);
            FloatVector a5 = splat(keys[k5 + d]);
            s50 = b0.fma(a5, s50);
            FloatVector a6 = splat(keys[k6 + d]);
            s60 = b0.fma(a6, s60);
            FloatVector a7 = splat(keys[k7 + d]);
            s70 = b0.fma(a7, s70);
        }
        s00.intoArray(weights, weight);
        s10.intoArray(weights, weight + L);
        s20.intoArray(weights, weight + 2 * L);
        s30.intoArray(weights, weight + 3 * L);
        s40.intoArray(weights, weight + 4 * L);
        s50.intoArray(weights, weight + 5 * L);
        s60.intoArray(weights, weight + 6 * L);
        s70.intoArray(weights, weight + 7 * L);
    }

    /** Three queries, three vectors of d. */
    private static void weigh3x3(
            float[] weights,
            int panel,
            int row,
            float[] values,
            int value,
            int keys,
            float[] keep,
            int kept,
            float[] sums,
            int sum,
            int sumStride) {
        int w0 = lane(panel, row);
        int w1 = lane(panel, row + 1);
        int w2 = lane(panel, row + 2);
        int v1 = value + panel;
        int v2 = v1 + panel;
        FloatVector s00 = FloatVector.zero(Vectors.F32);
        FloatVector s01 = s00;
        FloatVector s02 = s00;
        FloatVector s10 = s00;
        FloatVector s11 = s00;
        FloatVector s12 = s00;
        FloatVector s20 = s00;
        FloatVector s21 = s00;
        FloatVector s22 = s00;
        for (int j = 0; j < keys; j++) {
            FloatVector b0 = load(values, value + j * L);
            FloatVector b1 = load(values, v1 + j * L);
            FloatVector b2 = load(values, v2 + j * L);
            FloatVector a0 = splat(weights[w0 + j * L]);
            s00 = b0.fma(a0, s00);
            s01 = b1.fma(a0, s01);
            s02 = b2.fma(a0, s02);
            FloatVector a1 = splat(weights[w1 + j * L]);
            s10 = b0.fma(a1, s10);
            s11 = b1.fma(a1, s11);
            s12 = b2.fma(a1, s12);
            FloatVector a2 = splat(weights[w2 + j * L]);
            s20 = b0.fma(a2, s20);
            s21 = b1.fma(a2, s21);
            s22 = b2.fma(a2, s22);
        }
        FloatVector factor = splat(keep[kept]);
        load(sums, sum).fma(factor, s00).intoArray(sums, sum);
        load(sums, sum + L).fma(factor, s01).intoArray(sums, sum + L);
        load(sums, sum + 2 * L).fma(factor, s02).intoArray(sums, sum + 2 * L);
        factor = splat(keep[kept + 1]);
        load(sums, sum + sumStride).fma(factor, s10).intoArray(sums, sum + sumStride);
        load(sums, sum + sumStride + L).fma(factor, s11).intoArray(sums, sum + sumStride + L);
        load(sums, sum + sumStride + 2 * L).fma(factor, s12).intoArray(sums, sum + sumStride + 2 * L);
        factor = splat(keep[kept + 2]);
        load(sums, sum + 2 * sumStride).fma(factor, s20).intoArray(sums, sum + 2 * sumStride);
        load(sums, sum + 2 * sumStride + L).fma(factor, s21).intoArray(sums, sum + 2 * sumStride + L);
        load(sums, sum + 2 * sumStride + 2 * L).fma(factor, s22).intoArray(sums, sum + 2 * sumStride + 2 * L);
    }

    /** Four queries, two vectors of d. */
    private static void weigh4x2(
            float[] weights,
            int panel,
            int row,
            float[] values,
            int value,
            int keys,
            float[] keep,
            int kept,
            float[] sums,
            int sum,
            int sumStride) {
        int w0 = lane(panel, row);
        int w1 = lane(panel, row + 1);
        int w2 = lane(panel, row + 2);
        int w3 = lane(panel, row + 3);
        int v1 = value + panel;
        FloatVector s00 = FloatVector.zero(Vectors.F32);
        FloatVector s01 = s00;
        FloatVector s10 = s00;
        FloatVector s11 = s00;
        FloatVector s20 = s00;
        FloatVector s21 = s00;
        FloatVector s30 = s00;
        FloatVector s31 = s00;
        for (int j = 0; j < keys; j++) {
            FloatVector b0 = load(values, value + j * L);
            FloatVector b1 = load(values, v1 + j * L);
            FloatVector a0 = splat(weights[w0 + j * L]);
            s00 = b0.fma(a0, s00);
            s01 = b1.fma(a0, s01);
            FloatVector a1 = splat(weights[w1 + j * L]);
            s10 = b0.fma(a1, s10);
            s11 = b1.fma(a1, s11);
            FloatVector a2 = splat(weights[w2 + j * L]);
            s20 = b0.fma(a2, s20);
            s21 = b1.fma(a2, s21);
            FloatVector a3 = splat(weights[w3 + j * L]);
            s30 = b0.fma(a3, s30);
            s31 = b1.fma(a3, s31);
        }
        FloatVector factor = splat(keep[kept]);
        load(sums, sum).fma(factor, s00).intoArray(sums, sum);
        load(sums, sum + L).fma(factor, s01).intoArray(sums, sum + L);
        factor = splat(keep[kept + 1]);
        load(sums, sum + sumStride).fma(factor, s10).intoArray(sums, sum + sumStride);
        load(sums, sum + sumStride + L).fma(factor, s11).intoArray(sums, sum + sumStride + L);
        factor = splat(keep[kept + 2]);
        load(sums, sum + 2 * sumStride).fma(factor, s20).intoArray(sums, sum + 2 * sumStride);
        load(sums, sum + 2 * sumStride + L).fma(factor, s21).intoArray(sums, sum + 2 * sumStride + L);
        factor = splat(keep[kept + 3]);
        load(sums, sum + 3 * sumStride).fma(factor, s30).intoArray(sums, sum + 3 * sumStride);
        load(sums, sum + 3 * sumStride + L).fma(factor, s31).intoArray(sums, sum + 3 * sumStride + L);
    }

    /** Eight queries, one vector of d. */
    private static void weigh8x1(
            float[] weights,
            int panel,
            int row,
            float[] values,
            int value,
            int keys,
            float[] keep,
            int kept,
            float[] sums,
            int sum,
            int sumStride) {
        int w0 = lane(panel, row);
        int w1 = lane(panel, row + 1);
        int w2 = lane(panel, row + 2);
        int w3 = lane(panel, row + 3);
        int w4 = lane(panel, row + 4);
        int w5 = lane(panel, row + 5);
        int w6 = lane(panel, row + 6);
        int w7 = lane(panel, row + 7);
        FloatVector s00 = FloatVector.zero(Vectors.F32);
        FloatVector s10 = s00;
        FloatVector s20 = s00;
        FloatVector s30 = s00;
        FloatVector s40 = s00;
        FloatVector s50 = s00;
        FloatVector s60 = s00;
        FloatVector s70 = s00;
        for (int j = 0; j < keys; j++) {
            FloatVector b0 = load(values, value + j * L);
            FloatVector a0 = splat(weights[w0 + j * L]);
            s00 = b0.fma(a0, s00);
            FloatVector a1 = splat(weights[w1 + j * L]);
            s10 = b0.fma(a1, s10);
            FloatVector a2 = splat(weights[w2 + j * L]);
            s20 = b0.fma(a2, s20);
            FloatVector a3 = splat(weights[w3 + j * L]);
            s30 = b0.fma(a3, s30);
            FloatVector a4 = splat(weights[w4 + j * L]);
            s40 = b0.fma(a4, s40);
            FloatVector a5 = splat(weights[w5 + j * L]);
            s50 = b0.fma(a5, s50);
            FloatVector a6 = splat(weights[w6 + j * L]);
            s60 = b0.fma(a6, s60);
            FloatVector a7 = splat(weights[w7 + j * L]);
            s70 = b0.fma(a7, s70);
        }
        FloatVector factor = splat(keep[kept]);
        load(sums, sum).fma(factor, s00).intoArray(sums, sum);
        factor = splat(keep[kept + 1]);
        load(sums, sum + sumStride).fma(factor, s10).intoArray(sums, sum + sumStride);
        factor = splat(keep[kept + 2]);
        load(sums, sum + 2 * sumStride).fma(factor, s20).intoArray(sums, sum + 2 * sumStride);
        factor = splat(keep[kept + 3]);
        load(sums, sum + 3 * sumStride).fma(factor, s30).intoArray(sums, sum + 3 * sumStride);
        factor = splat(keep[kept + 4]);
        load(sums, sum + 4 * sumStride).fma(factor, s40).intoArray(sums, sum + 4 * sumStride);
        factor = splat(keep[kept + 5]);
        load(sums, sum + 5 * sumStride).fma(factor, s50).intoArray(sums, sum + 5 * sumStride);
        factor = splat(keep[kept + 6]);
        load(sums, sum + 6 * sumStride).fma(factor, s60).intoArray(sums, sum + 6 * sumStride);
        factor = splat(keep[kept + 7]);
        load(sums, sum + 7 * sumStride).fma(factor, s70).intoArray(sums, sum + 7 * sumStride);
    }
}
