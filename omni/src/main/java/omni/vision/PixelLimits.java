package omni.vision;

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

    /** @throws IllegalArgumentException if {@code min} is below 1 or above {@code max} */
    public PixelLimits {
        if (min < 1 || !(max >= min)) {
            throw new IllegalArgumentException("pixel limits: min=" + min + ", max=" + max);
        }
    }
}
