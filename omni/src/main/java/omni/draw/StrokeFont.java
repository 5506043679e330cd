package omni.draw;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Letters drawn with a round pen. Fonts of the machine are not used: a Java without a screen often has none, and then fails at the first
 * letter. Knows the printable characters of ASCII and a few signs; of a letter with an accent it draws the letter, of anything else an
 * empty box.
 */
final class StrokeFont {
    private static final String BOX = "0 11 | 0.5,6 0.5,24 10.5,24 10.5,6 0.5,6";
    private static final double SPACE = 7;
    private static final double GAP = 4.6;
    private static final int ARC_PARTS = 20;
    private static final int CURVE_PARTS = 6;

    /**
     * A character on the grid of {@link Glyphs}.
     *
     * @param lines straight pieces: x, y, x, y each
     */
    private record Shape(double width, List<double[]> lines) {}

    /**
     * A character in pixels.
     *
     * @param cover share of each pixel that the pen covers, row by row
     */
    @SuppressWarnings("ArrayRecordComponent")
    private record Stamp(int left, int top, int width, int height, float[] cover) {}

    private static final Map<Integer, Shape> SHAPES = shapes();
    private static final Shape UNKNOWN = shape(BOX);

    private final double scale;
    private final double pen;
    private final Map<Integer, Stamp> stamps = new ConcurrentHashMap<>();

    /**
     * @param capHeight pixels of a capital letter
     * @param pen thickness of a stroke in pixels
     */
    StrokeFont(double capHeight, double pen) {
        this.scale = capHeight / Glyphs.CAP_HEIGHT;
        this.pen = pen;
    }

    /** Pixels that a line of text is long. */
    int width(String text) {
        return (int) Math.ceil(advance(text, text.length()));
    }

    private double advance(String text, int end) {
        double x = 0;
        for (int i = 0; i < end; i += Character.charCount(text.codePointAt(i))) {
            x += step(text.codePointAt(i));
        }
        return Math.max(0, x - GAP * scale);
    }

    private double step(int character) {
        return scale * (GAP + (Character.isWhitespace(character) ? SPACE - GAP : find(character).width));
    }

    /** The text, or as much of its beginning as fits with an ellipsis behind. */
    String fit(String text, int pixels) {
        if (width(text) <= pixels) {
            return text;
        }
        int end = text.length();
        while (end > 0 && width(text.substring(0, end) + "…") > pixels) {
            end = text.offsetByCodePoints(end, -1);
        }
        return text.substring(0, end) + "…";
    }

    void draw(Canvas canvas, String text, int x, int baseline, int color) {
        double at = x;
        for (int i = 0; i < text.length(); ) {
            int character = text.codePointAt(i);
            if (!Character.isWhitespace(character)) {
                Stamp stamp = stamps.computeIfAbsent(character, this::stamp);
                stamp(canvas, stamp, (int) Math.rint(at), baseline, color);
            }
            at += step(character);
            i += Character.charCount(character);
        }
    }

    private static void stamp(Canvas canvas, Stamp stamp, int x, int baseline, int color) {
        for (int r = 0; r < stamp.height; r++) {
            for (int c = 0; c < stamp.width; c++) {
                canvas.blend(x + stamp.left + c, baseline + stamp.top + r, color, stamp.cover[r * stamp.width + c]);
            }
        }
    }

    /** A pixel is covered as far as its centre lies within the pen's path, with a soft edge of one pixel. */
    private Stamp stamp(int character) {
        Shape shape = find(character);
        int margin = (int) Math.ceil(pen) + 1;
        int left = (int) Math.floor(-3 * scale) - margin;
        int top = (int) Math.floor(-(26 - Glyphs.BASELINE) * scale) - margin;
        int width = (int) Math.ceil((shape.width + 3) * scale) + margin - left;
        int height = (int) Math.ceil(Glyphs.BASELINE * scale) + margin - top;
        float[] cover = new float[width * height];
        for (int r = 0; r < height; r++) {
            for (int c = 0; c < width; c++) {
                double nearest = Double.MAX_VALUE;
                for (double[] line : shape.lines) {
                    nearest = Math.min(nearest, distance(line, left + c + 0.5, top + r + 0.5));
                }
                cover[r * width + c] = (float) Math.clamp(pen / 2 + 0.5 - nearest, 0, 1);
            }
        }
        return new Stamp(left, top, width, height, cover);
    }

    /** From a pixel, rows counted downwards from the baseline, to a piece of a stroke. */
    private double distance(double[] line, double x, double y) {
        double ax = line[0] * scale;
        double ay = (Glyphs.BASELINE - line[1]) * scale;
        double dx = line[2] * scale - ax;
        double dy = (Glyphs.BASELINE - line[3]) * scale - ay;
        double length = dx * dx + dy * dy;
        double along = length == 0 ? 0 : Math.clamp(((x - ax) * dx + (y - ay) * dy) / length, 0.0, 1.0);
        return Math.hypot(x - ax - along * dx, y - ay - along * dy);
    }

    private static Shape find(int character) {
        Shape shape = SHAPES.get(character);
        if (shape == null) {
            String plain = Normalizer.normalize(Character.toString(character), Normalizer.Form.NFD);
            shape = SHAPES.get(plain.codePointAt(0));
        }
        return shape == null ? UNKNOWN : shape;
    }

    private static Map<Integer, Shape> shapes() {
        Map<Integer, Shape> shapes = new HashMap<>();
        for (String line : Glyphs.SHAPES.lines().toList()) {
            shapes.put(line.codePointAt(0), shape(line));
        }
        return shapes;
    }

    private static Shape shape(String line) {
        // The first character may be a bar itself.
        String[] parts = line.substring(1).split("\\|", -1);
        List<double[]> lines = new ArrayList<>();
        for (int i = 1; i < parts.length; i++) {
            add(parts[i].strip(), lines);
        }
        return new Shape(Double.parseDouble(parts[0].strip()), lines);
    }

    private static void add(String stroke, List<double[]> lines) {
        if (stroke.startsWith("@")) {
            double[] a = numbers(stroke.substring(1));
            double[] points = new double[2 * (ARC_PARTS + 1)];
            for (int i = 0; i <= ARC_PARTS; i++) {
                double angle = Math.toRadians(a[4] + (a[5] - a[4]) * i / ARC_PARTS);
                points[2 * i] = a[0] + a[2] * Math.cos(angle);
                points[2 * i + 1] = a[1] + a[3] * Math.sin(angle);
            }
            join(points, lines);
        } else if (stroke.startsWith("~")) {
            join(curve(numbers(stroke.substring(1))), lines);
        } else {
            join(numbers(stroke), lines);
        }
    }

    /** Numbers with commas or spaces between them. */
    private static double[] numbers(String text) {
        String[] words = text.split("[, ]", -1);
        double[] numbers = new double[words.length];
        for (int i = 0; i < words.length; i++) {
            numbers[i] = Double.parseDouble(words[i]);
        }
        return numbers;
    }

    private static void join(double[] points, List<double[]> lines) {
        for (int i = 0; i + 3 < points.length; i += 2) {
            lines.add(new double[] {points[i], points[i + 1], points[i + 2], points[i + 3]});
        }
    }

    /** A curve through points (Catmull and Rom, "A class of local interpolating splines", 1974). */
    private static double[] curve(double[] p) {
        int n = p.length / 2;
        double[] points = new double[2 * ((n - 1) * CURVE_PARTS + 1)];
        for (int i = 0; i + 1 < n; i++) {
            for (int k = 0; k <= CURVE_PARTS; k++) {
                double t = (double) k / CURVE_PARTS;
                for (int axis = 0; axis < 2; axis++) {
                    double b = p[2 * i + axis];
                    double c = p[2 * i + 2 + axis];
                    double a = i == 0 ? 2 * b - c : p[2 * i - 2 + axis];
                    double d = i + 2 == n ? 2 * c - b : p[2 * i + 4 + axis];
                    points[2 * (i * CURVE_PARTS + k) + axis] = 0.5
                            * (2 * b
                                    + (c - a) * t
                                    + (2 * a - 5 * b + 4 * c - d) * t * t
                                    + (3 * b - a - 3 * c + d) * t * t * t);
                }
            }
        }
        return points;
    }
}
