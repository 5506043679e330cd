package omni.draw;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import omni.media.Picture;

/** A white sheet of RGB pixels. What lies beyond its edges is left out. Colours are {@code 0xRRGGBB}. */
public final class Canvas {
    /** A sheet is for looking at: no side is longer. */
    private static final int LONGEST_SIDE = 30_000;

    private final int width;
    private final int height;
    private final int[] pixels;

    /** @throws IllegalArgumentException if a side is below 1 or unreasonably long */
    public Canvas(int width, int height) {
        if (width < 1 || height < 1 || width > LONGEST_SIDE || height > LONGEST_SIDE) {
            throw new IllegalArgumentException("canvas: width=" + width + ", height=" + height);
        }
        this.width = width;
        this.height = height;
        this.pixels = new int[Math.multiplyExact(width, height)];
        Arrays.fill(pixels, Palette.PAPER);
    }

    /** Pixels of a row. */
    public int width() {
        return width;
    }

    /** Rows. */
    public int height() {
        return height;
    }

    /** The colour of a pixel. */
    public int get(int x, int y) {
        return pixels[y * width + x];
    }

    /** A row as bytes red, green, blue, red, … into {@code rgb}, from {@code at} on. */
    void row(int y, byte[] rgb, int at) {
        for (int x = 0, i = at; x < width; x++) {
            int pixel = pixels[y * width + x];
            rgb[i++] = (byte) (pixel >> 16);
            rgb[i++] = (byte) (pixel >> 8);
            rgb[i++] = (byte) pixel;
        }
    }

    /** Lays a colour over a pixel. {@code cover} 0 leaves the pixel as it is, 1 replaces it. */
    void blend(int x, int y, int color, double cover) {
        if (x >= 0 && x < width && y >= 0 && y < height && cover > 0) {
            int i = y * width + x;
            pixels[i] = Palette.mix(pixels[i], color, Math.min(1, cover));
        }
    }

    /** Lays a colour over a rectangle. */
    void fill(int x, int y, int w, int h, int color, double cover) {
        for (int r = Math.max(0, y); r < Math.min(height, y + h); r++) {
            for (int c = Math.max(0, x); c < Math.min(width, x + w); c++) {
                blend(c, r, color, cover);
            }
        }
    }

    void fill(int x, int y, int w, int h, int color) {
        fill(x, y, w, h, color, 1);
    }

    /** The outline of a rectangle, one pixel wide and inside it. */
    void frame(int x, int y, int w, int h, int color) {
        fill(x, y, w, 1, color);
        fill(x, y + h - 1, w, 1, color);
        fill(x, y, 1, h, color);
        fill(x + w - 1, y, 1, h, color);
    }

    /** A vertical line of dashes. */
    void dashes(int x, int y, int h, int color, double cover) {
        for (int r = 0; r < h; r += 7) {
            fill(x, y + r, 1, Math.min(4, h - r), color, cover);
        }
    }

    /**
     * A picture brought to {@code w} by {@code h} pixels: reduced by averaging, enlarged by repeating.
     */
    void picture(Picture picture, int x, int y, int w, int h) {
        int[] row = new int[3 * w];
        for (int r = 0; r < h; r++) {
            int top = (int) ((long) r * picture.height() / h);
            int bottom = (int) Math.max(top + 1L, (r + 1L) * picture.height() / h);
            sum(picture, top, bottom, w, row);
            for (int c = 0; c < w; c++) {
                if (x + c >= 0 && x + c < width && y + r >= 0 && y + r < height) {
                    pixels[(y + r) * width + x + c] = row[3 * c] << 16 | row[3 * c + 1] << 8 | row[3 * c + 2];
                }
            }
        }
    }

    /** Means of the picture's rows {@code top} to {@code bottom}, brought to {@code w} columns. */
    private static void sum(Picture picture, int top, int bottom, int w, int[] row) {
        Arrays.fill(row, 0);
        MemorySegment rgb = picture.rgb();
        for (int c = 0; c < w; c++) {
            int left = (int) ((long) c * picture.width() / w);
            int right = (int) Math.max(left + 1L, (c + 1L) * picture.width() / w);
            int red = 0;
            int green = 0;
            int blue = 0;
            for (int y = top; y < bottom; y++) {
                long at = (long) y * picture.stride() + 3L * left;
                for (int x = left; x < right; x++, at += 3) {
                    red += rgb.get(ValueLayout.JAVA_BYTE, at) & 0xFF;
                    green += rgb.get(ValueLayout.JAVA_BYTE, at + 1) & 0xFF;
                    blue += rgb.get(ValueLayout.JAVA_BYTE, at + 2) & 0xFF;
                }
            }
            int n = (bottom - top) * (right - left);
            row[3 * c] = (red + n / 2) / n;
            row[3 * c + 1] = (green + n / 2) / n;
            row[3 * c + 2] = (blue + n / 2) / n;
        }
    }

    /** Where the given point of a text lies. */
    enum Anchor {
        LEFT,
        CENTER,
        RIGHT
    }

    /**
     * Writes a line.
     *
     * @param x of its beginning, middle or end
     * @param baseline row on which the letters stand
     */
    void text(String text, int x, int baseline, StrokeFont font, int color, Anchor anchor) {
        int w = font.width(text);
        int at = anchor == Anchor.LEFT ? x : anchor == Anchor.CENTER ? x - w / 2 : x - w;
        font.draw(this, text, at, baseline, color);
    }
}
