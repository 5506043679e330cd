package omni.draw;

import java.util.ArrayList;
import java.util.List;
import omni.media.Picture;

/** A resized picture with its patches and the cells of patches that become one token each. */
public final class PatchSheet {
    private static final int MOST = 1600;
    private static final int WANTED = 560;
    private static final int LEFT = 56;
    private static final int ABOVE = 44;
    private static final int BOTTOM = 24;

    /** Patches narrower than this are not drawn, cells have twice the room. */
    private static final int NARROWEST = 5;

    private PatchSheet() {}

    /**
     * Draws a picture.
     *
     * @param picture as the model is given it; both sides are multiples of a cell
     * @param patch side of a patch in pixels
     * @param merge side of a cell in patches
     * @param title of the drawing
     * @param notes lines below it; what the lines in the picture mean is added
     */
    public static Canvas draw(Picture picture, int patch, int merge, String title, List<String> notes) {
        double zoom = zoom(Math.max(picture.width(), picture.height()));
        int width = Math.max(1, (int) Math.rint(picture.width() * zoom));
        int height = Math.max(1, (int) Math.rint(picture.height() * zoom));
        int sheet = Math.max(LEFT + width + Sheet.MARGIN, WANTED);
        List<String> all = new ArrayList<>(notes);
        all.add(legend(patch, merge, zoom));
        List<String> lines = Sheet.wrap(all, sheet - 2 * Sheet.MARGIN);
        int top = Sheet.headHeight(lines) + ABOVE;
        Canvas canvas = new Canvas(sheet, top + height + BOTTOM);
        Sheet.head(canvas, title, lines);
        canvas.picture(picture, LEFT, top, width, height);
        grid(canvas, picture, new Grid(patch, merge, 0.22), zoom, top);
        grid(canvas, picture, new Grid(patch * merge, Integer.MAX_VALUE, 0.7), zoom, top);
        canvas.frame(LEFT - 1, top - 1, width + 2, height + 2, Palette.INK);
        int cell = patch * merge;
        columns(canvas, picture.width() / cell, cell * zoom, top, width);
        rows(canvas, picture.height() / cell, cell * zoom, top);
        return canvas;
    }

    /** Small pictures are enlarged by whole numbers, so that their pixels stay squares; large ones reduced. */
    private static double zoom(int side) {
        return side > MOST ? (double) MOST / side : Math.max(1, WANTED / side);
    }

    private static String legend(int patch, int merge, double zoom) {
        String cells = "cells of " + merge + "×" + merge + " patches, a token each";
        if (patch * merge * zoom < NARROWEST) {
            return cells + ": too small to be drawn";
        }
        return patch * zoom < NARROWEST
                ? "lines: " + cells
                : "thin lines: patches of " + patch + "×" + patch + " pixels; strong lines: " + cells;
    }

    /**
     * Lines at equal distances.
     *
     * @param step pixels from one to the next
     * @param skip every so many lines one is left out, for a grid above this one
     * @param cover how strong they are
     */
    private record Grid(int step, int skip, double cover) {}

    /** White lines with a dark one beside them are seen on any picture. */
    private static void grid(Canvas canvas, Picture picture, Grid grid, double zoom, int top) {
        if (grid.step * zoom < NARROWEST) {
            return;
        }
        int width = (int) Math.rint(picture.width() * zoom);
        int height = (int) Math.rint(picture.height() * zoom);
        for (int i = 1; i * grid.step < Math.max(picture.width(), picture.height()); i++) {
            if (i % grid.skip == 0) {
                continue;
            }
            int at = (int) Math.rint(i * grid.step * zoom);
            if (at < width) {
                canvas.fill(LEFT + at, top, 1, height, Palette.WHITE, grid.cover);
                canvas.fill(LEFT + at - 1, top, 1, height, Palette.BLACK, grid.cover / 2);
            }
            if (at < height) {
                canvas.fill(LEFT, top + at, width, 1, Palette.WHITE, grid.cover);
                canvas.fill(LEFT, top + at - 1, width, 1, Palette.BLACK, grid.cover / 2);
            }
        }
    }

    private static void columns(Canvas canvas, int cells, double cell, int top, int width) {
        int step = step(cells, cell, 30);
        for (int i = 0; i < cells; i += step) {
            int x = LEFT + (int) Math.rint((i + 0.5) * cell);
            canvas.fill(x, top - 6, 1, 4, Palette.INK);
            canvas.text(String.valueOf(i), x, top - 11, Sheet.SMALL, Palette.INK, Canvas.Anchor.CENTER);
        }
        canvas.text("column of cells", LEFT + width / 2, top - 28, Sheet.SMALL, Palette.PALE_INK, Canvas.Anchor.CENTER);
    }

    private static void rows(Canvas canvas, int cells, double cell, int top) {
        int step = step(cells, cell, 20);
        for (int i = 0; i < cells; i += step) {
            int y = top + (int) Math.rint((i + 0.5) * cell);
            canvas.fill(LEFT - 6, y, 4, 1, Palette.INK);
            canvas.text(String.valueOf(i), LEFT - 10, y + 4, Sheet.SMALL, Palette.INK, Canvas.Anchor.RIGHT);
        }
        canvas.text("row", LEFT - 10, top - 11, Sheet.SMALL, Palette.PALE_INK, Canvas.Anchor.RIGHT);
    }

    /** Every how many cells a number fits. */
    private static int step(int cells, double cell, double room) {
        int step = (int) Math.max(1, Ticks.atLeast(room / cell).step());
        return Math.min(step, Math.max(1, cells));
    }
}
