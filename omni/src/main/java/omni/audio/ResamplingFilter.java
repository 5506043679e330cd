package omni.audio;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import omni.kernels.KaiserSinc;

/**
 * The low-pass filter between two sampling rates: a sinc under a Kaiser window (Kaiser and Schafer, "On the use of the I0-sinh window
 * for spectrum analysis", 1980), cut into phases. Flat to 91 % of the lower rate's half (7.28 kHz for 16 kHz), 100 dB down from that half on.
 */
final class ResamplingFilter {
    private static final double PASS = 0.91;
    private static final double ATTENUATION_DB = 100;

    /**
     * More phases than this are interpolated: between neighbours of 1024 phases a straight line is wrong by less than
     * (pi / 1024)^2 / 8, which is -118 dB.
     */
    private static final int MOST_PHASES = 1024;

    /** Taps come in whole vectors, whatever their width. */
    private static final int TAP_GRAIN = 16;

    final int up;
    final int down;
    final int phases;
    final int taps;

    /** [phases + 1, taps]; weights that output time i + p/phases gives to inputs i - taps/2 + 1 .. i + taps/2. */
    final MemorySegment weights;

    ResamplingFilter(int from, int to) {
        int divisor = gcd(from, to);
        this.up = to / divisor;
        this.down = from / divisor;
        this.phases = Math.min(up, MOST_PHASES);
        double lower = (double) Math.min(from, to) / from;
        // Kaiser's formula for the length, with the transition in radians per input sample.
        double transition = Math.PI * lower * (1 - PASS);
        int length = (int) Math.ceil((ATTENUATION_DB - 7.95) / (2.285 * transition)) + 1;
        this.taps = (length + TAP_GRAIN - 1) / TAP_GRAIN * TAP_GRAIN;
        this.weights = Arena.ofAuto().allocate((phases + 1L) * taps * Float.BYTES, 64);
        double cutoff = lower * (1 + PASS) / 2;
        double beta = 0.1102 * (ATTENUATION_DB - 8.7);
        double[] row = new double[taps];
        int center = taps / 2 - 1;
        for (int p = 0; p <= phases; p++) {
            double sum = 0;
            for (int k = 0; k < taps; k++) {
                double time = (double) p / phases + center - k;
                row[k] = KaiserSinc.sinc(cutoff * time) * KaiserSinc.window(2 * time / taps, beta);
                sum += row[k];
            }
            for (int k = 0; k < taps; k++) {
                weights.setAtIndex(ValueLayout.JAVA_FLOAT, (long) p * taps + k, (float) (row[k] / sum));
            }
        }
    }

    private static int gcd(int a, int b) {
        return b == 0 ? a : gcd(b, a % b);
    }
}
