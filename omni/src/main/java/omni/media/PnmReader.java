package omni.media;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import omni.error.MediaException;
import org.jspecify.annotations.Nullable;

/**
 * Pictures one after the other as ffmpeg writes them into a pipe: PPM (RGB), or PAM with alpha, which is laid on white. Each says its own
 * size, so that nothing has to be believed about rotation and cropping beforehand.
 */
final class PnmReader {
    private final String file;
    private final InputStream in;
    private final Arena arena;
    private @Nullable Picture picture;

    /** @param arena of the pictures' memory; as long as they have the same size, they share it */
    PnmReader(String file, InputStream in, Arena arena) {
        this.file = file;
        this.arena = arena;
        this.in = new BufferedInputStream(in);
    }

    /**
     * The next picture, or null at the end.
     *
     * @throws MediaException if the stream is none of pictures, ends within one, or a picture is too large
     */
    @Nullable
    Picture next() throws IOException {
        int first = in.read();
        if (first < 0) {
            return null;
        }
        int kind = first == 'P' ? in.read() : -1;
        int width = 0;
        int height = 0;
        int depth = 3;
        if (kind == '6') {
            width = number(word());
            height = number(word());
            word();
        } else if (kind == '7') {
            for (String key = word(); !key.equals("ENDHDR"); key = word()) {
                String value = word();
                switch (key) {
                    case "WIDTH" -> width = number(value);
                    case "HEIGHT" -> height = number(value);
                    case "DEPTH" -> depth = number(value);
                    default -> {}
                }
            }
        }
        if (width < 1 || height < 1 || (long) width * height > PictureFile.MAX_PIXELS || (depth != 3 && depth != 4)) {
            throw new MediaException("media: file=" + file + ", width=" + width + ", height=" + height + ", depth="
                    + depth + "; ffmpeg gave no picture of a size that is accepted");
        }
        return pixels(width, height, depth);
    }

    private Picture pixels(int width, int height, int depth) throws IOException {
        Picture picture = this.picture;
        if (picture == null || picture.width() != width || picture.height() != height) {
            picture = Picture.of(width, height, arena);
            this.picture = picture;
        }
        byte[] row = new byte[width * depth];
        byte[] rgb = new byte[width * 3];
        for (int y = 0; y < height; y++) {
            if (in.readNBytes(row, 0, row.length) < row.length) {
                throw new MediaException("media: file=" + file + "; ffmpeg ended within a picture");
            }
            if (depth == 3) {
                picture.setRow(y, row, 0);
                continue;
            }
            for (int x = 0; x < width; x++) {
                for (int c = 0; c < 3; c++) {
                    rgb[3 * x + c] = Rgb.onWhite(row[4 * x + c], row[4 * x + 3]);
                }
            }
            picture.setRow(y, rgb, 0);
        }
        return picture;
    }

    /** The next word of a header and the one white space behind it. */
    private String word() throws IOException {
        byte[] word = new byte[32];
        int n = 0;
        int b = in.read();
        while (b == ' ' || b == '\n') {
            b = in.read();
        }
        for (; b != ' ' && b != '\n' && n < word.length; b = in.read()) {
            if (b < 0) {
                throw new EOFException("the header of a picture is cut off");
            }
            word[n++] = (byte) b;
        }
        return new String(word, 0, n, StandardCharsets.ISO_8859_1);
    }

    private static int number(String word) {
        try {
            return Integer.parseInt(word);
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
