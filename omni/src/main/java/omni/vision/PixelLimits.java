package omni.vision;

import omni.loader.ImageProcessorConfig;
import omni.loader.VideoProcessorConfig;
import org.jspecify.annotations.Nullable;

/**
 * How many pixels a resized picture may have.
 *
 * @param min smaller ones are enlarged to at least this
 * @param max larger ones are reduced to at most this; a share of a common bound need not be whole
 */
public record PixelLimits(long min, double max) {
    /** What the reference allows a picture: 4 to 16384 cells of 28 x 28 pixels. */
    public static final PixelLimits PICTURE = new PixelLimits(4 * 784, 16_384 * 784);

    /** What the reference allows a frame of a clip: 128 to 768 cells. */
    public static final PixelLimits FRAME = new PixelLimits(128 * 784, 768 * 784);

    /** What the reference's loading helper allows all frames of a film together: 90 % of 128,000 cells. */
    private static final double ALL_FRAMES = 90_316_800;

    /** @throws IllegalArgumentException if {@code min} is below 1 or above {@code max} */
    public PixelLimits {
        if (min < 1 || !(max >= min)) {
            throw new IllegalArgumentException("pixel limits: min=" + min + ", max=" + max);
        }
    }

    /** The limits of a picture that the checkpoint names. */
    static PixelLimits of(ImageProcessorConfig config) {
        return new PixelLimits(config.minPixels(), config.maxPixels());
    }

    /** The limits of a frame that the checkpoint names; what it does not name is the reference's. */
    static PixelLimits of(VideoProcessorConfig config) {
        Integer min = config.minPixels();
        Integer max = config.maxPixels();
        return FRAME.with(min == null ? null : (Long) min.longValue(), max == null ? null : (Long) max.longValue());
    }

    /** Other limits in place of these; null keeps one. If only one is given, the other gives way. */
    PixelLimits with(@Nullable Long newMin, @Nullable Long newMax) {
        long least = newMin == null ? min : newMin;
        double most = newMax == null ? max : newMax;
        if (newMax == null) {
            most = Math.max((double) least, most);
        } else if (newMin == null) {
            least = Math.min(least, newMax);
        }
        return new PixelLimits(least, most);
    }

    /**
     * The limits of each frame of a film: they shrink with the number of frames, so that all of them together stay within a bound.
     *
     * @param frames number of frames taken
     * @param depth frames of a patch
     */
    public PixelLimits shared(int frames, int depth) {
        return new PixelLimits(min, Math.max(Math.min(max, ALL_FRAMES / frames * depth), (int) (min * 1.05)));
    }
}
