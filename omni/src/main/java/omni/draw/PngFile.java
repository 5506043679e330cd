package omni.draw;

import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import omni.error.MediaException;

/**
 * Drawings as PNG files (PNG specification, third edition). A drawing carries a mark of this program, so that it can be told from a
 * file that somebody else put there under the same name.
 */
public final class PngFile {
    private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
    private static final byte[] MARK = "Software\0omni".getBytes(StandardCharsets.ISO_8859_1);

    /** Signature and the chunk of the sizes. */
    private static final int HEAD = 8 + 12 + 13;

    private static final int BLOCK = 1 << 16;

    private PngFile() {}

    /**
     * Writes a drawing, and replaces a file of that name. The name is only given to the whole file.
     *
     * @throws MediaException if it cannot be written
     */
    public static void write(Canvas canvas, Path file) {
        Path part = file.resolveSibling(file.getFileName() + ".part");
        try {
            try (DataOutputStream out =
                    new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(part), BLOCK))) {
                write(canvas, out);
            }
            Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            delete(part, e);
            throw new MediaException("drawing: file=" + file + "; cannot be written: " + e.getMessage(), e);
        }
    }

    private static void delete(Path part, IOException failure) {
        try {
            Files.deleteIfExists(part);
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }

    /**
     * Whether a file is a drawing of this program's.
     *
     * @throws MediaException if it cannot be read
     */
    public static boolean isDrawing(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] head = in.readNBytes(HEAD + 8 + MARK.length);
            return head.length == HEAD + 8 + MARK.length
                    && Arrays.equals(head, 0, SIGNATURE.length, SIGNATURE, 0, SIGNATURE.length)
                    && Arrays.equals(head, HEAD + 8, head.length, MARK, 0, MARK.length);
        } catch (IOException e) {
            throw new MediaException("drawing: file=" + file + "; cannot be read: " + e.getMessage(), e);
        }
    }

    private static void write(Canvas canvas, DataOutputStream out) throws IOException {
        out.write(SIGNATURE);
        // 8 bits of red, green and blue.
        byte[] sizes = ByteBuffer.allocate(13)
                .putInt(canvas.width())
                .putInt(canvas.height())
                .put(new byte[] {8, 2, 0, 0, 0})
                .array();
        chunk(out, "IHDR", sizes, sizes.length);
        chunk(out, "tEXt", MARK, MARK.length);
        pixels(canvas, out);
        chunk(out, "IEND", new byte[0], 0);
    }

    /** Every row as differences to the one above, which suits plain areas and grids. */
    private static void pixels(Canvas canvas, DataOutputStream out) throws IOException {
        int stride = 3 * canvas.width();
        byte[] above = new byte[stride];
        byte[] row = new byte[stride];
        byte[] filtered = new byte[stride + 1];
        byte[] block = new byte[BLOCK];
        int held = 0;
        Deflater deflater = new Deflater();
        try {
            for (int y = 0; y < canvas.height(); y++) {
                canvas.row(y, row, 0);
                filtered[0] = 2;
                for (int i = 0; i < stride; i++) {
                    filtered[i + 1] = (byte) (row[i] - above[i]);
                }
                byte[] swap = above;
                above = row;
                row = swap;
                boolean last = y + 1 == canvas.height();
                deflater.setInput(filtered);
                if (last) {
                    deflater.finish();
                }
                while (last ? !deflater.finished() : !deflater.needsInput()) {
                    held += deflater.deflate(block, held, block.length - held);
                    if (held == block.length || deflater.finished()) {
                        chunk(out, "IDAT", block, held);
                        held = 0;
                    }
                }
            }
        } finally {
            deflater.end();
        }
    }

    private static void chunk(DataOutputStream out, String type, byte[] data, int length) throws IOException {
        byte[] tag = type.getBytes(StandardCharsets.ISO_8859_1);
        CRC32 crc = new CRC32();
        crc.update(tag);
        crc.update(data, 0, length);
        out.writeInt(length);
        out.write(tag);
        out.write(data, 0, length);
        out.writeInt((int) crc.getValue());
    }
}
