package omni.media;

import java.lang.foreign.Arena;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/** Small media files that lie beside the tests. */
final class MediaFiles {
    private MediaFiles() {}

    static Path path(String name) {
        URL url = MediaFiles.class.getResource("/omni/media/" + name);
        if (url == null) {
            throw new IllegalArgumentException("no test file " + name);
        }
        try {
            return Path.of(url.toURI());
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(name, e);
        }
    }

    static Picture read(Path file) {
        return PictureFile.open(file).read(Arena.ofAuto());
    }

    static long crc(Picture picture) {
        CRC32 crc = new CRC32();
        crc.update(picture.toArray());
        return crc.getValue();
    }

    /** The message of a refusal, or null. */
    static String refusal(Runnable action) {
        @Nullable String message = null;
        try {
            action.run();
        } catch (omni.error.MediaException e) {
            message = e.getMessage();
        }
        return message == null ? "nothing was refused" : message;
    }
}
