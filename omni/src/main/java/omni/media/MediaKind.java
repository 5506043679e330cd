package omni.media;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import omni.error.MediaException;

/** What a file is to a model, found from its content. */
public enum MediaKind {
    SOUND,
    PICTURE,
    /** A clip, with sound or without, an animated GIF, or a folder of frames. */
    VIDEO;

    /**
     * Looks into a file.
     *
     * @throws MediaException if the file is missing, empty, holds neither sound nor picture, or needs ffmpeg and it is not there
     */
    public static MediaKind of(Path file) {
        return of(file, Ffmpeg.installed());
    }

    static MediaKind of(Path file, Ffmpeg ffmpeg) {
        if (Files.isDirectory(file)) {
            return VIDEO;
        }
        FileKind kind = FileKind.of(file);
        return switch (kind) {
            case WAV -> SOUND;
            case PNG, JPEG, BMP -> PICTURE;
            case GIF -> GifFile.open(file).frames() > 1 ? VIDEO : PICTURE;
            case OTHER -> named(file) ? PICTURE : probed(file, ffmpeg);
            case FOREIGN_PICTURE -> probed(file, ffmpeg);
        };
    }

    /** Whether a file is called a picture that it is not; reading it as one tells so. */
    private static boolean named(Path file) {
        return PictureFile.isOurs(String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT));
    }

    private static MediaKind probed(Path file, Ffmpeg ffmpeg) {
        MediaProbe probe = MediaProbe.of(ffmpeg, file);
        if (probe.width() < 1 || probe.height() < 1) {
            if (!probe.sound()) {
                throw new MediaException("media: file=" + file + "; there is neither sound nor picture in it");
            }
            return SOUND;
        }
        int frames = probe.frames() > 0 ? probe.frames() : MediaProbe.count(ffmpeg, file, false);
        return frames > 1 || probe.sound() ? VIDEO : PICTURE;
    }
}
