package omni.media;

import java.nio.file.Files;
import java.nio.file.Path;

/** Clips on disk: animated GIFs and folders of frames are read here, everything else by ffmpeg. */
public final class VideoFile {
    private VideoFile() {}

    /**
     * A clip, or a folder of frames.
     *
     * @param listFps frames in a second of a folder of frames; files know their own
     * @throws omni.error.MediaException if the file is missing, empty, damaged, has no frames, or needs ffmpeg and it is not there
     */
    public static VideoSource of(Path file, double listFps) {
        return of(file, listFps, Ffmpeg.installed());
    }

    static VideoSource of(Path file, double listFps, Ffmpeg ffmpeg) {
        if (Files.isDirectory(file)) {
            return FrameFolder.open(file, listFps);
        }
        return FileKind.of(file) == FileKind.GIF ? GifVideo.open(file) : FfmpegVideo.open(file, ffmpeg);
    }
}
