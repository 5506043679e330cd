package omni.draw;

import java.util.List;
import java.util.Locale;
import omni.media.Picture;

/** The frames of a clip that a model is given, in the temporal steps that become tokens together, with their times. */
public final class FrameSheet {
    private static final int WIDEST = 1560;
    private static final int GAP = 14;
    private static final int PAD = 8;
    private static final int HEADER = 26;
    private static final int FOOTER = 22;
    private static final int NARROWEST_CELL = 9;
    private static final int NARROWEST_FRAME = 84;

    /**
     * One frame.
     *
     * @param picture resized
     * @param seconds from the beginning of the clip
     * @param number of the frame in the clip, from 0
     */
    public record Frame(Picture picture, double seconds, int number) {}

    /**
     * Frames that go through the encoder together.
     *
     * @param frames in order, at least one
     * @param temporalId time of its tokens for TMRoPE, counted from the clip's first
     * @param chunk number of the chunk in which clip and sound alternate
     */
    public record Step(List<Frame> frames, int temporalId, int chunk) {
        public Step {
            frames = List.copyOf(frames);
        }
    }

    private FrameSheet() {}

    /**
     * Draws the frames.
     *
     * @param steps at least one, all alike
     * @param cell side of a cell, one token, in pixels of a frame
     * @param title of the drawing
     * @param notes lines below it
     */
    public static Canvas draw(List<Step> steps, int cell, String title, List<String> notes) {
        int depth = steps.getFirst().frames.size();
        Picture first = steps.getFirst().frames.getFirst().picture;
        double zoom = zoom(first, steps.size());
        int w = Math.max(1, (int) Math.rint(first.width() * zoom));
        int h = Math.max(1, (int) Math.rint(first.height() * zoom));
        int column = Math.max(w, NARROWEST_FRAME);
        int card = depth * column + (depth - 1) * 2 + 2 * PAD;
        int perRow = Math.clamp((WIDEST - 2 * Sheet.MARGIN + GAP) / (card + GAP), 1, steps.size());
        int width = Math.max(perRow * (card + GAP) - GAP + 2 * Sheet.MARGIN, 560);
        int cardHeight = HEADER + h + FOOTER + PAD / 2;
        int rows = Math.ceilDiv(steps.size(), perRow);
        List<String> lines = Sheet.wrap(notes, width - 2 * Sheet.MARGIN);
        int top = Sheet.headHeight(lines);
        Canvas canvas = new Canvas(width, top + rows * (cardHeight + GAP) + Sheet.MARGIN - GAP);
        Sheet.head(canvas, title, lines);
        for (int i = 0; i < steps.size(); i++) {
            int x = Sheet.MARGIN + i % perRow * (card + GAP);
            int y = top + i / perRow * (cardHeight + GAP);
            canvas.fill(x, y, card, cardHeight, Palette.CARD);
            step(canvas, steps.get(i), i, x, y, card);
            for (int k = 0; k < depth; k++) {
                int left = x + PAD + k * (column + 2) + (column - w) / 2;
                frame(canvas, steps.get(i).frames.get(k), left, y + HEADER + 4, w, h, cell * zoom);
            }
            canvas.frame(x, y, card, cardHeight, Palette.LINE);
        }
        return canvas;
    }

    /** The fewer frames, the larger. */
    private static double zoom(Picture frame, int steps) {
        int side = steps <= 4 ? 340 : steps <= 12 ? 232 : steps <= 48 ? 170 : 96;
        double zoom = (double) side / Math.max(frame.width(), frame.height());
        return zoom < 1 ? zoom : Math.floor(zoom);
    }

    private static void step(Canvas canvas, Step step, int number, int x, int y, int width) {
        canvas.fill(x, y, width, HEADER, Palette.turn(step.chunk));
        String id = "id " + step.temporalId;
        canvas.text(id, x + width - PAD, y + 17, Sheet.SMALL, Palette.INK, Canvas.Anchor.RIGHT);
        String label = "step " + number;
        if (Sheet.SMALL.width(label + id) + 3 * PAD < width) {
            canvas.text(label, x + PAD, y + 17, Sheet.SMALL, Palette.PALE_INK, Canvas.Anchor.LEFT);
        }
    }

    private static void frame(Canvas canvas, Frame frame, int x, int y, int w, int h, double cell) {
        canvas.picture(frame.picture, x, y, w, h);
        if (cell >= NARROWEST_CELL) {
            for (double at = cell; at < w - 1; at += cell) {
                canvas.fill(x + (int) Math.rint(at), y, 1, h, Palette.WHITE, 0.35);
            }
            for (double at = cell; at < h - 1; at += cell) {
                canvas.fill(x, y + (int) Math.rint(at), w, 1, Palette.WHITE, 0.35);
            }
        }
        String time = String.format(Locale.ROOT, "%.2f s", frame.seconds);
        String label = time + "  #" + frame.number;
        label = Sheet.SMALL.width(label) > Math.max(w, NARROWEST_FRAME) ? time : label;
        canvas.text(label, x + w / 2, y + h + 16, Sheet.SMALL, Palette.INK, Canvas.Anchor.CENTER);
    }
}
