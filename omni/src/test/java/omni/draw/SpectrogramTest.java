package omni.draw;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.util.List;
import omni.engine.Matrix;
import org.junit.jupiter.api.Test;

class SpectrogramTest {
    @Test
    void loudBinsAreBrightAtTheirPlace() {
        // 100 frames of 4 bins; the loudest value is bin 2 of frames 50 on.
        Spectrogram spectrogram = new Spectrogram(new Spectrogram.Axes(4, 8000, 100, 0.01, "log-mel"));
        Matrix block = block(4, 100);
        for (int f = 50; f < 100; f++) {
            block.set(2, f, 1);
        }
        spectrogram.add(block.cols(0, 30), 30);
        spectrogram.add(block.cols(30, 100), 70);
        Canvas canvas = spectrogram.draw("title", List.of("note"));
        int bright = 0;
        int dark = 0;
        for (int y = 0; y < canvas.height(); y++) {
            for (int x = 0; x < canvas.width() - 100; x++) {
                bright += canvas.get(x, y) == Palette.heat(1) ? 1 : 0;
                dark += canvas.get(x, y) == Palette.heat(0) ? 1 : 0;
            }
        }
        // Nine pixels a frame, 96 rows a bin.
        assertEquals(50 * 9 * 96, bright);
        assertEquals((400 - 50) * 9 * 96, dark);
        assertEquals(Palette.heat(1), at(canvas, 75, 2));
        assertEquals(Palette.heat(0), at(canvas, 25, 2));
        assertEquals(Palette.heat(0), at(canvas, 75, 1));
        assertEquals(Palette.heat(0), at(canvas, 75, 3));
    }

    /** The middle of a frame's bin: the plot is 96 rows a bin high and ends 52 rows above the sheet's end. */
    private static int at(Canvas canvas, int frame, int bin) {
        return canvas.get(66 + frame * 9 + 4, canvas.height() - 52 - bin * 96 - 48);
    }

    @Test
    void longSoundsGetColumnsOfSeveralFramesEach() {
        Spectrogram spectrogram = new Spectrogram(new Spectrogram.Axes(128, 8000, 1_000_001, 0.01, "log-mel"));
        Matrix block = block(128, 1000);
        for (int i = 0; i < 1000; i++) {
            spectrogram.add(block, 1000);
        }
        spectrogram.add(block, 1);
        Canvas canvas = spectrogram.blocks(2, i -> "block").draw("title", List.of());
        assertTrue(canvas.width() > 1600 && canvas.width() < 1900, "width=" + canvas.width());
        Exception e = assertThrows(IllegalArgumentException.class, () -> spectrogram.add(block, 1));
        assertEquals("spectrogram: block=[128,1000], frames=1, added=1000001 of 1000001", e.getMessage());
    }

    @Test
    void silenceIsDark() {
        Spectrogram spectrogram = new Spectrogram(new Spectrogram.Axes(4, 8000, 3, 0.01, "log-mel"));
        Matrix block = block(4, 3);
        for (int i = 0; i < 12; i++) {
            block.set(i % 4, i / 4, -1.5f);
        }
        spectrogram.add(block, 3);
        Canvas canvas = spectrogram.blocks(2, i -> "").draw("title", List.of());
        int[] colors = {Palette.heat(0), Palette.heat(1)};
        int[] counts = new int[2];
        for (int y = 0; y < canvas.height(); y++) {
            for (int x = 66; x < 66 + 3 * 40; x++) {
                for (int i = 0; i < 2; i++) {
                    counts[i] += canvas.get(x, y) == colors[i] ? 1 : 0;
                }
            }
        }
        assertEquals(3 * 40 * 384, counts[0]);
        assertEquals(0, counts[1]);
    }

    @Test
    void blocksAreMarkedWhereTheyBegin() {
        Spectrogram plain = new Spectrogram(new Spectrogram.Axes(4, 8000, 500, 0.01, "log-mel"));
        plain.add(block(4, 500), 500);
        Canvas canvas = plain.blocks(2, i -> "block " + i).draw("title", List.of());
        // One pixel a frame: blocks begin at 200 and 400, and a strip above tells them apart by colour.
        int y = canvas.height() - 52 - 384;
        assertEquals(0xFFFFFF & mixed(), canvas.get(66 + 200, y));
        assertEquals(mixed(), canvas.get(66 + 400, y));
        assertEquals(Palette.heat(0), canvas.get(66 + 300, y));
        assertEquals(Palette.turn(0), canvas.get(66 + 2, y - 20));
        assertEquals(Palette.turn(1), canvas.get(66 + 202, y - 20));
        assertEquals(Palette.turn(0), canvas.get(66 + 402, y - 20));
    }

    private static int mixed() {
        return Palette.mix(Palette.heat(0), Palette.WHITE, 0.75);
    }

    @Test
    void shouldRefuseAxesWithoutLength() {
        Exception e =
                assertThrows(IllegalArgumentException.class, () -> new Spectrogram.Axes(128, 8000, 0, 0.01, "log-mel"));
        assertEquals("spectrogram: melBins=128, topHertz=8000.0, frames=0, secondsPerFrame=0.01", e.getMessage());
    }

    private static Matrix block(int bins, int frames) {
        return new Matrix(Arena.ofAuto().allocate(4L * bins * frames), 0, bins, frames, frames);
    }
}
