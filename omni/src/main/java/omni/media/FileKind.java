package omni.media;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import omni.error.MediaException;

/** What a file is by its first bytes; its name does not count. */
enum FileKind {
    WAV,
    PNG,
    JPEG,
    GIF,
    BMP,
    /** WebP, HEIC, AVIF, TIFF, JPEG XL: pictures that ffmpeg may read, whatever they are called. */
    FOREIGN_PICTURE,
    /** Anything else: ffmpeg's business, too. */
    OTHER;

    private static final int LONGEST_MAGIC = 18;

    /** @throws MediaException if the file is missing, empty, a folder or cannot be read */
    static FileKind of(Path file) {
        if (Files.isDirectory(file)) {
            throw new MediaException("media: file=" + file + "; this is a folder");
        }
        try (InputStream in = Files.newInputStream(file)) {
            byte[] head = in.readNBytes(LONGEST_MAGIC);
            if (head.length == 0) {
                throw new MediaException("media: file=" + file + ", bytes=0; the file is empty");
            }
            return of(head);
        } catch (IOException e) {
            throw WavReader.unreadable(file.toString(), e);
        }
    }

    static FileKind of(byte[] head) {
        String text = new String(head, StandardCharsets.ISO_8859_1);
        if ((text.startsWith("RIFF") || text.startsWith("RF64") || text.startsWith("BW64"))
                && text.startsWith("WAVE", 8)) {
            return WAV;
        }
        if (text.startsWith("\u0089PNG\r\n\u001a\n")) {
            return PNG;
        }
        if (text.startsWith("\u00ff\u00d8\u00ff")) {
            return JPEG;
        }
        if (text.startsWith("GIF87a") || text.startsWith("GIF89a")) {
            return GIF;
        }
        // Two letters are little to go by: the size of the second header must be one that is in use, too.
        if (text.startsWith("BM") && head.length >= 18 && head[15] == 0 && head[16] == 0 && head[17] == 0) {
            int size = head[14] & 0xFF;
            if (size == 12 || size == 40 || size == 52 || size == 56 || size == 64 || size == 108 || size == 124) {
                return BMP;
            }
        }
        boolean foreign = (text.startsWith("RIFF") && text.startsWith("WEBP", 8))
                || text.startsWith("ftyp", 4)
                || text.startsWith("II*\0")
                || text.startsWith("MM\0*")
                || text.startsWith("JXL ", 4)
                || text.startsWith("\u00ff\n");
        return foreign ? FOREIGN_PICTURE : OTHER;
    }
}
