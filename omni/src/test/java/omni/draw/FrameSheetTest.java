package omni.draw;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import omni.media.Picture;
import org.junit.jupiter.api.Test;

class FrameSheetTest {
    @Test
    void stepsAreColouredByTheirChunk() {
        Canvas canvas = FrameSheet.draw(steps(5, 28, 28), 28, "title", List.of("note"));
        int first = 0;
        int second = 0;
        for (int y = 0; y < canvas.height(); y++) {
            for (int x = 0; x < canvas.width(); x++) {
                first += canvas.get(x, y) == Palette.turn(0) ? 1 : 0;
                second += canvas.get(x, y) == Palette.turn(1) ? 1 : 0;
            }
        }
        // Steps 0, 1 and 4 are in chunks 0 and 2, steps 2 and 3 in chunk 1; letters cover a part.
        assertTrue(first > second * 1.3 && first < second * 1.7, "first=" + first + ", second=" + second);
    }

    @Test
    void everyFrameIsShown() {
        Canvas canvas = FrameSheet.draw(steps(9, 56, 28), 28, "title", List.of());
        int black = 0;
        for (int y = 0; y < canvas.height(); y++) {
            for (int x = 0; x < canvas.width(); x++) {
                black += canvas.get(x, y) == 0 ? 1 : 0;
            }
        }
        // 18 frames at four times their size, each with one line between its two cells.
        assertEquals(18 * (224 * 112 - 112), black);
    }

    @Test
    void hundredsOfFramesMakeASheetThatCanBeOpened() {
        Canvas canvas = FrameSheet.draw(steps(384, 392, 280), 28, "title", List.of());
        assertTrue(canvas.width() <= 1600 && canvas.height() < 12_000, canvas.width() + "x" + canvas.height());
        Canvas tall = FrameSheet.draw(steps(384, 28, 28 * 100), 28, "title", List.of());
        assertTrue(tall.height() < 12_000, tall.width() + "x" + tall.height());
    }

    private static List<FrameSheet.Step> steps(int n, int width, int height) {
        List<FrameSheet.Step> steps = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            List<FrameSheet.Frame> frames = new ArrayList<>();
            for (int k = 0; k < 2; k++) {
                frames.add(new FrameSheet.Frame(Picture.of(width, height), i + k / 2.0, 2 * i + k));
            }
            steps.add(new FrameSheet.Step(frames, 25 * i, i / 2));
        }
        return steps;
    }
}
