package omni.draw;

import java.util.ArrayList;
import java.util.List;

/** What all drawings have in common: margins, a title, lines of notes below it, and the letters. */
final class Sheet {
    static final int MARGIN = 20;

    /** Letters of labels. */
    static final StrokeFont SMALL = new StrokeFont(8.6, 1.25);

    /** Letters of titles. */
    static final StrokeFont LARGE = new StrokeFont(11.5, 1.9);

    private static final int LINE = 19;
    private static final int TITLE_BASELINE = 30;

    private Sheet() {}

    /** Rows that title and notes take. */
    static int headHeight(List<String> notes) {
        return TITLE_BASELINE + notes.size() * LINE + 16;
    }

    /** Writes title and notes. */
    static void head(Canvas canvas, String title, List<String> notes) {
        int room = canvas.width() - 2 * MARGIN;
        canvas.text(LARGE.fit(title, room), MARGIN, TITLE_BASELINE, LARGE, Palette.INK, Canvas.Anchor.LEFT);
        int baseline = TITLE_BASELINE + 3;
        for (String note : notes) {
            baseline += LINE;
            canvas.text(SMALL.fit(note, room), MARGIN, baseline, SMALL, Palette.PALE_INK, Canvas.Anchor.LEFT);
        }
    }

    /** Notes broken into lines of at most {@code pixels}, at the spaces between words. */
    static List<String> wrap(List<String> notes, int pixels) {
        List<String> lines = new ArrayList<>();
        for (String note : notes) {
            StringBuilder line = new StringBuilder();
            for (String word : note.split(" ", -1)) {
                if (!line.isEmpty() && SMALL.width(line + " " + word) > pixels) {
                    lines.add(line.toString());
                    line.setLength(0);
                }
                line.append(line.isEmpty() ? "" : " ").append(word);
            }
            lines.add(line.toString());
        }
        return lines;
    }
}
