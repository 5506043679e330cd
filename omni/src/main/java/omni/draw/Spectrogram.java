package omni.draw;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Locale;
import java.util.function.IntFunction;
import omni.audio.FeatureConfig;
import omni.audio.FeatureStream;
import omni.audio.MelScale;
import omni.engine.Matrix;

/**
 * A mel spectrogram: time from left to right, frequency upwards, loudness as colour from dark to bright. Frames come block by block; what
 * is kept of them does not grow with the length of the sound, since a drawing has only so many columns: in a long sound each is the mean
 * of several frames.
 */
public final class Spectrogram {
    private static final int MOST_COLUMNS = 1600;
    private static final int COLUMNS_WANTED = 900;
    private static final int MOST_ZOOM = 40;
    private static final int ROWS_WANTED = 384;
    private static final int FRAMES_AT_ONCE = 256;
    private static final int LEFT = 66;
    private static final int RIGHT = 124;
    private static final int BOTTOM = 52;
    private static final int STRIP = 20;

    /** Room for the units above the axes where no strip of blocks gives it. */
    private static final int UNITS = 14;

    private static final int TICK = 5;
    /** Blocks narrower than this are not shown, and narrower than that not marked within the picture. */
    private static final int LEAST_BLOCK = 4;

    private static final int LEAST_MARKED = 24;

    /** Longer sounds are counted in minutes. */
    private static final double LONG_SECONDS = 600;

    private static final double[] HERTZ = {
        0, 125, 250, 500, 1000, 1500, 2000, 3000, 4000, 6000, 8000, 12_000, 16_000, 24_000
    };

    /**
     * What is drawn.
     *
     * @param melBins M
     * @param topHertz where the mel scale ends
     * @param frames F, at least 1
     * @param secondsPerFrame from one frame to the next
     * @param scale what the values are, in a word or two
     */
    public record Axes(int melBins, double topHertz, long frames, double secondsPerFrame, String scale) {
        public Axes {
            if (melBins < 1 || !(topHertz > 0) || frames < 1 || !(secondsPerFrame > 0)) {
                throw new IllegalArgumentException("spectrogram: melBins=" + melBins + ", topHertz=" + topHertz
                        + ", frames=" + frames + ", secondsPerFrame=" + secondsPerFrame);
            }
        }
    }

    private final Axes axes;
    private final int framesPerColumn;
    private final int zoom;
    private final int columns;

    /** Sums of a column's frames [columns, M]. */
    private final float[] sums;

    private long added;
    private double blockSeconds;
    private IntFunction<String> blockLabel = i -> "";

    public Spectrogram(Axes axes) {
        this.axes = axes;
        this.framesPerColumn = Math.toIntExact((axes.frames + MOST_COLUMNS - 1) / MOST_COLUMNS);
        this.columns = Math.toIntExact((axes.frames + framesPerColumn - 1) / framesPerColumn);
        this.zoom = Math.clamp(COLUMNS_WANTED / columns, 1, MOST_ZOOM);
        this.sums = new float[columns * axes.melBins];
    }

    /** The features of a sound, read to the end. */
    public static Spectrogram of(FeatureStream sound) {
        FeatureConfig config = sound.config();
        int bins = config.melBins();
        Spectrogram spectrogram = new Spectrogram(
                new Axes(bins, config.rate() / 2.0, sound.frames(), (double) config.hop() / config.rate(), "log-mel"));
        int columns = (int) Math.min(sound.frames(), FRAMES_AT_ONCE);
        MemorySegment memory = Arena.ofAuto().allocate((long) bins * columns * Float.BYTES, 64);
        Matrix block = new Matrix(memory, 0, bins, columns, columns);
        for (int n = sound.read(block); n > 0; n = sound.read(block)) {
            spectrogram.add(block, n);
        }
        return spectrogram;
    }

    /**
     * Marks blocks of equal length, the last of which may be shorter.
     *
     * @param seconds length of a block
     * @param label what to write above block i where there is room
     */
    public Spectrogram blocks(double seconds, IntFunction<String> label) {
        this.blockSeconds = seconds;
        this.blockLabel = label;
        return this;
    }

    /**
     * Adds the next frames.
     *
     * @param block [M, F]
     * @param frames how many of its columns count
     * @throws IllegalArgumentException if the bins are not M, or more frames come than there are
     */
    public void add(Matrix block, int frames) {
        if (block.rows() != axes.melBins || frames > block.cols() || added + frames > axes.frames) {
            throw new IllegalArgumentException("spectrogram: block=[" + block.rows() + "," + block.cols() + "], frames="
                    + frames + ", added=" + added + " of " + axes.frames);
        }
        for (int f = 0; f < frames; f++) {
            int column = (int) ((added + f) / framesPerColumn);
            for (int m = 0; m < axes.melBins; m++) {
                sums[column * axes.melBins + m] += block.get(m, f);
            }
        }
        added += frames;
    }

    /**
     * Draws what was added.
     *
     * @param title of the drawing
     * @param notes lines below it
     */
    public Canvas draw(String title, List<String> notes) {
        int width = columns * zoom;
        int binHeight = Math.max(1, Math.round((float) ROWS_WANTED / axes.melBins));
        int height = binHeight * axes.melBins;
        List<String> lines = Sheet.wrap(notes, LEFT + width + RIGHT - 2 * Sheet.MARGIN);
        int top = Sheet.headHeight(lines) + (blockSeconds > 0 ? STRIP + 4 : UNITS);
        Canvas canvas = new Canvas(LEFT + width + RIGHT, top + height + BOTTOM);
        Sheet.head(canvas, title, lines);
        double[] range = range();
        for (int c = 0; c < columns; c++) {
            for (int m = 0; m < axes.melBins; m++) {
                int color = Palette.heat((value(c, m) - range[0]) / (range[1] - range[0]));
                canvas.fill(LEFT + c * zoom, top + height - (m + 1) * binHeight, zoom, binHeight, color);
            }
        }
        blocks(canvas, top, width, height);
        canvas.frame(LEFT - 1, top - 1, width + 2, height + 2, Palette.INK);
        time(canvas, top + height, width);
        hertz(canvas, top, height, binHeight);
        bins(canvas, top, width, height, binHeight);
        scale(canvas, top, width, height, range);
        return canvas;
    }

    private double value(int column, int bin) {
        long frames = Math.min(framesPerColumn, added - (long) column * framesPerColumn);
        return frames <= 0 ? Double.NaN : sums[column * axes.melBins + bin] / frames;
    }

    /** The least and the largest value; silence is dark. */
    private double[] range() {
        double least = Double.MAX_VALUE;
        double most = -Double.MAX_VALUE;
        for (int c = 0; c < columns; c++) {
            for (int m = 0; m < axes.melBins; m++) {
                double value = value(c, m);
                least = Math.min(least, Double.isNaN(value) ? least : value);
                most = Math.max(most, Double.isNaN(value) ? most : value);
            }
        }
        return most - least > 1e-3 ? new double[] {least, most} : new double[] {least, least + 1};
    }

    private double pixels(double seconds) {
        return seconds / axes.secondsPerFrame / framesPerColumn * zoom;
    }

    private double length() {
        return axes.frames * axes.secondsPerFrame;
    }

    private void blocks(Canvas canvas, int top, int width, int height) {
        if (!(blockSeconds > 0)) {
            return;
        }
        int n = (int) Math.ceil(length() / blockSeconds - 1e-9);
        if (pixels(blockSeconds) < LEAST_BLOCK) {
            String text = n + " blocks of " + new Ticks(blockSeconds).label(1) + " s, too narrow to be marked";
            canvas.text(text, LEFT + width / 2, top - 11, Sheet.SMALL, Palette.PALE_INK, Canvas.Anchor.CENTER);
            return;
        }
        boolean labels = true;
        int widest = 0;
        for (int i = 0; i < n; i++) {
            int room = blockEnd(i, width) - blockEnd(i - 1, width);
            // The last block may be short; only it goes without then.
            labels &= Sheet.SMALL.width(blockLabel.apply(i)) + 8 <= room || (i > 0 && i + 1 == n);
            widest = Math.max(widest, Sheet.SMALL.width(String.valueOf(i)));
        }
        int step = labels
                ? 1
                : (int) Math.max(
                        1, Ticks.atLeast((widest + 6) / pixels(blockSeconds)).step());
        for (int i = 0; i < n; i++) {
            int from = blockEnd(i - 1, width);
            int to = blockEnd(i, width);
            canvas.fill(LEFT + from, top - STRIP - 1, to - from, STRIP, Palette.turn(i));
            if (i > 0 && pixels(blockSeconds) >= LEAST_MARKED) {
                canvas.dashes(LEFT + from, top, height, Palette.WHITE, 0.75);
            }
        }
        for (int i = 0; i < n; i += step) {
            String label = labels ? blockLabel.apply(i) : String.valueOf(i);
            int from = blockEnd(i - 1, width);
            if (Sheet.SMALL.width(label) <= width - from
                    && (!labels || Sheet.SMALL.width(label) < blockEnd(i, width) - from)) {
                int middle =
                        labels || step == 1 ? (from + blockEnd(i, width)) / 2 : from + Sheet.SMALL.width(label) / 2 + 1;
                canvas.text(label, LEFT + middle, top - 7, Sheet.SMALL, Palette.INK, Canvas.Anchor.CENTER);
            }
        }
    }

    /** Where block {@code i} ends, in pixels from the left. */
    private int blockEnd(int i, int width) {
        return Math.min(width, (int) Math.rint(pixels((i + 1) * blockSeconds)));
    }

    private void time(Canvas canvas, int y, int width) {
        boolean minutes = length() > LONG_SECONDS;
        double unit = minutes ? 60 : 1;
        Ticks ticks = Ticks.atLeast(length() / unit * 75 / width);
        for (int i = 0; ticks.at(i) * unit <= length() + 1e-9; i++) {
            int x = LEFT + (int) Math.rint(pixels(ticks.at(i) * unit));
            canvas.fill(x, y + 1, 1, TICK, Palette.INK);
            canvas.text(ticks.label(i), x, y + 20, Sheet.SMALL, Palette.INK, Canvas.Anchor.CENTER);
        }
        canvas.text(
                minutes ? "minutes" : "seconds",
                LEFT + width / 2,
                y + 39,
                Sheet.SMALL,
                Palette.PALE_INK,
                Canvas.Anchor.CENTER);
    }

    /** Bin m peaks at (m + 1) / (M + 1) of the scale. */
    private void hertz(Canvas canvas, int top, int height, int binHeight) {
        double topMel = MelScale.mel(axes.topHertz);
        int last = Integer.MAX_VALUE;
        for (double hertz : HERTZ) {
            double bin = MelScale.mel(hertz) / topMel * (axes.melBins + 1) - 0.5;
            int y = top + height - (int) Math.rint(bin * binHeight);
            if (bin < 0 || y < top || last - y < 17) {
                continue;
            }
            last = y;
            canvas.fill(LEFT - 1 - TICK, y, TICK, 1, Palette.INK);
            String label = hertz < 1000 ? String.format(Locale.ROOT, "%.0f", hertz) : number(hertz / 1000) + "k";
            canvas.text(label, LEFT - 10, y + 4, Sheet.SMALL, Palette.INK, Canvas.Anchor.RIGHT);
        }
        canvas.text("Hz", LEFT - 10, top - 8, Sheet.SMALL, Palette.PALE_INK, Canvas.Anchor.RIGHT);
    }

    private static String number(double value) {
        return value == Math.rint(value) ? String.valueOf((int) value) : String.valueOf(value);
    }

    private void bins(Canvas canvas, int top, int width, int height, int binHeight) {
        int step = 1;
        while (step * binHeight < 40) {
            step *= 2;
        }
        int x = LEFT + width + 1;
        for (int m = 0; m < axes.melBins; m += step) {
            int y = top + height - m * binHeight - binHeight / 2 - 1;
            canvas.fill(x, y, TICK, 1, Palette.INK);
            canvas.text(String.valueOf(m), x + 9, y + 4, Sheet.SMALL, Palette.INK, Canvas.Anchor.LEFT);
        }
        canvas.text("bin", x + 9, top - 8, Sheet.SMALL, Palette.PALE_INK, Canvas.Anchor.LEFT);
    }

    private void scale(Canvas canvas, int top, int width, int height, double[] range) {
        int x = LEFT + width + 60;
        int w = 14;
        for (int r = 0; r < height; r++) {
            canvas.fill(x, top + r, w, 1, Palette.heat(1 - (r + 0.5) / height));
        }
        canvas.frame(x - 1, top - 1, w + 2, height + 2, Palette.INK);
        for (int i = 0; i <= 4; i++) {
            int y = top + (int) Math.rint((4 - i) * (height - 1) / 4.0);
            canvas.fill(x + w, y, TICK, 1, Palette.INK);
            String label = String.format(Locale.ROOT, "%.1f", range[0] + (range[1] - range[0]) * i / 4);
            canvas.text(label, x + w + 8, y + 4, Sheet.SMALL, Palette.INK, Canvas.Anchor.LEFT);
        }
        canvas.text(axes.scale, x + w / 2, top - 8, Sheet.SMALL, Palette.PALE_INK, Canvas.Anchor.CENTER);
    }
}
