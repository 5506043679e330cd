package omni.vision;

/**
 * The patches of one temporal step in the orders that the vision encoder needs (reference notes, section 8). Input order goes by cells of
 * {@code merge * merge} patches row by row, in a cell row by row. Window order goes by windows row by row, in a window by cells row by
 * row; windows at the right and lower border are smaller.
 */
public final class PatchOrder {
    private final int[] rows;
    private final int[] columns;
    private final int[] windowIndex;
    private final int[] windowStarts;

    /**
     * @param h rows of patches, a multiple of {@code merge}
     * @param w columns of patches, a multiple of {@code merge}
     * @param merge side of a cell in patches
     * @param windowCells side of a window in cells
     */
    public PatchOrder(int h, int w, int merge, int windowCells) {
        if (merge < 1 || windowCells < 1 || h < merge || w < merge || h % merge != 0 || w % merge != 0) {
            throw new IllegalArgumentException(
                    "patch order: h=" + h + ", w=" + w + ", merge=" + merge + ", windowCells=" + windowCells);
        }
        int down = h / merge;
        int across = w / merge;
        int cell = merge * merge;
        rows = new int[Math.multiplyExact(h, w)];
        columns = new int[rows.length];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = i / cell / across * merge + i % cell / merge;
            columns[i] = i / cell % across * merge + i % merge;
        }
        windowIndex = new int[down * across];
        windowStarts = new int[Math.ceilDiv(down, windowCells) * Math.ceilDiv(across, windowCells) + 1];
        int k = 0;
        int window = 0;
        for (int top = 0; top < down; top += windowCells) {
            for (int left = 0; left < across; left += windowCells) {
                for (int y = top; y < Math.min(down, top + windowCells); y++) {
                    for (int x = left; x < Math.min(across, left + windowCells); x++) {
                        windowIndex[k++] = y * across + x;
                    }
                }
                windowStarts[++window] = k * cell;
            }
        }
    }

    /** Patches of the step. */
    public int patches() {
        return rows.length;
    }

    /** Cells of the step. */
    public int cells() {
        return windowIndex.length;
    }

    /** Row of every patch in input order. */
    public int[] rows() {
        return rows.clone();
    }

    /** Column of every patch in input order. */
    public int[] columns() {
        return columns.clone();
    }

    /** Cell k of the window order is cell {@code windowIndex()[k]} of the input order. */
    public int[] windowIndex() {
        return windowIndex.clone();
    }

    /** The cell of the input order that is cell {@code k} of the window order. */
    int cell(int k) {
        return windowIndex[k];
    }

    /** First patch of each window in window order, then the number of patches. */
    public int[] windowStarts() {
        return windowStarts.clone();
    }
}
