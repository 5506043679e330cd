package omni.media;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.lang.foreign.Arena;

/**
 * Stored values to RGB by the reference's integer arithmetic: {@code libjpeg}'s for YCC ({@code jdcolor.c}), Pillow's for CMYK, alpha and
 * deep values ({@code Convert.c}, {@code Paste.c}, {@code Unpack.c}).
 */
final class Rgb {
    private static final int SCALE = 16;
    private static final int ROUND = 1 << (SCALE - 1);

    /** Red gained by Cr, blue by Cb, and green lost by both, the last two not yet shifted; indexed by the stored value. */
    private static final int[] RED = new int[256];

    private static final int[] BLUE = new int[256];
    private static final int[] GREEN_CR = new int[256];
    private static final int[] GREEN_CB = new int[256];

    static {
        for (int i = 0; i < 256; i++) {
            int x = i - 128;
            RED[i] = (fixed(1.40200) * x + ROUND) >> SCALE;
            BLUE[i] = (fixed(1.77200) * x + ROUND) >> SCALE;
            GREEN_CR[i] = -fixed(0.71414) * x;
            GREEN_CB[i] = -fixed(0.34414) * x + ROUND;
        }
    }

    private Rgb() {}

    private static int fixed(double factor) {
        return (int) (factor * (1 << SCALE) + 0.5);
    }

    /** A row of JPEG components, interleaved. */
    static void ofJpeg(JpegHeader.Colors colors, byte[] values, int from, byte[] rgb, int width) {
        switch (colors) {
            case GRAY -> {
                for (int x = 0; x < width; x++) {
                    rgb[3 * x] = rgb[3 * x + 1] = rgb[3 * x + 2] = values[from + x];
                }
            }
            case RGB -> System.arraycopy(values, from, rgb, 0, 3 * width);
            case YCC -> {
                for (int x = 0, at = from; x < width; x++, at += 3) {
                    ycc(values, at, rgb, 3 * x);
                }
            }
            case CMYK -> {
                // Stored inverted, as Photoshop began and everyone followed: 255 is no ink.
                for (int x = 0, at = from; x < width; x++, at += 4) {
                    inks(values, at, values[at + 3] & 0xFF, rgb, 3 * x);
                }
            }
            case YCCK -> {
                byte[] inverted = new byte[3];
                for (int x = 0, at = from; x < width; x++, at += 4) {
                    ycc(values, at, inverted, 0);
                    for (int c = 0; c < 3; c++) {
                        inverted[c] = (byte) ~inverted[c];
                    }
                    inks(inverted, 0, values[at + 3] & 0xFF, rgb, 3 * x);
                }
            }
        }
    }

    private static void ycc(byte[] values, int at, byte[] rgb, int to) {
        int y = values[at] & 0xFF;
        int cb = values[at + 1] & 0xFF;
        int cr = values[at + 2] & 0xFF;
        rgb[to] = clamp(y + RED[cr]);
        rgb[to + 1] = clamp(y + ((GREEN_CB[cb] + GREEN_CR[cr]) >> SCALE));
        rgb[to + 2] = clamp(y + BLUE[cb]);
    }

    /**
     * @param values three inks at {@code at}, inverted
     * @param light 255 less the black ink
     */
    private static void inks(byte[] values, int at, int light, byte[] rgb, int to) {
        for (int c = 0; c < 3; c++) {
            int ink = 255 - (values[at + c] & 0xFF);
            rgb[to + c] = clamp(light - divide255(ink * light));
        }
    }

    /**
     * A PNG as decoded: palette, grey or colours of 1 to 16 bits. Alpha counts with RGB, and with grey of 16 bits, which the
     * reference's loader makes RGB with alpha; else it is dropped.
     */
    static Picture ofPng(PngHeader header, BufferedImage image, Arena arena) {
        boolean blend = header.color() == 6 || (header.color() == 4 && header.bits() == 16);
        return of(image, blend, header.color() == 0, arena);
    }

    /** A BMP as decoded: palette, packed or separate colours. */
    static Picture ofBmp(BufferedImage image, Arena arena) {
        return of(image, image.getColorModel().hasAlpha(), false, arena);
    }

    /**
     * @param blend whether a last, second or fourth, band is alpha, to be laid on white
     * @param clip whether 16-bit values are clipped to 8 bits; else their upper half is taken
     */
    private static Picture of(BufferedImage image, boolean blend, boolean clip, Arena arena) {
        Raster raster = image.getRaster();
        int width = raster.getWidth();
        Picture picture = Picture.of(width, raster.getHeight(), arena);
        byte[][] palette = image.getColorModel() instanceof IndexColorModel index ? palette(index) : null;
        int bands = raster.getNumBands();
        int[] row = new int[width * bands];
        byte[] rgb = new byte[picture.stride()];
        int[] bits = raster.getSampleModel().getSampleSize();
        for (int y = 0; y < raster.getHeight(); y++) {
            raster.getPixels(raster.getMinX(), raster.getMinY() + y, width, 1, row);
            for (int x = 0; x < width; x++) {
                for (int c = 0; c < 3; c++) {
                    if (palette != null) {
                        rgb[3 * x + c] = palette[c][row[x * bands]];
                        continue;
                    }
                    int band = bands < 3 ? 0 : c;
                    int value = to8(row[x * bands + band], bits[band], clip);
                    if (blend && bands % 2 == 0) {
                        value = onWhite(value, to8(row[x * bands + bands - 1], bits[bands - 1], false));
                    }
                    rgb[3 * x + c] = (byte) value;
                }
            }
            picture.setRow(y, rgb, 0);
        }
        return picture;
    }

    private static byte[][] palette(IndexColorModel model) {
        byte[][] palette = new byte[3][Math.max(256, model.getMapSize())];
        model.getReds(palette[0]);
        model.getGreens(palette[1]);
        model.getBlues(palette[2]);
        return palette;
    }

    private static int to8(int value, int bits, boolean clip) {
        if (bits == 8) {
            return value;
        }
        if (bits == 16) {
            return clip ? Math.min(value, 255) : value >> 8;
        }
        return value * 255 / ((1 << bits) - 1);
    }

    /** A stored value with its alpha, laid on white. */
    static byte onWhite(byte value, byte alpha) {
        return (byte) onWhite(value & 0xFF, alpha & 0xFF);
    }

    private static int onWhite(int value, int alpha) {
        return divide255(255 * (255 - alpha) + value * alpha);
    }

    /** Divides by 255 and rounds to nearest, for products of two values of 8 bits. */
    private static int divide255(int product) {
        int t = product + 128;
        return ((t >> 8) + t) >> 8;
    }

    private static byte clamp(int value) {
        return (byte) Math.clamp(value, 0, 255);
    }
}
