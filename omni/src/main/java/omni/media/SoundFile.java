package omni.media;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import omni.error.MediaException;

/** Sounds on disk: plain WAV is read here, everything else (FLAC, MP3, Ogg, M4A, videos) by ffmpeg. */
public final class SoundFile {
    private SoundFile() {}

    /**
     * The sound of a file, or of a video.
     *
     * @throws MediaException if the file is missing, empty, damaged, has no sound, or needs ffmpeg and it is not there
     */
    public static SoundSource of(Path file) {
        return of(file, Ffmpeg.installed());
    }

    static SoundSource of(Path file, Ffmpeg ffmpeg) {
        if (FileKind.of(file) == FileKind.WAV && plain(file)) {
            return wav(file);
        }
        if (!MediaProbe.of(ffmpeg, file).sound()) {
            throw new MediaException("sound: file=" + file + "; it has no sound");
        }
        return converted(file, ffmpeg);
    }

    /** The sound of a file that is opened, and judged, only when somebody wants to hear it. */
    static SoundSource later(Path file) {
        return new Source(file.toString(), () -> of(file).open());
    }

    static SoundSource wav(Path file) {
        WavReader.open(file).close();
        return new Source(file.toString(), () -> WavReader.open(file));
    }

    /** As ffmpeg decodes it: floats at its own rate and with its own channels. */
    static SoundSource converted(Path file, Ffmpeg ffmpeg) {
        return new Source(file.toString(), () -> {
            List<String> options = List.of("-map", "0:a:0", "-vn", "-c:a", "pcm_f32le", "-f", "wav");
            FfmpegProcess process = ffmpeg.convert(file, options);
            try {
                return WavReader.of(new BufferedInputStream(process.output(), 1 << 16), file.toString());
            } catch (RuntimeException e) {
                process.close();
                throw e;
            }
        });
    }

    private static boolean plain(Path file) {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            return WavHeader.read(file.toString(), in).format().plain();
        } catch (IOException e) {
            throw WavReader.unreadable(file.toString(), e);
        }
    }

    private interface Opening {
        SampleReader open();
    }

    private record Source(String name, Opening opening) implements SoundSource {
        @Override
        public SampleReader open() {
            return opening.open();
        }
    }
}
