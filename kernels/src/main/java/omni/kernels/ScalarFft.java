package omni.kernels;

import java.lang.foreign.MemorySegment;

/** The definition: one sum per bin, in double. */
final class ScalarFft implements FftKernel {
    @Override
    public void forward(
            FftPlan plan,
            MemorySegment x,
            long xOffset,
            int xStride,
            MemorySegment window,
            long windowOffset,
            MemorySegment y,
            long yOffset,
            int yStride,
            int frames) {
        double[] frame = new double[plan.length()];
        double[] spectrum = new double[2 * plan.bins()];
        for (int f = 0; f < frames; f++) {
            transform(plan, x, xOffset + (long) f * xStride, window, windowOffset, frame, spectrum);
            for (int i = 0; i < spectrum.length; i++) {
                Floats.set(y, yOffset + (long) f * yStride + i, (float) spectrum[i]);
            }
        }
    }

    @Override
    public void power(
            FftPlan plan,
            MemorySegment x,
            long xOffset,
            int xStride,
            MemorySegment window,
            long windowOffset,
            MemorySegment y,
            long yOffset,
            int yStride,
            int frames) {
        double[] frame = new double[plan.length()];
        double[] spectrum = new double[2 * plan.bins()];
        for (int f = 0; f < frames; f++) {
            transform(plan, x, xOffset + (long) f * xStride, window, windowOffset, frame, spectrum);
            for (int k = 0; k < plan.bins(); k++) {
                double power = spectrum[2 * k] * spectrum[2 * k] + spectrum[2 * k + 1] * spectrum[2 * k + 1];
                Floats.set(y, yOffset + (long) k * yStride + f, (float) power);
            }
        }
    }

    private static void transform(
            FftPlan plan,
            MemorySegment x,
            long xOffset,
            MemorySegment window,
            long windowOffset,
            double[] frame,
            double[] spectrum) {
        int n = plan.length();
        for (int i = 0; i < n; i++) {
            frame[i] = Floats.get(x, xOffset + i) * Floats.get(window, windowOffset + i);
        }
        for (int k = 0; k < plan.bins(); k++) {
            double re = 0;
            double im = 0;
            for (int i = 0, angle = 0; i < n; i++, angle = (angle + k) % n) {
                re += frame[i] * plan.cos[angle];
                im -= frame[i] * plan.sin[angle];
            }
            spectrum[2 * k] = re;
            spectrum[2 * k + 1] = im;
        }
    }
}
