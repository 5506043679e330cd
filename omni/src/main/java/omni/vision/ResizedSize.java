package omni.vision;

import omni.error.MediaException;

/**
 * A picture's size after resizing: both sides multiples of a cell's side, the area within limits, the proportions nearly kept
 * ({@code smart_resize} of the reference's loading helper).
 *
 * @param height rows of pixels
 * @param width pixels of a row
 */
public record ResizedSize(int height, int width) {
    private static final double MOST_STRETCHED = 200;

    /**
     * @param what names the picture in messages
     * @param height rows of pixels before, at least 1
     * @param width pixels of a row before, at least 1
     * @param factor side of a cell in pixels
     * @throws MediaException if one side is more than 200 times the other, or no size fits the limits into memory
     */
    public static ResizedSize of(String what, int height, int width, int factor, PixelLimits limits) {
        double stretched = (double) Math.max(height, width) / Math.min(height, width);
        if (stretched > MOST_STRETCHED) {
            throw new MediaException(what + ", width=" + width + ", height=" + height
                    + "; one side is more than 200 times the other, cut the picture");
        }
        double rows = Math.max(factor, Math.rint((double) height / factor) * factor);
        double columns = Math.max(factor, Math.rint((double) width / factor) * factor);
        double area = (double) height * width;
        if (rows * columns > limits.max()) {
            double beta = Math.sqrt(area / limits.max());
            rows = Math.max(factor, Math.floor(height / beta / factor) * factor);
            columns = Math.max(factor, Math.floor(width / beta / factor) * factor);
        } else if (rows * columns < limits.min()) {
            double beta = Math.sqrt(limits.min() / area);
            rows = Math.ceil(height * beta / factor) * factor;
            columns = Math.ceil(width * beta / factor) * factor;
        }
        if (rows * columns * 3 > Integer.MAX_VALUE) {
            throw new MediaException(what + ", width=" + width + ", height=" + height + ", resized=" + (long) columns
                    + "x" + (long) rows + "; lower the limits on pixels");
        }
        return new ResizedSize((int) rows, (int) columns);
    }
}
