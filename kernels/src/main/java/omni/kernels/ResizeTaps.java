package omni.kernels;

/**
 * Which inputs make each output of a bicubic reduction or enlargement of one axis, and with what weight. The cubic is Keys' with
 * a = -0.5; when reducing, it is stretched by the factor, which averages what would alias (Pillow, {@code Resample.c}).
 *
 * <p>Two roundings of the same weights exist because the reference resizes pictures and frames of video files by two routines: fixed
 * point with 22 bits behind the point, and float32.
 */
public final class ResizeTaps {
    /** Bits behind the point: 32 less the 8 of a pixel less 2 for sums beyond the range of a pixel. */
    static final int PRECISION_BITS = 32 - 8 - 2;

    private static final double A = -0.5;

    private final int in;
    private final int out;

    /** Weights kept for each output; those behind {@link #counts} are 0. */
    final int width;

    /** First input of each output. */
    final int[] starts;

    /** Number of inputs of each output. */
    final int[] counts;

    /** Fixed-point weights [out, width]; empty for taps of float32. */
    final int[] fixed;

    /** Weights [out, width]; empty for fixed-point taps. */
    final float[] floats;

    private ResizeTaps(int in, int out, int width, int[] starts, int[] counts, int[] fixed, float[] floats) {
        this.in = in;
        this.out = out;
        this.width = width;
        this.starts = starts;
        this.counts = counts;
        this.fixed = fixed;
        this.floats = floats;
    }

    /**
     * Fixed-point taps for pixels of 8 bits.
     *
     * @param in pixels of the axis before, at least 1
     * @param out pixels of the axis after, at least 1
     * @throws IllegalArgumentException if one of them is below 1
     */
    public static ResizeTaps fixed(int in, int out) {
        int width = width(in, out);
        int[] starts = new int[out];
        int[] counts = new int[out];
        int[] weights = new int[Math.multiplyExact(out, width)];
        double scale = (double) in / out;
        double stretch = Math.max(1, scale);
        double support = 2 * stretch;
        double inverse = 1 / stretch;
        double[] w = new double[width];
        for (int o = 0; o < out; o++) {
            double center = (o + 0.5) * scale;
            int start = Math.max(0, (int) (center - support + 0.5));
            int count = Math.min(in, (int) (center + support + 0.5)) - start;
            double sum = 0;
            for (int k = 0; k < count; k++) {
                w[k] = cubic((k + start - center + 0.5) * inverse);
                sum += w[k];
            }
            for (int k = 0; k < count; k++) {
                double fixed = w[k] / sum * (1 << PRECISION_BITS);
                weights[o * width + k] = (int) (fixed < 0 ? fixed - 0.5 : fixed + 0.5);
            }
            starts[o] = start;
            counts[o] = count;
        }
        return new ResizeTaps(in, out, width, starts, counts, weights, new float[0]);
    }

    /**
     * Taps of float32, every step of their computation rounded to it.
     *
     * @param in pixels of the axis before, at least 1
     * @param out pixels of the axis after, at least 1
     * @throws IllegalArgumentException if one of them is below 1
     */
    public static ResizeTaps floats(int in, int out) {
        int width = width(in, out);
        int[] starts = new int[out];
        int[] counts = new int[out];
        float[] weights = new float[Math.multiplyExact(out, width)];
        float scale = (float) in / out;
        float stretch = Math.max(1, scale);
        float support = 2 * stretch;
        float inverse = 1 / stretch;
        for (int o = 0; o < out; o++) {
            float center = (float) (scale * (o + 0.5));
            int start = Math.max(0, (int) (center - support + 0.5));
            int count = Math.min(Math.min(in, (int) (center + support + 0.5)) - start, width);
            float sum = 0;
            for (int k = 0; k < count; k++) {
                float w = cubic((float) ((k + start - center + 0.5) * inverse));
                weights[o * width + k] = w;
                sum += w;
            }
            for (int k = 0; k < count; k++) {
                weights[o * width + k] /= sum;
            }
            starts[o] = start;
            counts[o] = count;
        }
        return new ResizeTaps(in, out, width, starts, counts, new int[0], weights);
    }

    /** Pixels of the axis before. */
    public int in() {
        return in;
    }

    /** Pixels of the axis after. */
    public int out() {
        return out;
    }

    boolean isFixed() {
        return fixed.length > 0;
    }

    private static int width(int in, int out) {
        if (in < 1 || out < 1) {
            throw new IllegalArgumentException("resize: in=" + in + ", out=" + out);
        }
        return Math.min(in, (int) Math.ceil(2 * Math.max(1, (double) in / out)) * 2 + 1);
    }

    private static double cubic(double x) {
        double d = Math.abs(x);
        if (d < 1) {
            return ((A + 2) * d - (A + 3)) * d * d + 1;
        }
        return d < 2 ? (((d - 5) * d + 8) * d - 4) * A : 0;
    }

    /** With the multiply-adds fused as PyTorch's compiled kernel has them. */
    private static float cubic(float x) {
        float a = (float) A;
        float d = Math.abs(x);
        if (d < 1) {
            return Math.fma(Math.fma(a + 2, d, -(a + 3)) * d, d, 1);
        }
        return d < 2 ? Math.fma(Math.fma(Math.fma(a, d, -5 * a), d, 8 * a), d, -4 * a) : 0;
    }
}
