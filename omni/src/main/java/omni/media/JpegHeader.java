package omni.media;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import omni.error.MediaException;

/**
 * The segments of a JPEG file up to its first scan.
 *
 * @param width pixels of a row
 * @param height rows
 * @param colors what the components mean
 * @param orientation EXIF orientation, 1 .. 8
 */
record JpegHeader(int width, int height, Colors colors, int orientation) {
    /** Colour spaces of the components, found as {@code libjpeg} does ({@code jdapimin.c}, default_decompress_parms). */
    enum Colors {
        GRAY,
        RGB,
        YCC,
        CMYK,
        YCCK
    }

    private static final int SOS = 0xDA;
    private static final int EOI = 0xD9;
    private static final int APP0 = 0xE0;
    private static final int APP1 = 0xE1;
    private static final int APP14 = 0xEE;

    /** @throws MediaException if the header is cut off or damaged, or the picture is of a rare kind */
    static JpegHeader read(String file, InputStream in) throws IOException {
        boolean jfif = false;
        int adobe = -1;
        int orientation = 0;
        byte[] frame = new byte[0];
        try {
            in.skipNBytes(2);
            while (true) {
                int marker = marker(in);
                if (marker == EOI || marker == SOS) {
                    break;
                }
                if (marker == 0x01 || (marker >= 0xD0 && marker <= 0xD7)) {
                    continue;
                }
                byte[] segment = segment(file, in);
                if (isFrame(marker)) {
                    frame = frame.length == 0 ? segment : frame;
                } else if (marker == APP0 && startsWith(segment, "JFIF\0")) {
                    jfif = true;
                } else if (marker == APP14 && startsWith(segment, "Adobe") && segment.length >= 12) {
                    adobe = segment[11] & 0xFF;
                } else if (marker == APP1 && orientation == 0 && startsWith(segment, "Exif\0")) {
                    orientation =
                            Exif.orientation(Arrays.copyOfRange(segment, Math.min(6, segment.length), segment.length));
                }
            }
        } catch (EOFException e) {
            throw new MediaException("picture: file=" + file + "; the JPEG header is cut off", e);
        }
        int components = frame.length < 6 ? 0 : frame[5] & 0xFF;
        if (components == 0 || frame.length < 6 + 3 * components) {
            throw new MediaException("picture: file=" + file + "; the JPEG header is damaged, it has no frame");
        }
        int height = (frame[1] & 0xFF) << 8 | (frame[2] & 0xFF);
        int width = (frame[3] & 0xFF) << 8 | (frame[4] & 0xFF);
        if ((frame[0] & 0xFF) != 8 || components == 2 || components > 4) {
            throw new MediaException("picture: file=" + file + ", bits=" + (frame[0] & 0xFF) + ", components="
                    + components + "; only JPEG pictures of 8 bits with 1, 3 or 4 components are read");
        }
        return new JpegHeader(width, height, colors(components, frame, jfif, adobe), Math.max(1, orientation));
    }

    private static Colors colors(int components, byte[] frame, boolean jfif, int adobe) {
        if (components == 1) {
            return Colors.GRAY;
        }
        if (components == 4) {
            return adobe < 0 || adobe == 0 ? Colors.CMYK : Colors.YCCK;
        }
        if (jfif || adobe > 0) {
            return Colors.YCC;
        }
        boolean named = frame[6] == 'R' && frame[9] == 'G' && frame[12] == 'B';
        return adobe == 0 || named ? Colors.RGB : Colors.YCC;
    }

    private static boolean isFrame(int marker) {
        return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
    }

    /** The next marker; fill bytes and stuffed zeros in front of it are skipped. */
    private static int marker(InputStream in) throws IOException {
        int previous = next(in);
        while (true) {
            int b = next(in);
            if (previous == 0xFF && b != 0xFF && b != 0) {
                return b;
            }
            previous = b;
        }
    }

    private static byte[] segment(String file, InputStream in) throws IOException {
        int length = next(in) << 8 | next(in);
        if (length < 2) {
            throw new MediaException(
                    "picture: file=" + file + "; the JPEG header is damaged, a segment has " + length + " bytes");
        }
        byte[] segment = in.readNBytes(length - 2);
        if (segment.length < length - 2) {
            throw new EOFException();
        }
        return segment;
    }

    private static int next(InputStream in) throws IOException {
        int b = in.read();
        if (b < 0) {
            throw new EOFException();
        }
        return b;
    }

    private static boolean startsWith(byte[] segment, String tag) {
        byte[] bytes = tag.getBytes(StandardCharsets.ISO_8859_1);
        return segment.length >= bytes.length && Arrays.equals(segment, 0, bytes.length, bytes, 0, bytes.length);
    }
}
