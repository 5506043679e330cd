package omni.kernels;

import java.lang.foreign.MemorySegment;

/** The definition. */
final class ScalarAntiAliasedSnake implements AntiAliasedSnakeKernel {
    @Override
    public int scratchSignal() {
        return 0;
    }

    @Override
    public int scratchDoubled() {
        return 0;
    }

    @Override
    public int scratchParameters() {
        return 0;
    }

    @Override
    public void run(
            MemorySegment x,
            long xOffset,
            int xStride,
            int frames,
            MemorySegment frequency,
            long frequencyOffset,
            MemorySegment magnitude,
            long magnitudeOffset,
            int channels,
            float[] filter,
            MemorySegment y,
            long yOffset,
            int yStride,
            int from,
            int to,
            AntiAliasedSnake.Scratch scratch) {
        for (int c = 0; c < channels; c++) {
            double a = Floats.get(frequency, frequencyOffset + c);
            double b = Floats.get(magnitude, magnitudeOffset + c);
            for (int t = from; t < to; t++) {
                double sum = 0;
                for (int k = 0; k < filter.length; k++) {
                    int u = Math.clamp(2L * t + k - 5, 0, 2 * frames - 1);
                    double v = doubled(x, xOffset + c, xStride, frames, filter, u);
                    double sine = Math.sin(a * v);
                    sum += filter[k] * (v + b * sine * sine);
                }
                Floats.set(y, yOffset + (long) (t - from) * yStride + c, (float) sum);
            }
        }
    }

    /** Frame {@code u} of the doubled signal: the taps whose number has the parity of u + 5 meet a frame of the signal. */
    private static double doubled(MemorySegment x, long xOffset, int xStride, int frames, float[] filter, int u) {
        double sum = 0;
        for (int k = (u + 5) % 2; k < filter.length; k += 2) {
            int j = Math.clamp((u + 5L - k) / 2, 0, frames - 1);
            sum += filter[k] * Floats.get(x, xOffset + (long) j * xStride);
        }
        return 2 * sum;
    }
}
