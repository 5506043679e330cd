package omni.media;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.List;
import omni.error.MediaException;
import org.jspecify.annotations.Nullable;

/** A film as ffmpeg decodes it: wanted frames come through a pipe one by one, others stay within ffmpeg. */
final class FfmpegVideo implements VideoSource {
    private final Path file;
    private final Ffmpeg ffmpeg;
    private final MediaProbe probe;
    private final int frames;

    private FfmpegVideo(Path file, Ffmpeg ffmpeg, MediaProbe probe, int frames) {
        this.file = file;
        this.ffmpeg = ffmpeg;
        this.probe = probe;
        this.frames = frames;
    }

    static FfmpegVideo open(Path file, Ffmpeg ffmpeg) {
        MediaProbe probe = MediaProbe.of(ffmpeg, file);
        if (probe.width() < 1 || probe.height() < 1) {
            throw new MediaException("video: file=" + file + ", frames=0; it has no pictures");
        }
        if ((long) probe.width() * probe.height() > PictureFile.MAX_PIXELS) {
            throw new MediaException("video: file=" + file + ", width=" + probe.width() + ", height=" + probe.height()
                    + ", limit=" + PictureFile.MAX_PIXELS + " pixels; make it smaller");
        }
        int frames = probe.frames() > 0 ? probe.frames() : MediaProbe.count(ffmpeg, file, false);
        if (frames == 0) {
            throw new MediaException("video: file=" + file + ", frames=0; there is nothing to see");
        }
        if (probe.fps() == 0) {
            throw new MediaException(
                    "video: file=" + file + ", frames=" + frames + ", fps=0; its frame rate is unknown");
        }
        return new FfmpegVideo(file, ffmpeg, probe, frames);
    }

    @Override
    public String name() {
        return file.toString();
    }

    @Override
    public int frames() {
        return frames;
    }

    @Override
    public double fps() {
        return probe.fps();
    }

    @Override
    public int width() {
        return probe.width();
    }

    @Override
    public int height() {
        return probe.height();
    }

    @Override
    public boolean isList() {
        return false;
    }

    @Override
    public int show(int[] wanted, FrameSink sink) {
        if (wanted.length == 0) {
            return 0;
        }
        // Consecutive times for what was selected: every version of ffmpeg then passes each frame on once.
        String filter = "select='" + anyOf(wanted, 0, wanted.length) + "',settb=1/25,setpts=N";
        List<String> options = List.of(
                "-map",
                "0:v:0",
                "-an",
                "-vf",
                filter,
                "-r",
                "25",
                "-c:v",
                "ppm",
                "-pix_fmt",
                "rgb24",
                "-f",
                "image2pipe");
        try (FfmpegProcess process = ffmpeg.convert(file, options);
                Arena arena = Arena.ofShared()) {
            PnmReader pictures = new PnmReader(file.toString(), process.output(), arena);
            int shown = 0;
            while (shown < wanted.length) {
                Picture picture = pictures.next();
                if (picture == null) {
                    break;
                }
                sink.frame(wanted[shown], picture);
                shown++;
            }
            return shown;
        } catch (IOException e) {
            throw WavReader.unreadable(file.toString(), e);
        }
    }

    /** An expression that is true for the wanted numbers: a balanced sum, since ffmpeg limits how deep an expression may be. */
    private static String anyOf(int[] wanted, int from, int to) {
        if (to - from == 1) {
            return "eq(n," + wanted[from] + ")";
        }
        int middle = (from + to) / 2;
        return "(" + anyOf(wanted, from, middle) + "+" + anyOf(wanted, middle, to) + ")";
    }

    @Override
    public int count() {
        return MediaProbe.count(ffmpeg, file, true);
    }

    @Override
    public @Nullable SoundSource sound() {
        return probe.sound() ? SoundFile.converted(file, ffmpeg) : null;
    }
}
