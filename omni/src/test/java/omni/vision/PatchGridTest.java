package omni.vision;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.util.List;
import omni.engine.Matrix;
import omni.loader.PatchConfig;
import omni.media.Picture;
import omni.thinker.GridThw;
import org.junit.jupiter.api.Test;

class PatchGridTest {
    /** Patches of 2 x 2 pixels, cells of 2 x 2 patches, two frames deep; values pass through but for the scale. */
    private static final PatchConfig SMALL =
            new PatchConfig(2, 2, 2, List.of(0.0, 0.0, 0.0), List.of(1 / 255.0, 1 / 255.0, 1 / 255.0));

    @Test
    void patchesComeByCellsAndValuesByChannelFrameRowAndColumn() {
        List<Picture> frames = List.of(picture(8, 4, 0), picture(8, 4, 64), picture(8, 4, 128), picture(8, 4, 192));
        PatchGrid patches = new PatchGrid(frames, SMALL);
        assertEquals(new GridThw(2, 2, 4), patches.grid());
        assertEquals(16, patches.patches());
        assertEquals(24, patches.patchValues());
        assertEquals(4, patches.tokens());
        Matrix values = fill(patches, 0, 16);
        int row = 0;
        for (int t = 0; t < 2; t++) {
            for (int cell = 0; cell < 2; cell++) {
                for (int y = 0; y < 2; y++) {
                    for (int x = 2 * cell; x < 2 * cell + 2; x++, row++) {
                        int column = 0;
                        for (int c = 0; c < 3; c++) {
                            for (int d = 0; d < 2; d++) {
                                for (int py = 0; py < 2; py++) {
                                    for (int px = 0; px < 2; px++, column++) {
                                        assertEquals(
                                                value(2 * x + px, 2 * y + py, c, 64 * (2 * t + d)),
                                                values.get(row, column),
                                                1e-4f,
                                                "row=" + row + ", column=" + column);
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    @Test
    void rowsCanBeMadeInPieces() {
        PatchGrid patches = new PatchGrid(List.of(picture(8, 4, 3), picture(8, 4, 9)), SMALL);
        Matrix all = fill(patches, 0, 8);
        for (int from = 0; from < 8; from += 3) {
            int rows = Math.min(3, 8 - from);
            Matrix piece = fill(patches, from, rows);
            for (int r = 0; r < rows; r++) {
                for (int c = 0; c < 24; c++) {
                    assertEquals(all.get(from + r, c), piece.get(r, c));
                }
            }
        }
    }

    @Test
    void coloursAreNormalisedWithTheirOwnMeanAndDeviation() {
        Picture picture = picture(28, 28, 0);
        PatchGrid patches = new PatchGrid(List.of(picture, picture), VisionProcessorTest.PATCHES);
        Matrix values = fill(patches, 0, 4);
        double[] mean = {0.48145466, 0.4578275, 0.40821073};
        double[] deviation = {0.26862954, 0.26130258, 0.27577711};
        for (int c = 0; c < 3; c++) {
            double expected = (picture.get(3, 5, c) / 255.0 - mean[c]) / deviation[c];
            assertEquals(expected, values.get(0, c * 2 * 196 + 5 * 14 + 3), 1e-6);
        }
    }

    @Test
    void shouldRefuseFramesThatDoNotFit() {
        assertEquals("patches: frames=1, width=8, height=4, cell=4, depth=2", refused(List.of(picture(8, 4, 0))));
        assertEquals(
                "patches: frames=2, width=8, height=6, cell=4, depth=2",
                refused(List.of(picture(8, 6, 0), picture(8, 6, 0))));
        assertEquals(
                "patches: frames=2, width=8, height=4, cell=4, depth=2",
                refused(List.of(picture(8, 4, 0), picture(4, 4, 0))));
        PatchGrid patches = new PatchGrid(List.of(picture(8, 4, 0), picture(8, 4, 0)), SMALL);
        Exception e = assertThrows(IllegalArgumentException.class, () -> fill(patches, 7, 2));
        assertEquals("patches: from=7, rows=2, columns=24, patches=8, values=24", e.getMessage());
    }

    private static String refused(List<Picture> frames) {
        return String.valueOf(assertThrows(IllegalArgumentException.class, () -> new PatchGrid(frames, SMALL))
                .getMessage());
    }

    private static Matrix fill(PatchGrid patches, int from, int rows) {
        int columns = patches.patchValues();
        Matrix values = new Matrix(Arena.ofAuto().allocate(4L * rows * columns), 0, rows, columns, columns);
        patches.fill(from, values);
        return values;
    }

    private static int value(int x, int y, int channel, int add) {
        return (x * 5 + y * 11 + channel * 40 + add) & 0xFF;
    }

    private static Picture picture(int width, int height, int add) {
        Picture picture = Picture.of(width, height);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                for (int c = 0; c < 3; c++) {
                    picture.rgb().set(ValueLayout.JAVA_BYTE, 3L * (y * width + x) + c, (byte) value(x, y, c, add));
                }
            }
        }
        return picture;
    }
}
