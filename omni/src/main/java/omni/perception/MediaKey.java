package omni.perception;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.stream.Stream;
import omni.error.MediaException;
import omni.vision.VisionOptions;

/**
 * What makes an encoder's result the same: the files, unchanged, and the options that it depends on.
 *
 * @param kind what was made of the files
 * @param files the file, or the files of a folder of frames
 * @param options those of pictures and clips; a sound has none
 */
record MediaKey(Kind kind, List<Stamp> files, VisionOptions options) {
    /** What an encoder can be given. */
    enum Kind {
        AUDIO,
        IMAGE,
        VIDEO
    }

    /**
     * A file as it was when it was looked at.
     *
     * @param path its real path
     * @param bytes its size
     * @param modified when it was last written
     */
    record Stamp(Path path, long bytes, FileTime modified) {
        static Stamp of(Path file) throws IOException {
            Path real = file.toRealPath();
            return new Stamp(real, Files.size(real), Files.getLastModifiedTime(real));
        }
    }

    /** The key of a file or folder as it is now. */
    static MediaKey of(Kind kind, Path path, VisionOptions options) {
        try {
            if (!Files.isDirectory(path)) {
                return new MediaKey(kind, List.of(Stamp.of(path)), options);
            }
            try (Stream<Path> entries = Files.list(path)) {
                List<Path> files = entries.filter(Files::isRegularFile).sorted().toList();
                Stamp[] stamps = new Stamp[files.size()];
                for (int i = 0; i < stamps.length; i++) {
                    stamps[i] = Stamp.of(files.get(i));
                }
                return new MediaKey(kind, List.of(stamps), options);
            }
        } catch (IOException e) {
            throw unreadable(path, e);
        }
    }

    private static MediaException unreadable(Path path, IOException e) {
        return Files.notExists(path)
                ? new MediaException("media: file=" + path + "; no such file", e)
                : new MediaException("media: file=" + path + "; cannot be read: " + e.getMessage(), e);
    }
}
