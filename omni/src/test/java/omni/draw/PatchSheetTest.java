package omni.draw;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import omni.media.Picture;
import org.junit.jupiter.api.Test;

class PatchSheetTest {
    private static final int CELL_LINE = Palette.mix(0, Palette.WHITE, 0.7);
    private static final int PATCH_LINE = Palette.mix(0, Palette.WHITE, 0.22);

    @Test
    void cellsAndPatchesAreCutApart() {
        // A black picture of 3 x 2 cells at ten times its size: 2 and 1 cell lines, 3 and 2 patch lines more.
        Canvas canvas = PatchSheet.draw(Picture.of(84, 56), 14, 2, "title", List.of("note"));
        int bottom = canvas.height() - 24 - 20;
        int right = 56 + 84 * 6 - 20;
        int cells = 0;
        int patches = 0;
        for (int x = 56; x < 56 + 84 * 6; x++) {
            cells += canvas.get(x, bottom) == CELL_LINE ? 1 : 0;
            patches += canvas.get(x, bottom) == PATCH_LINE ? 1 : 0;
        }
        assertEquals("2 and 3", cells + " and " + patches);
        cells = 0;
        patches = 0;
        for (int y = canvas.height() - 24 - 56 * 6; y < canvas.height() - 24; y++) {
            cells += canvas.get(right, y) == CELL_LINE ? 1 : 0;
            patches += canvas.get(right, y) == PATCH_LINE ? 1 : 0;
        }
        assertEquals("1 and 2", cells + " and " + patches);
    }

    @Test
    void hugePicturesAreReducedAndGoWithoutTheLinesOfPatches() {
        Canvas canvas = PatchSheet.draw(Picture.of(28 * 300, 28 * 100), 14, 2, "title", List.of());
        assertTrue(canvas.width() < 1700, "width=" + canvas.width());
        int cells = 0;
        for (int x = 56; x < 56 + 1600; x++) {
            int color = canvas.get(x, canvas.height() - 24 - 3);
            cells += color == CELL_LINE ? 1 : 0;
            assertTrue(color != PATCH_LINE);
        }
        assertEquals(299, cells);
    }

    @Test
    void stripesOfAnyShapeAreDrawn() {
        for (int[] size : new int[][] {{28, 28}, {28, 28 * 200}, {28 * 200, 28}, {28, 28 * 3000}}) {
            Canvas canvas = PatchSheet.draw(Picture.of(size[0], size[1]), 14, 2, "a title that is long", List.of());
            assertTrue(canvas.width() >= 560 && canvas.height() < 2000, canvas.width() + "x" + canvas.height());
        }
    }
}
