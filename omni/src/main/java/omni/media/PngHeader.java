package omni.media;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import omni.error.MediaException;

/**
 * The chunks of a PNG file that describe its pixels (PNG specification, third edition, sections 11.2.1 and 11.3.4.5).
 *
 * @param width pixels of a row
 * @param height rows
 * @param bits of one value: 1, 2, 4, 8 or 16
 * @param color type: 0 grey, 2 RGB, 3 palette, 4 grey and alpha, 6 RGB and alpha
 * @param orientation EXIF orientation, 1 .. 8
 */
record PngHeader(int width, int height, int bits, int color, int orientation) {
    private static final int LONGEST_EXIF = 1 << 16;

    /** @throws MediaException if the header is cut off or damaged */
    static PngHeader read(String file, InputStream in) throws IOException {
        byte[] head = in.readNBytes(33);
        if (head.length < 33) {
            throw new MediaException("picture: file=" + file + "; the PNG header is cut off");
        }
        ByteBuffer b = ByteBuffer.wrap(head);
        int width = b.getInt(16);
        int height = b.getInt(20);
        int bits = head[24] & 0xFF;
        int color = head[25] & 0xFF;
        boolean known = switch (color) {
            case 0 -> bits == 1 || bits == 2 || bits == 4 || bits == 8 || bits == 16;
            case 3 -> bits == 1 || bits == 2 || bits == 4 || bits == 8;
            case 2, 4, 6 -> bits == 8 || bits == 16;
            default -> false;
        };
        if (!"IHDR".equals(new String(head, 12, 4, StandardCharsets.ISO_8859_1)) || !known || width < 1 || height < 1) {
            throw new MediaException(
                    "picture: file=" + file + ", width=" + Integer.toUnsignedString(width) + ", height="
                            + Integer.toUnsignedString(height) + ", bits=" + bits + ", color=" + color
                            + "; the PNG header is damaged");
        }
        return new PngHeader(width, height, bits, color, orientation(in));
    }

    /** Looks for an {@code eXIf} chunk anywhere; a file that ends early is told by the decoder. */
    private static int orientation(InputStream in) throws IOException {
        while (true) {
            byte[] head = in.readNBytes(8);
            if (head.length < 8) {
                return 1;
            }
            long length = ByteBuffer.wrap(head).getInt() & 0xFFFFFFFFL;
            String type = new String(head, 4, 4, StandardCharsets.ISO_8859_1);
            if (type.equals("IEND")) {
                return 1;
            }
            if (type.equals("eXIf")) {
                byte[] exif = in.readNBytes((int) Math.min(length, LONGEST_EXIF));
                // Some writers keep the prefix that JPEG puts before the data.
                boolean prefixed = exif.length > 6 && exif[0] == 'E' && exif[1] == 'x';
                return Exif.orientation(prefixed ? Arrays.copyOfRange(exif, 6, exif.length) : exif);
            }
            for (long left = length + 4; left > 0; ) {
                long skipped = in.skip(left);
                if (skipped <= 0) {
                    return 1;
                }
                left -= skipped;
            }
        }
    }
}
