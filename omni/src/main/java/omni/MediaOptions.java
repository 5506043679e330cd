package omni;

import omni.error.RequestException;
import omni.vision.VisionOptions;
import org.jspecify.annotations.Nullable;

/**
 * How the media of a turn are taken. What is null comes from the checkpoint's {@code preprocessor_config.json} and
 * {@code video_preprocessor_config.json}, and from the reference's defaults where these are silent: 2 frames a second, 4 to 768 of them,
 * pictures of 3,136 to 12,845,056 pixels. Immutable; change one value with a {@code with} method.
 *
 * @param fps frames taken of a second of film; frames in a second of a folder of frames
 * @param minPixels a smaller picture or frame is enlarged to about this
 * @param maxPixels a larger picture or frame is reduced to about this
 * @param maxFrames most frames taken of a clip
 * @param audioInVideo whether clips are taken together with their sound, if they have any
 */
public record MediaOptions(
        @Nullable Double fps,
        @Nullable Long minPixels,
        @Nullable Long maxPixels,
        @Nullable Integer maxFrames,
        boolean audioInVideo) {
    private static final MediaOptions DEFAULTS = new MediaOptions(null, null, null, null, false);
    private static final double MOST_FPS = 1000;

    /**
     * Checks the values.
     *
     * @throws RequestException if one is out of its range, or if they contradict each other
     */
    public MediaOptions {
        if (fps != null && !(fps > 0 && fps <= MOST_FPS)) {
            throw new RequestException("frames per second: value=" + fps + "; give more than 0, at most 1000");
        }
        require("min pixels", minPixels);
        require("max pixels", maxPixels);
        require("max frames", maxFrames);
        if (minPixels != null && maxPixels != null && minPixels > maxPixels) {
            throw new RequestException("min pixels: value=" + minPixels + ", max pixels=" + maxPixels
                    + "; the least must not be more than the most");
        }
    }

    private static void require(String what, @Nullable Number value) {
        if (value != null && value.longValue() < 1) {
            throw new RequestException(what + ": value=" + value + "; give 1 or more");
        }
    }

    /** Everything as the checkpoint says, clips without their sound. */
    public static MediaOptions defaults() {
        return DEFAULTS;
    }

    /** These options with another number of frames a second. */
    public MediaOptions withFps(double value) {
        return new MediaOptions(value, minPixels, maxPixels, maxFrames, audioInVideo);
    }

    /** These options with another lower limit on pixels. */
    public MediaOptions withMinPixels(long value) {
        return new MediaOptions(fps, value, maxPixels, maxFrames, audioInVideo);
    }

    /** These options with another upper limit on pixels. */
    public MediaOptions withMaxPixels(long value) {
        return new MediaOptions(fps, minPixels, value, maxFrames, audioInVideo);
    }

    /** These options with another limit on frames. */
    public MediaOptions withMaxFrames(int value) {
        return new MediaOptions(fps, minPixels, maxPixels, value, audioInVideo);
    }

    /** These options with clips taken together with their sound, or without. */
    public MediaOptions withAudioInVideo(boolean value) {
        return new MediaOptions(fps, minPixels, maxPixels, maxFrames, value);
    }

    VisionOptions vision() {
        return new VisionOptions(fps, minPixels, maxPixels, maxFrames);
    }
}
