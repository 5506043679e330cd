package omni.kernels;

import java.lang.foreign.MemorySegment;

/**
 * Polyphase resampling by a rational factor: y[j] = sum over k of h(p_j)[k] x[i_j + k], where output j lies (first + j * down) / up
 * input samples behind the start; i_j is the whole part and p_j, in units of 1/phases, the fractional part of that time.
 *
 * <p>A filter with as many phases as {@code up} has the exact taps of every output. With fewer phases, taps between two phases are
 * interpolated linearly, so that awkward ratios need no table of their own size.
 *
 * <p>Accuracy: sums are float32 in the vector kernel, double in the scalar definition.
 */
public final class FirResampler {
    private static final FirResamplerKernel KERNEL =
            KernelProvider.vector() ? new VectorFirResampler() : new ScalarFirResampler();

    private FirResampler() {}

    /**
     * Computes {@code n} outputs.
     *
     * @param x input samples; the window of the first output starts at {@code xOffset + first / up}
     * @param filter h, [phases + 1, taps]: row p is the filter for a fractional part of p / phases; the last row, for a part of 1, is
     *     read only if {@code phases < up}
     * @param taps floats of a row of the filter, at least 1
     * @param phases rows of the filter less one, 1 .. up
     * @param up output rate divided by the greatest common divisor of both rates
     * @param down input rate divided by it
     * @param first time of the first output in units of 1/up input samples, 0 or more
     * @param y outputs [n], adjacent; must not overlap x
     * @param n number of outputs
     * @throws IllegalArgumentException if a range does not lie in its segment or a number is out of range
     */
    public static void polyphase(
            MemorySegment x,
            long xOffset,
            MemorySegment filter,
            long filterOffset,
            int taps,
            int phases,
            int up,
            int down,
            long first,
            MemorySegment y,
            long yOffset,
            int n) {
        if (taps < 1 || phases < 1 || phases > up || down < 1 || first < 0 || n < 0) {
            throw new IllegalArgumentException("resampler: taps=" + taps + ", phases=" + phases + ", up=" + up
                    + ", down=" + down + ", first=" + first + ", n=" + n);
        }
        if (n == 0) {
            return;
        }
        long last = Math.addExact(first, (n - 1L) * down) / up;
        Floats.check("resampler: x", x, xOffset, Math.addExact(last, taps));
        Floats.checkRows("resampler: filter", filter, filterOffset, taps, phases < up ? phases + 1 : phases, taps);
        Floats.check("resampler: y", y, yOffset, n);
        KERNEL.polyphase(x, xOffset, filter, filterOffset, taps, phases, up, down, first, y, yOffset, n);
    }
}
