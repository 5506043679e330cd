package omni.kernels;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Transposes squares of 8 by 8 floats in registers, a third of the instructions of moving them one by one: in three steps rows 1, 2
 * and 4 apart exchange the elements that stand on the wrong side. Panels of {@link Tiles} are filled and emptied by it.
 *
 * <p>Written without helper methods, as {@link Tiles} is; so the exchange stands once for what comes from off-heap memory and once for
 * what comes from an array.
 */
final class Squares {
    /** Rows and columns of a square. */
    static final int SIDE = 8;

    private static final VectorSpecies<Float> F = FloatVector.SPECIES_256;
    private static final VectorShuffle<Float> SWAP_1 = VectorShuffle.fromOp(F, i -> i ^ 1);
    private static final VectorShuffle<Float> SWAP_2 = VectorShuffle.fromOp(F, i -> i ^ 2);
    private static final VectorShuffle<Float> SWAP_4 = VectorShuffle.fromOp(F, i -> i ^ 4);

    // The lanes that have bit 1, 2 or 4 in their index.
    private static final VectorMask<Float> ODD_1 = VectorMask.fromLong(F, 0xaa);
    private static final VectorMask<Float> ODD_2 = VectorMask.fromLong(F, 0xcc);
    private static final VectorMask<Float> ODD_4 = VectorMask.fromLong(F, 0xf0);

    private Squares() {}

    /** How many of {@code n} rows or columns lie in whole squares: none with vectors of 128 bits, which hold no row of one. */
    static int whole(int n) {
        return Vectors.LANES < SIDE ? 0 : n / SIDE * SIDE;
    }

    /**
     * {@code panel[i, t] = X[t, i]} for 8 rows t.
     *
     * @param rows X, its first row at byte 0
     * @param rowBytes from one row of X to the next
     * @param inputs i runs from 0 to here, a multiple of 8
     * @param at where panel[0, 0] lies
     * @param width floats from one row of the panel to the next
     */
    static void pack(MemorySegment rows, long rowBytes, int inputs, float[] panel, int at, int width) {
        MemorySegment x = Floats.offHeap(rows);
        for (int i = 0; i < inputs; i += SIDE) {
            long from = i * 4L;
            FloatVector v0 = FloatVector.fromMemorySegment(F, x, from, LITTLE_ENDIAN);
            FloatVector v1 = FloatVector.fromMemorySegment(F, x, from + rowBytes, LITTLE_ENDIAN);
            FloatVector v2 = FloatVector.fromMemorySegment(F, x, from + 2 * rowBytes, LITTLE_ENDIAN);
            FloatVector v3 = FloatVector.fromMemorySegment(F, x, from + 3 * rowBytes, LITTLE_ENDIAN);
            FloatVector v4 = FloatVector.fromMemorySegment(F, x, from + 4 * rowBytes, LITTLE_ENDIAN);
            FloatVector v5 = FloatVector.fromMemorySegment(F, x, from + 5 * rowBytes, LITTLE_ENDIAN);
            FloatVector v6 = FloatVector.fromMemorySegment(F, x, from + 6 * rowBytes, LITTLE_ENDIAN);
            FloatVector v7 = FloatVector.fromMemorySegment(F, x, from + 7 * rowBytes, LITTLE_ENDIAN);
            FloatVector w0 = v0.blend(v1.rearrange(SWAP_1), ODD_1);
            FloatVector w1 = v0.rearrange(SWAP_1).blend(v1, ODD_1);
            FloatVector w2 = v2.blend(v3.rearrange(SWAP_1), ODD_1);
            FloatVector w3 = v2.rearrange(SWAP_1).blend(v3, ODD_1);
            FloatVector w4 = v4.blend(v5.rearrange(SWAP_1), ODD_1);
            FloatVector w5 = v4.rearrange(SWAP_1).blend(v5, ODD_1);
            FloatVector w6 = v6.blend(v7.rearrange(SWAP_1), ODD_1);
            FloatVector w7 = v6.rearrange(SWAP_1).blend(v7, ODD_1);
            FloatVector x0 = w0.blend(w2.rearrange(SWAP_2), ODD_2);
            FloatVector x2 = w0.rearrange(SWAP_2).blend(w2, ODD_2);
            FloatVector x1 = w1.blend(w3.rearrange(SWAP_2), ODD_2);
            FloatVector x3 = w1.rearrange(SWAP_2).blend(w3, ODD_2);
            FloatVector x4 = w4.blend(w6.rearrange(SWAP_2), ODD_2);
            FloatVector x6 = w4.rearrange(SWAP_2).blend(w6, ODD_2);
            FloatVector x5 = w5.blend(w7.rearrange(SWAP_2), ODD_2);
            FloatVector x7 = w5.rearrange(SWAP_2).blend(w7, ODD_2);
            FloatVector y0 = x0.blend(x4.rearrange(SWAP_4), ODD_4);
            FloatVector y4 = x0.rearrange(SWAP_4).blend(x4, ODD_4);
            FloatVector y1 = x1.blend(x5.rearrange(SWAP_4), ODD_4);
            FloatVector y5 = x1.rearrange(SWAP_4).blend(x5, ODD_4);
            FloatVector y2 = x2.blend(x6.rearrange(SWAP_4), ODD_4);
            FloatVector y6 = x2.rearrange(SWAP_4).blend(x6, ODD_4);
            FloatVector y3 = x3.blend(x7.rearrange(SWAP_4), ODD_4);
            FloatVector y7 = x3.rearrange(SWAP_4).blend(x7, ODD_4);
            int to = at + i * width;
            y0.intoArray(panel, to);
            y1.intoArray(panel, to + width);
            y2.intoArray(panel, to + 2 * width);
            y3.intoArray(panel, to + 3 * width);
            y4.intoArray(panel, to + 4 * width);
            y5.intoArray(panel, to + 5 * width);
            y6.intoArray(panel, to + 6 * width);
            y7.intoArray(panel, to + 7 * width);
        }
    }

    /**
     * {@code Y[u, r] = C[r, u] + b[r]} for 8 columns u, or that added to Y.
     *
     * @param at where C[0, 0] lies
     * @param width floats from one row of C to the next
     * @param bias b
     * @param outputs r runs from 0 to here, a multiple of 8
     * @param rows Y, its first row at byte 0
     * @param rowBytes from one row of Y to the next
     */
    static void store(
            float[] c,
            int at,
            int width,
            MemorySegment bias,
            int outputs,
            MemorySegment rows,
            long rowBytes,
            boolean add) {
        MemorySegment b = Floats.offHeap(bias);
        MemorySegment y = Floats.offHeap(rows);
        for (int r = 0; r < outputs; r += SIDE) {
            int from = at + r * width;
            FloatVector v0 = FloatVector.fromArray(F, c, from);
            FloatVector v1 = FloatVector.fromArray(F, c, from + width);
            FloatVector v2 = FloatVector.fromArray(F, c, from + 2 * width);
            FloatVector v3 = FloatVector.fromArray(F, c, from + 3 * width);
            FloatVector v4 = FloatVector.fromArray(F, c, from + 4 * width);
            FloatVector v5 = FloatVector.fromArray(F, c, from + 5 * width);
            FloatVector v6 = FloatVector.fromArray(F, c, from + 6 * width);
            FloatVector v7 = FloatVector.fromArray(F, c, from + 7 * width);
            FloatVector w0 = v0.blend(v1.rearrange(SWAP_1), ODD_1);
            FloatVector w1 = v0.rearrange(SWAP_1).blend(v1, ODD_1);
            FloatVector w2 = v2.blend(v3.rearrange(SWAP_1), ODD_1);
            FloatVector w3 = v2.rearrange(SWAP_1).blend(v3, ODD_1);
            FloatVector w4 = v4.blend(v5.rearrange(SWAP_1), ODD_1);
            FloatVector w5 = v4.rearrange(SWAP_1).blend(v5, ODD_1);
            FloatVector w6 = v6.blend(v7.rearrange(SWAP_1), ODD_1);
            FloatVector w7 = v6.rearrange(SWAP_1).blend(v7, ODD_1);
            FloatVector x0 = w0.blend(w2.rearrange(SWAP_2), ODD_2);
            FloatVector x2 = w0.rearrange(SWAP_2).blend(w2, ODD_2);
            FloatVector x1 = w1.blend(w3.rearrange(SWAP_2), ODD_2);
            FloatVector x3 = w1.rearrange(SWAP_2).blend(w3, ODD_2);
            FloatVector x4 = w4.blend(w6.rearrange(SWAP_2), ODD_2);
            FloatVector x6 = w4.rearrange(SWAP_2).blend(w6, ODD_2);
            FloatVector x5 = w5.blend(w7.rearrange(SWAP_2), ODD_2);
            FloatVector x7 = w5.rearrange(SWAP_2).blend(w7, ODD_2);
            FloatVector y0 = x0.blend(x4.rearrange(SWAP_4), ODD_4);
            FloatVector y4 = x0.rearrange(SWAP_4).blend(x4, ODD_4);
            FloatVector y1 = x1.blend(x5.rearrange(SWAP_4), ODD_4);
            FloatVector y5 = x1.rearrange(SWAP_4).blend(x5, ODD_4);
            FloatVector y2 = x2.blend(x6.rearrange(SWAP_4), ODD_4);
            FloatVector y6 = x2.rearrange(SWAP_4).blend(x6, ODD_4);
            FloatVector y3 = x3.blend(x7.rearrange(SWAP_4), ODD_4);
            FloatVector y7 = x3.rearrange(SWAP_4).blend(x7, ODD_4);
            long to = r * 4L;
            FloatVector plus = FloatVector.fromMemorySegment(F, b, to, LITTLE_ENDIAN);
            y0 = y0.add(plus);
            y1 = y1.add(plus);
            y2 = y2.add(plus);
            y3 = y3.add(plus);
            y4 = y4.add(plus);
            y5 = y5.add(plus);
            y6 = y6.add(plus);
            y7 = y7.add(plus);
            if (add) {
                y0 = FloatVector.fromMemorySegment(F, y, to, LITTLE_ENDIAN).add(y0);
                y1 = FloatVector.fromMemorySegment(F, y, to + rowBytes, LITTLE_ENDIAN)
                        .add(y1);
                y2 = FloatVector.fromMemorySegment(F, y, to + 2 * rowBytes, LITTLE_ENDIAN)
                        .add(y2);
                y3 = FloatVector.fromMemorySegment(F, y, to + 3 * rowBytes, LITTLE_ENDIAN)
                        .add(y3);
                y4 = FloatVector.fromMemorySegment(F, y, to + 4 * rowBytes, LITTLE_ENDIAN)
                        .add(y4);
                y5 = FloatVector.fromMemorySegment(F, y, to + 5 * rowBytes, LITTLE_ENDIAN)
                        .add(y5);
                y6 = FloatVector.fromMemorySegment(F, y, to + 6 * rowBytes, LITTLE_ENDIAN)
                        .add(y6);
                y7 = FloatVector.fromMemorySegment(F, y, to + 7 * rowBytes, LITTLE_ENDIAN)
                        .add(y7);
            }
            y0.intoMemorySegment(y, to, LITTLE_ENDIAN);
            y1.intoMemorySegment(y, to + rowBytes, LITTLE_ENDIAN);
            y2.intoMemorySegment(y, to + 2 * rowBytes, LITTLE_ENDIAN);
            y3.intoMemorySegment(y, to + 3 * rowBytes, LITTLE_ENDIAN);
            y4.intoMemorySegment(y, to + 4 * rowBytes, LITTLE_ENDIAN);
            y5.intoMemorySegment(y, to + 5 * rowBytes, LITTLE_ENDIAN);
            y6.intoMemorySegment(y, to + 6 * rowBytes, LITTLE_ENDIAN);
            y7.intoMemorySegment(y, to + 7 * rowBytes, LITTLE_ENDIAN);
        }
    }
}
