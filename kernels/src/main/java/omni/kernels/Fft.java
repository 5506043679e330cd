package omni.kernels;

import java.lang.foreign.MemorySegment;

/**
 * Real Fourier transforms of any even length over many frames: X[k] = sum over i of w[i] x[i] exp(-2 pi j k i / n), k = 0 .. n/2.
 * Frames may overlap in memory (the hop is the stride between them), so a spectrogram needs no copies.
 *
 * <p>Accuracy: the largest error of the vector kernel, relative to the largest amplitude of its frame, is below 4e-7 (measured by
 * the test for lengths up to 1030; 1e-6 for 4098, which has the prime factor 683); the scalar definition sums in double.
 */
public final class Fft {
    private static final FftKernel KERNEL = KernelProvider.vector() ? new VectorFft() : new ScalarFft();

    private Fft() {}

    /**
     * Spectra: y[f, k] = (real part, imaginary part) of bin k of frame f.
     *
     * @param x samples; frame f is the n floats from {@code xOffset + f * xStride}
     * @param window n factors w; all frames are multiplied by them
     * @param y [F, 2 * bins], rows {@code yStride} floats apart; must not overlap x
     * @param frames F
     * @throws IllegalArgumentException if a range does not lie in its segment, or strides are negative or too small
     */
    public static void forward(
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
        check(plan, x, xOffset, xStride, window, windowOffset, frames);
        if (frames == 0) {
            return;
        }
        Floats.checkRows("fft: y", y, yOffset, yStride, frames, 2 * plan.bins());
        KERNEL.forward(plan, x, xOffset, xStride, window, windowOffset, y, yOffset, yStride, frames);
    }

    /**
     * Power spectra, one row per bin: y[k, f] = |X_f[k]|^2. Rows of bins are what a filter bank reads.
     *
     * @param x samples; frame f is the n floats from {@code xOffset + f * xStride}
     * @param window n factors w; all frames are multiplied by them
     * @param y [bins, F], rows {@code yStride} floats apart; must not overlap x
     * @param frames F
     * @throws IllegalArgumentException if a range does not lie in its segment, or strides are negative or too small
     */
    public static void power(
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
        check(plan, x, xOffset, xStride, window, windowOffset, frames);
        if (frames == 0) {
            return;
        }
        Floats.checkRows("fft: y", y, yOffset, yStride, plan.bins(), frames);
        KERNEL.power(plan, x, xOffset, xStride, window, windowOffset, y, yOffset, yStride, frames);
    }

    private static void check(
            FftPlan plan,
            MemorySegment x,
            long xOffset,
            int xStride,
            MemorySegment window,
            long windowOffset,
            int frames) {
        Floats.require(
                frames >= 0 && xStride >= 0, "fft: frames and xStride: frames=" + frames + ", xStride=" + xStride);
        Floats.check("fft: x", x, xOffset, frames == 0 ? 0 : (frames - 1L) * xStride + plan.length());
        Floats.check("fft: window", window, windowOffset, plan.length());
    }
}
