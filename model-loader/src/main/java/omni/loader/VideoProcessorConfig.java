package omni.loader;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What the checkpoint says about videos: {@code video_preprocessor_config.json}, or {@code video_processor} of the newer
 * {@code processor_config.json}. A null component was not said; the rules of frame selection then have their own value.
 *
 * @param patches how pixels become patches
 * @param minPixels least pixels of a frame
 * @param maxPixels most pixels of a frame
 * @param fps frames taken from a second of video
 * @param minFrames least frames of a video
 * @param maxFrames most frames of a video
 */
public record VideoProcessorConfig(
        PatchConfig patches,
        @Nullable Integer minPixels,
        @Nullable Integer maxPixels,
        @Nullable Double fps,
        @Nullable Integer minFrames,
        @Nullable Integer maxFrames) {
    private static final int MOST_FRAMES = 1_000_000;

    private static final int MOST_FPS = 1_000_000;

    /**
     * Reads the file of a model folder, which may be absent.
     *
     * @throws omni.error.ModelFormatException if a file is broken, contradicts the vision encoder or asks for what is not supported
     */
    public static VideoProcessorConfig read(Path folder, VisionConfig vision) {
        JsonObject config = ProcessorFiles.find(folder, "video_preprocessor_config.json", "video_processor");
        Integer minPixels = PatchConfig.pixels(config, "min_pixels", "shortest_edge");
        Integer maxPixels = PatchConfig.pixels(config, "max_pixels", "longest_edge");
        if (minPixels != null && maxPixels != null && minPixels > maxPixels) {
            throw config.refuse("min_pixels", minPixels, "expected at most max_pixels=" + maxPixels);
        }
        Integer minFrames = frames(config, "min_frames");
        Integer maxFrames = frames(config, "max_frames");
        if (minFrames != null && maxFrames != null && minFrames > maxFrames) {
            throw config.refuse("min_frames", "expected at most max_frames=" + maxFrames);
        }
        return new VideoProcessorConfig(
                PatchConfig.read(config, vision), minPixels, maxPixels, fps(config), minFrames, maxFrames);
    }

    private static @Nullable Double fps(JsonObject config) {
        if (!config.has("fps")) {
            return null;
        }
        double fps = ConfigKeys.positive(config, "fps", 2.0);
        if (!(fps < MOST_FPS)) {
            throw config.refuse("fps", "expected a number below " + MOST_FPS);
        }
        return fps;
    }

    private static @Nullable Integer frames(JsonObject config, String key) {
        return config.has(key) ? (Integer) ConfigKeys.within(config, key, 1, 1, MOST_FRAMES) : null;
    }
}
