package omni.vision;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PatchOrderTest {
    /**
     * Cells of 2 x 2 patches, windows of 2 x 2 cells:
     *
     * <pre>
     *  0  1 | 2
     *  3  4 | 5
     *  -----+--
     *  6  7 | 8
     * </pre>
     */
    @Test
    void windowsGoRowByRowAndAreSmallerAtTheBorder() {
        PatchOrder order = new PatchOrder(6, 6, 2, 2);
        assertArrayEquals(new int[] {0, 1, 3, 4, 2, 5, 6, 7, 8}, order.windowIndex());
        assertArrayEquals(new int[] {0, 16, 24, 32, 36}, order.windowStarts());
        assertEquals(36, order.patches());
        assertEquals(9, order.cells());
    }

    @Test
    void patchesOfACellAreNeighbours() {
        PatchOrder order = new PatchOrder(4, 6, 2, 5);
        assertArrayEquals(new int[] {0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 1, 1, 2, 2, 3, 3}, firstOf(order.rows(), 16));
        assertArrayEquals(new int[] {0, 1, 0, 1, 2, 3, 2, 3, 4, 5, 4, 5, 0, 1, 0, 1}, firstOf(order.columns(), 16));
        assertArrayEquals(new int[] {0, 24}, order.windowStarts());
    }

    @ParameterizedTest
    @CsvSource({"2,2,2,4", "3,9,3,1", "8,38,2,4", "64,2,2,3", "5,7,1,2"})
    void everyPatchHasOnePlace(int h, int w, int merge, int windowCells) {
        PatchOrder order = new PatchOrder(h, w, merge, windowCells);
        int[] cells = order.windowIndex();
        Arrays.sort(cells);
        for (int i = 0; i < cells.length; i++) {
            assertEquals(i, cells[i]);
        }
        boolean[] seen = new boolean[h * w];
        for (int i = 0; i < h * w; i++) {
            seen[order.rows()[i] * w + order.columns()[i]] = true;
        }
        for (boolean patch : seen) {
            assertEquals(true, patch);
        }
        int[] starts = order.windowStarts();
        for (int i = 0; i + 1 < starts.length; i++) {
            int patches = starts[i + 1] - starts[i];
            assertEquals(true, patches > 0 && patches <= windowCells * windowCells * merge * merge, "window=" + i);
        }
        assertEquals(h * w, starts[starts.length - 1]);
    }

    @Test
    void shouldRefuseGridsWithPartsOfCells() {
        Exception e = assertThrows(IllegalArgumentException.class, () -> new PatchOrder(4, 5, 2, 4));
        assertEquals("patch order: h=4, w=5, merge=2, windowCells=4", e.getMessage());
        assertThrows(IllegalArgumentException.class, () -> new PatchOrder(3, 4, 2, 4));
        assertThrows(IllegalArgumentException.class, () -> new PatchOrder(4, 4, 2, 0));
    }

    private static int[] firstOf(int[] values, int n) {
        return Arrays.copyOf(values, n);
    }
}
