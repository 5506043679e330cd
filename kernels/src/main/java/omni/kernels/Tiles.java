package omni.kernels;

import static omni.kernels.Vectors.F32;

import jdk.incubator.vector.FloatVector;

/**
 * The micro-kernels of blocked matrix products: {@code C[R, P] += A[R, depth] B[depth, P]} with the tile of C in registers.
 *
 * <p>A is row-major with rows {@link #DEPTH} floats apart and is broadcast element by element; B is a panel of {@code P = vectors *
 * LANES} columns, one row of it after another; C is a panel with rows P floats apart. All three lie in arrays, int-indexed: where P is
 * a power of two C2 then removes the bounds checks from the loop.
 *
 * <p>Tiles are chosen by the number of registers: with 16 of them 6x2, and 8x1 for what is left of the columns; with 32, 8 rows of 3, 2
 * or 1 vectors. C2's scheduler prefers the loads of a step to its multiplications until it counts more live values than registers. In
 * 6x2 (12 sums, 2 of B, 6 broadcasts) it begins to count too late, and three sums would live on the stack, at a third of the speed.
 * Numbers that live across the loop, at no cost within it, make it begin in time. They are read from the next panel of B, whose lines
 * are then near when it is multiplied (2 to 3 % where X lies in the L3 cache; Java has no instruction for that). Unrolled, or with 4x3,
 * it spills whatever lives. So a step has as many multiplications as registers allow; that matters most where two hardware threads
 * share a core and the front end binds: 6x2 is then a quarter faster than 3x3 (AVX2, Zen 3).
 *
 * <p>Written without helper methods: C2 stops inlining them when a method has grown this large, and then boxes the vectors.
 */
final class Tiles {
    /** Whether the tiles for 32 registers are used. */
    private static final boolean WIDE = Vectors.REGISTERS >= 32;

    /**
     * Depth of a block of the sum: a panel of B of this depth stays in the L1 cache (12 KiB with AVX2, 36 KiB with AVX-512), and a
     * tile's beginning and end are a few percent of it.
     */
    static final int DEPTH = 192;

    /** Vectors across a full panel. */
    static final int VECTORS = vectors(WIDE);

    /** Columns of a full panel. */
    static final int COLUMNS = VECTORS * Vectors.LANES;

    /** Blocks of A have a multiple of this many rows: every tile's height divides it. */
    static final int ROWS = 24;

    private static final int L = Vectors.LANES;
    private static final int D = DEPTH;

    private Tiles() {}

    /** Vectors across a full panel, with the tiles for 32 registers or without. */
    static int vectors(boolean wide) {
        return wide ? 3 : 2;
    }

    /** Columns of the panel that begins at column {@code column} of {@code columns}: whole vectors. */
    static int panel(int column, int columns) {
        return Math.min(COLUMNS, Math.ceilDiv(columns - column, L) * L);
    }

    /** Rows of the tiles of a panel of so many columns; rows are computed in multiples of it. */
    static int height(int columns) {
        return height(WIDE, columns);
    }

    private static int height(boolean wide, int columns) {
        int vectors = columns / L;
        return wide || vectors == 1 ? 8 : 6;
    }

    /**
     * {@code C[rows, columns] += A[rows, depth] B[depth, columns]} for one panel.
     *
     * @param a rows DEPTH floats apart
     * @param rows a multiple of {@link #height}, which {@link #ROWS} always is
     * @param b the panel, {@code columns} floats to a row
     * @param columns 1 to {@link #VECTORS} vectors
     * @param depth at most DEPTH
     * @param c rows {@code columns} floats apart
     * @param ahead where in B the panel lies that is multiplied next: with 16 registers it is brought near on the way; {@code bOffset} if
     *     there is none
     */
    static void multiply(
            float[] a,
            int aOffset,
            int rows,
            float[] b,
            int bOffset,
            int columns,
            int depth,
            float[] c,
            int cOffset,
            int ahead) {
        multiply(WIDE, a, aOffset, rows, b, bOffset, columns, depth, c, cOffset, ahead);
    }

    /** @param wide whether to use the tiles for 32 registers; the result is the same */
    static void multiply(
            boolean wide,
            float[] a,
            int aOffset,
            int rows,
            float[] b,
            int bOffset,
            int columns,
            int depth,
            float[] c,
            int cOffset,
            int ahead) {
        int vectors = columns / L;
        int height = height(wide, columns);
        int apart = b.length > 8 * L ? 4 * L : 0;
        int farthest = b.length - 1 - 2 * apart;
        for (int r = 0; r < rows; r += height) {
            int ao = aOffset + r * D;
            int co = cOffset + r * columns;
            switch (vectors * 10 + height) {
                case 26 -> tile6x2(a, ao, b, bOffset, depth, c, co, Math.min(ahead + r * columns, farthest), apart);
                case 38 -> tile8x3(a, ao, b, bOffset, depth, c, co);
                case 28 -> tile8x2(a, ao, b, bOffset, depth, c, co);
                default -> tile8x1(a, ao, b, bOffset, depth, c, co);
            }
        }
    }

    /** @param ahead of three elements of B, {@code apart} floats apart, that are read for the sake of the cache: every second line's */
    private static void tile6x2(
            float[] a, int ao, float[] b, int bo, int depth, float[] c, int co, int ahead, int apart) {
        FloatVector zero = FloatVector.zero(F32);
        FloatVector c00 = zero, c01 = zero;
        FloatVector c10 = zero, c11 = zero;
        FloatVector c20 = zero, c21 = zero;
        FloatVector c30 = zero, c31 = zero;
        FloatVector c40 = zero, c41 = zero;
        FloatVector c50 = zero, c51 = zero;
        // Live across the loop for the sake of C2's scheduler, see above; where they are put, C is overwritten next.
        float live0 = b[ahead];
        float live1 = b[ahead + apart];
        float live2 = b[ahead + 2 * apart];
        int toB = bo - ao * 2 * L;
        for (int i = ao; i < ao + depth; i++) {
            int row = i * 2 * L + toB;
            FloatVector b0 = FloatVector.fromArray(F32, b, row);
            FloatVector b1 = FloatVector.fromArray(F32, b, row + L);
            FloatVector a0 = FloatVector.broadcast(F32, a[i]);
            c00 = b0.fma(a0, c00);
            c01 = b1.fma(a0, c01);
            FloatVector a1 = FloatVector.broadcast(F32, a[i + D]);
            c10 = b0.fma(a1, c10);
            c11 = b1.fma(a1, c11);
            FloatVector a2 = FloatVector.broadcast(F32, a[i + 2 * D]);
            c20 = b0.fma(a2, c20);
            c21 = b1.fma(a2, c21);
            FloatVector a3 = FloatVector.broadcast(F32, a[i + 3 * D]);
            c30 = b0.fma(a3, c30);
            c31 = b1.fma(a3, c31);
            FloatVector a4 = FloatVector.broadcast(F32, a[i + 4 * D]);
            c40 = b0.fma(a4, c40);
            c41 = b1.fma(a4, c41);
            FloatVector a5 = FloatVector.broadcast(F32, a[i + 5 * D]);
            c50 = b0.fma(a5, c50);
            c51 = b1.fma(a5, c51);
        }
        FloatVector first = FloatVector.fromArray(F32, c, co).add(c00);
        c[co] = live0;
        c[co + 1] = live1;
        c[co + 2] = live2;
        first.intoArray(c, co);
        FloatVector.fromArray(F32, c, co + L).add(c01).intoArray(c, co + L);
        FloatVector.fromArray(F32, c, co + 2 * L).add(c10).intoArray(c, co + 2 * L);
        FloatVector.fromArray(F32, c, co + 3 * L).add(c11).intoArray(c, co + 3 * L);
        FloatVector.fromArray(F32, c, co + 4 * L).add(c20).intoArray(c, co + 4 * L);
        FloatVector.fromArray(F32, c, co + 5 * L).add(c21).intoArray(c, co + 5 * L);
        FloatVector.fromArray(F32, c, co + 6 * L).add(c30).intoArray(c, co + 6 * L);
        FloatVector.fromArray(F32, c, co + 7 * L).add(c31).intoArray(c, co + 7 * L);
        FloatVector.fromArray(F32, c, co + 8 * L).add(c40).intoArray(c, co + 8 * L);
        FloatVector.fromArray(F32, c, co + 9 * L).add(c41).intoArray(c, co + 9 * L);
        FloatVector.fromArray(F32, c, co + 10 * L).add(c50).intoArray(c, co + 10 * L);
        FloatVector.fromArray(F32, c, co + 11 * L).add(c51).intoArray(c, co + 11 * L);
    }

    private static void tile8x1(float[] a, int ao, float[] b, int bo, int depth, float[] c, int co) {
        FloatVector zero = FloatVector.zero(F32);
        FloatVector c00 = zero;
        FloatVector c10 = zero;
        FloatVector c20 = zero;
        FloatVector c30 = zero;
        FloatVector c40 = zero;
        FloatVector c50 = zero;
        FloatVector c60 = zero;
        FloatVector c70 = zero;
        for (int k = 0; k < depth; k++) {
            FloatVector b0 = FloatVector.fromArray(F32, b, bo + k * L);
            FloatVector a0 = FloatVector.broadcast(F32, a[ao + k]);
            c00 = b0.fma(a0, c00);
            FloatVector a1 = FloatVector.broadcast(F32, a[ao + k + D]);
            c10 = b0.fma(a1, c10);
            FloatVector a2 = FloatVector.broadcast(F32, a[ao + k + 2 * D]);
            c20 = b0.fma(a2, c20);
            FloatVector a3 = FloatVector.broadcast(F32, a[ao + k + 3 * D]);
            c30 = b0.fma(a3, c30);
            FloatVector a4 = FloatVector.broadcast(F32, a[ao + k + 4 * D]);
            c40 = b0.fma(a4, c40);
            FloatVector a5 = FloatVector.broadcast(F32, a[ao + k + 5 * D]);
            c50 = b0.fma(a5, c50);
            FloatVector a6 = FloatVector.broadcast(F32, a[ao + k + 6 * D]);
            c60 = b0.fma(a6, c60);
            FloatVector a7 = FloatVector.broadcast(F32, a[ao + k + 7 * D]);
            c70 = b0.fma(a7, c70);
        }
        FloatVector.fromArray(F32, c, co).add(c00).intoArray(c, co);
        FloatVector.fromArray(F32, c, co + L).add(c10).intoArray(c, co + L);
        FloatVector.fromArray(F32, c, co + 2 * L).add(c20).intoArray(c, co + 2 * L);
        FloatVector.fromArray(F32, c, co + 3 * L).add(c30).intoArray(c, co + 3 * L);
        FloatVector.fromArray(F32, c, co + 4 * L).add(c40).intoArray(c, co + 4 * L);
        FloatVector.fromArray(F32, c, co + 5 * L).add(c50).intoArray(c, co + 5 * L);
        FloatVector.fromArray(F32, c, co + 6 * L).add(c60).intoArray(c, co + 6 * L);
        FloatVector.fromArray(F32, c, co + 7 * L).add(c70).intoArray(c, co + 7 * L);
    }

    private static void tile8x3(float[] a, int ao, float[] b, int bo, int depth, float[] c, int co) {
        FloatVector zero = FloatVector.zero(F32);
        FloatVector c00 = zero, c01 = zero, c02 = zero;
        FloatVector c10 = zero, c11 = zero, c12 = zero;
        FloatVector c20 = zero, c21 = zero, c22 = zero;
        FloatVector c30 = zero, c31 = zero, c32 = zero;
        FloatVector c40 = zero, c41 = zero, c42 = zero;
        FloatVector c50 = zero, c51 = zero, c52 = zero;
        FloatVector c60 = zero, c61 = zero, c62 = zero;
        FloatVector c70 = zero, c71 = zero, c72 = zero;
        for (int k = 0; k < depth; k++) {
            int row = bo + k * 3 * L;
            FloatVector b0 = FloatVector.fromArray(F32, b, row);
            FloatVector b1 = FloatVector.fromArray(F32, b, row + L);
            FloatVector b2 = FloatVector.fromArray(F32, b, row + 2 * L);
            FloatVector a0 = FloatVector.broadcast(F32, a[ao + k]);
            c00 = b0.fma(a0, c00);
            c01 = b1.fma(a0, c01);
            c02 = b2.fma(a0, c02);
            FloatVector a1 = FloatVector.broadcast(F32, a[ao + k + D]);
            c10 = b0.fma(a1, c10);
            c11 = b1.fma(a1, c11);
            c12 = b2.fma(a1, c12);
            FloatVector a2 = FloatVector.broadcast(F32, a[ao + k + 2 * D]);
            c20 = b0.fma(a2, c20);
            c21 = b1.fma(a2, c21);
            c22 = b2.fma(a2, c22);
            FloatVector a3 = FloatVector.broadcast(F32, a[ao + k + 3 * D]);
            c30 = b0.fma(a3, c30);
            c31 = b1.fma(a3, c31);
            c32 = b2.fma(a3, c32);
            FloatVector a4 = FloatVector.broadcast(F32, a[ao + k + 4 * D]);
            c40 = b0.fma(a4, c40);
            c41 = b1.fma(a4, c41);
            c42 = b2.fma(a4, c42);
            FloatVector a5 = FloatVector.broadcast(F32, a[ao + k + 5 * D]);
            c50 = b0.fma(a5, c50);
            c51 = b1.fma(a5, c51);
            c52 = b2.fma(a5, c52);
            FloatVector a6 = FloatVector.broadcast(F32, a[ao + k + 6 * D]);
            c60 = b0.fma(a6, c60);
            c61 = b1.fma(a6, c61);
            c62 = b2.fma(a6, c62);
            FloatVector a7 = FloatVector.broadcast(F32, a[ao + k + 7 * D]);
            c70 = b0.fma(a7, c70);
            c71 = b1.fma(a7, c71);
            c72 = b2.fma(a7, c72);
        }
        FloatVector.fromArray(F32, c, co).add(c00).intoArray(c, co);
        FloatVector.fromArray(F32, c, co + L).add(c01).intoArray(c, co + L);
        FloatVector.fromArray(F32, c, co + 2 * L).add(c02).intoArray(c, co + 2 * L);
        FloatVector.fromArray(F32, c, co + 3 * L).add(c10).intoArray(c, co + 3 * L);
        FloatVector.fromArray(F32, c, co + 4 * L).add(c11).intoArray(c, co + 4 * L);
        FloatVector.fromArray(F32, c, co + 5 * L).add(c12).intoArray(c, co + 5 * L);
        FloatVector.fromArray(F32, c, co + 6 * L).add(c20).intoArray(c, co + 6 * L);
        FloatVector.fromArray(F32, c, co + 7 * L).add(c21).intoArray(c, co + 7 * L);
        FloatVector.fromArray(F32, c, co + 8 * L).add(c22).intoArray(c, co + 8 * L);
        FloatVector.fromArray(F32, c, co + 9 * L).add(c30).intoArray(c, co + 9 * L);
        FloatVector.fromArray(F32, c, co + 10 * L).add(c31).intoArray(c, co + 10 * L);
        FloatVector.fromArray(F32, c, co + 11 * L).add(c32).intoArray(c, co + 11 * L);
        FloatVector.fromArray(F32, c, co + 12 * L).add(c40).intoArray(c, co + 12 * L);
        FloatVector.fromArray(F32, c, co + 13 * L).add(c41).intoArray(c, co + 13 * L);
        FloatVector.fromArray(F32, c, co + 14 * L).add(c42).intoArray(c, co + 14 * L);
        FloatVector.fromArray(F32, c, co + 15 * L).add(c50).intoArray(c, co + 15 * L);
        FloatVector.fromArray(F32, c, co + 16 * L).add(c51).intoArray(c, co + 16 * L);
        FloatVector.fromArray(F32, c, co + 17 * L).add(c52).intoArray(c, co + 17 * L);
        FloatVector.fromArray(F32, c, co + 18 * L).add(c60).intoArray(c, co + 18 * L);
        FloatVector.fromArray(F32, c, co + 19 * L).add(c61).intoArray(c, co + 19 * L);
        FloatVector.fromArray(F32, c, co + 20 * L).add(c62).intoArray(c, co + 20 * L);
        FloatVector.fromArray(F32, c, co + 21 * L).add(c70).intoArray(c, co + 21 * L);
        FloatVector.fromArray(F32, c, co + 22 * L).add(c71).intoArray(c, co + 22 * L);
        FloatVector.fromArray(F32, c, co + 23 * L).add(c72).intoArray(c, co + 23 * L);
    }

    private static void tile8x2(float[] a, int ao, float[] b, int bo, int depth, float[] c, int co) {
        FloatVector zero = FloatVector.zero(F32);
        FloatVector c00 = zero, c01 = zero;
        FloatVector c10 = zero, c11 = zero;
        FloatVector c20 = zero, c21 = zero;
        FloatVector c30 = zero, c31 = zero;
        FloatVector c40 = zero, c41 = zero;
        FloatVector c50 = zero, c51 = zero;
        FloatVector c60 = zero, c61 = zero;
        FloatVector c70 = zero, c71 = zero;
        for (int k = 0; k < depth; k++) {
            int row = bo + k * 2 * L;
            FloatVector b0 = FloatVector.fromArray(F32, b, row);
            FloatVector b1 = FloatVector.fromArray(F32, b, row + L);
            FloatVector a0 = FloatVector.broadcast(F32, a[ao + k]);
            c00 = b0.fma(a0, c00);
            c01 = b1.fma(a0, c01);
            FloatVector a1 = FloatVector.broadcast(F32, a[ao + k + D]);
            c10 = b0.fma(a1, c10);
            c11 = b1.fma(a1, c11);
            FloatVector a2 = FloatVector.broadcast(F32, a[ao + k + 2 * D]);
            c20 = b0.fma(a2, c20);
            c21 = b1.fma(a2, c21);
            FloatVector a3 = FloatVector.broadcast(F32, a[ao + k + 3 * D]);
            c30 = b0.fma(a3, c30);
            c31 = b1.fma(a3, c31);
            FloatVector a4 = FloatVector.broadcast(F32, a[ao + k + 4 * D]);
            c40 = b0.fma(a4, c40);
            c41 = b1.fma(a4, c41);
            FloatVector a5 = FloatVector.broadcast(F32, a[ao + k + 5 * D]);
            c50 = b0.fma(a5, c50);
            c51 = b1.fma(a5, c51);
            FloatVector a6 = FloatVector.broadcast(F32, a[ao + k + 6 * D]);
            c60 = b0.fma(a6, c60);
            c61 = b1.fma(a6, c61);
            FloatVector a7 = FloatVector.broadcast(F32, a[ao + k + 7 * D]);
            c70 = b0.fma(a7, c70);
            c71 = b1.fma(a7, c71);
        }
        FloatVector.fromArray(F32, c, co).add(c00).intoArray(c, co);
        FloatVector.fromArray(F32, c, co + L).add(c01).intoArray(c, co + L);
        FloatVector.fromArray(F32, c, co + 2 * L).add(c10).intoArray(c, co + 2 * L);
        FloatVector.fromArray(F32, c, co + 3 * L).add(c11).intoArray(c, co + 3 * L);
        FloatVector.fromArray(F32, c, co + 4 * L).add(c20).intoArray(c, co + 4 * L);
        FloatVector.fromArray(F32, c, co + 5 * L).add(c21).intoArray(c, co + 5 * L);
        FloatVector.fromArray(F32, c, co + 6 * L).add(c30).intoArray(c, co + 6 * L);
        FloatVector.fromArray(F32, c, co + 7 * L).add(c31).intoArray(c, co + 7 * L);
        FloatVector.fromArray(F32, c, co + 8 * L).add(c40).intoArray(c, co + 8 * L);
        FloatVector.fromArray(F32, c, co + 9 * L).add(c41).intoArray(c, co + 9 * L);
        FloatVector.fromArray(F32, c, co + 10 * L).add(c50).intoArray(c, co + 10 * L);
        FloatVector.fromArray(F32, c, co + 11 * L).add(c51).intoArray(c, co + 11 * L);
        FloatVector.fromArray(F32, c, co + 12 * L).add(c60).intoArray(c, co + 12 * L);
        FloatVector.fromArray(F32, c, co + 13 * L).add(c61).intoArray(c, co + 13 * L);
        FloatVector.fromArray(F32, c, co + 14 * L).add(c70).intoArray(c, co + 14 * L);
        FloatVector.fromArray(F32, c, co + 15 * L).add(c71).intoArray(c, co + 15 * L);
    }
}
