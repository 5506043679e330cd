package omni.cli;

import omni.MediaOptions;
import omni.error.RequestException;
import omni.vision.VisionOptions;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How pictures and videos are sampled and resized. What is left out is the model's. */
final class VisionArguments {
    @Option(
            names = "--fps",
            paramLabel = "F",
            order = OptionSections.MEDIA + 4,
            description = "Frames taken of a second of video (default: the model's, else 2); of a folder of frames, how"
                    + " many make a second.")
    private @Nullable Double fps;

    @Option(
            names = "--min-pixels",
            paramLabel = "N",
            order = OptionSections.MEDIA + 5,
            description = "Enlarge smaller pictures and frames to about this many pixels (default: the model's,"
                    + " mostly 3136 for pictures, 100352 for frames).")
    private @Nullable Long minPixels;

    @Option(
            names = "--max-pixels",
            paramLabel = "N",
            order = OptionSections.MEDIA + 6,
            description = "Reduce larger pictures and frames to about this many pixels (default: the model's,"
                    + " mostly 12845056 for pictures, 602112 for frames). A token stands for 784.")
    private @Nullable Long maxPixels;

    @Option(
            names = "--max-frames",
            paramLabel = "N",
            order = OptionSections.MEDIA + 7,
            description = "Most frames taken of a video (default: the model's, else 768).")
    private @Nullable Integer maxFrames;

    /** Checks the values. */
    MediaOptions toMediaOptions() {
        try {
            return new MediaOptions(fps, minPixels, maxPixels, maxFrames, false);
        } catch (RequestException e) {
            throw new UsageException(String.valueOf(e.getMessage()));
        }
    }

    /** Checks the values. */
    VisionOptions toVisionOptions() {
        MediaOptions options = toMediaOptions();
        return new VisionOptions(options.fps(), options.minPixels(), options.maxPixels(), options.maxFrames());
    }
}
