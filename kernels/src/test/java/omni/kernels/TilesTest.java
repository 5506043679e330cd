package omni.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import org.junit.jupiter.api.Test;

class TilesTest {
    private static final int L = Vectors.LANES;

    private static float[] normal(Random random, int n) {
        float[] x = new float[n];
        for (int i = 0; i < n; i++) {
            x[i] = (float) random.nextGaussian();
        }
        return x;
    }

    /** Both sets of tiles, also the one that this machine has too few registers for. */
    @Test
    void everyTileAddsTheProductInTheSameOrder() {
        for (boolean wide : new boolean[] {false, true}) {
            for (int vectors = 1; vectors <= Tiles.vectors(wide); vectors++) {
                for (int depth : new int[] {0, 1, 2, 7, 64, Tiles.DEPTH}) {
                    for (int rows : new int[] {0, Tiles.ROWS, 4 * Tiles.ROWS}) {
                        long seed = 100L * vectors + depth + rows;
                        Random random = new Random(seed);
                        int columns = vectors * L;
                        float[] a = normal(random, 3 + rows * Tiles.DEPTH);
                        float[] b = normal(random, 5 + depth * columns);
                        float[] c = normal(random, 2 + rows * columns + 1);
                        float[] before = c.clone();
                        Tiles.multiply(wide, a, 3, rows, b, 5, columns, depth, c, 2, random.nextInt(b.length));
                        for (int i = 0; i < c.length; i++) {
                            float expected = before[i];
                            int row = (i - 2) / columns;
                            if (i >= 2 && row < rows) {
                                float sum = 0;
                                for (int k = 0; k < depth; k++) {
                                    float factor = a[3 + row * Tiles.DEPTH + k];
                                    sum = Math.fma(factor, b[5 + k * columns + (i - 2) % columns], sum);
                                }
                                expected += sum;
                            }
                            assertEquals(
                                    expected,
                                    c[i],
                                    "wide=" + wide + ", vectors=" + vectors + ", depth=" + depth + ", rows=" + rows
                                            + ", i=" + i + ", seed=" + seed);
                        }
                    }
                }
            }
        }
    }

    @Test
    void panelsCoverTheColumnsInWholeVectors() {
        for (int columns = 1; columns < 10 * L; columns++) {
            int covered = 0;
            while (covered < columns) {
                int panel = Tiles.panel(covered, columns);
                assertEquals(0, panel % L, "columns=" + columns);
                covered += panel;
            }
            assertEquals(Math.ceilDiv(columns, L) * L, covered, "columns=" + columns);
        }
    }
}
