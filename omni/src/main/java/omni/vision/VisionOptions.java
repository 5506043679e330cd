package omni.vision;

import omni.error.RequestException;
import org.jspecify.annotations.Nullable;

/**
 * What a request asks for in place of the checkpoint's rules; null keeps them.
 *
 * @param fps frames taken of a second of film; frames in a second of a folder of frames
 * @param minPixels fewest pixels of a resized picture or frame
 * @param maxPixels most pixels of a resized picture or frame
 * @param maxFrames most frames of a clip
 */
public record VisionOptions(
        @Nullable Double fps,
        @Nullable Long minPixels,
        @Nullable Long maxPixels,
        @Nullable Integer maxFrames) {
    /** Everything as the checkpoint says. */
    public static final VisionOptions NONE = new VisionOptions(null, null, null, null);

    /** @throws RequestException if a number is not positive or the limits exclude each other */
    public VisionOptions {
        boolean positive = (fps == null || (fps > 0 && fps < 1e6))
                && (minPixels == null || minPixels > 0)
                && (maxPixels == null || maxPixels > 0)
                && (maxFrames == null || maxFrames > 0);
        if (!positive || (minPixels != null && maxPixels != null && minPixels > maxPixels)) {
            throw new RequestException("vision options: fps=" + fps + ", minPixels=" + minPixels + ", maxPixels="
                    + maxPixels + ", maxFrames=" + maxFrames
                    + "; they must be positive, and minPixels at most maxPixels");
        }
    }

    /** {@code limits} as far as nothing else is asked for. */
    PixelLimits limits(PixelLimits limits) {
        return limits.with(minPixels, maxPixels);
    }
}
