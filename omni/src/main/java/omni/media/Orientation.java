package omni.media;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Turns a picture upright by the eight orientations of EXIF. */
final class Orientation {
    private Orientation() {}

    /** Whether upright rows are the stored columns, so that width and height change places. */
    static boolean swapsSides(int orientation) {
        return orientation >= 5;
    }

    /**
     * @param orientation which sides of the scene the first row and the first column are (1 .. 8): 1 top left, 2 top right, 3 bottom
     *     right, 4 bottom left, 5 left top, 6 right top, 7 right bottom, 8 left bottom
     */
    static Picture upright(Picture stored, int orientation, Arena arena) {
        if (orientation == 1) {
            return stored;
        }
        boolean swap = swapsSides(orientation);
        // Where the upright picture's first pixel lies in the stored one, seen along the stored columns and rows.
        boolean fromRight = orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
        boolean fromBottom = orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
        int width = swap ? stored.height() : stored.width();
        int height = swap ? stored.width() : stored.height();
        Picture upright = Picture.of(width, height, arena);
        byte[] row = new byte[upright.stride()];
        long columnStep = fromRight ? -3 : 3;
        long rowStep = fromBottom ? -stored.stride() : stored.stride();
        long corner =
                (fromBottom ? (stored.height() - 1L) * stored.stride() : 0) + (fromRight ? stored.stride() - 3 : 0);
        MemorySegment rgb = stored.rgb();
        for (int y = 0; y < height; y++) {
            long at = corner + y * (swap ? columnStep : rowStep);
            for (int x = 0; x < width; x++) {
                row[3 * x] = rgb.get(ValueLayout.JAVA_BYTE, at);
                row[3 * x + 1] = rgb.get(ValueLayout.JAVA_BYTE, at + 1);
                row[3 * x + 2] = rgb.get(ValueLayout.JAVA_BYTE, at + 2);
                at += swap ? rowStep : columnStep;
            }
            upright.setRow(y, row, 0);
        }
        return upright;
    }
}
