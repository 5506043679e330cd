package omni.audio;

/**
 * Triangles on Slaney's mel scale (linear below 1 kHz, logarithmic above; {@code librosa.filters.mel}), each of area one. Adjacent
 * triangles meet at their peaks' frequencies, so a bin of the spectrum feeds at most two of them.
 */
final class MelFilters {
    private static final double HZ_PER_MEL = 200.0 / 3;
    private static final double BREAK_HZ = 1000;
    private static final double BREAK_MEL = BREAK_HZ / HZ_PER_MEL;
    private static final double LOG_STEP = Math.log(6.4) / 27;

    private final int bins;
    private final int melBins;

    /** [bins, M]. */
    private final double[] weights;

    /** @param bins frequencies of the spectrum, from 0 to half the rate */
    MelFilters(int rate, int bins, int melBins) {
        this.bins = bins;
        this.melBins = melBins;
        this.weights = new double[bins * melBins];
        double[] edges = new double[melBins + 2];
        double top = mel(rate / 2.0);
        for (int m = 0; m < edges.length; m++) {
            edges[m] = hertz(top * m / (melBins + 1));
        }
        for (int k = 0; k < bins; k++) {
            double f = rate / 2.0 * k / (bins - 1);
            for (int m = 0; m < melBins; m++) {
                double rise = (f - edges[m]) / (edges[m + 1] - edges[m]);
                double fall = (edges[m + 2] - f) / (edges[m + 2] - edges[m + 1]);
                weights[k * melBins + m] = Math.max(0, Math.min(rise, fall)) * 2 / (edges[m + 2] - edges[m]);
            }
        }
    }

    /** Weight of frequency {@code bin} in mel bin {@code mel}. */
    double weight(int bin, int mel) {
        return weights[bin * melBins + mel];
    }

    /** First frequency with a weight in {@code mel}; the number of frequencies if there is none. */
    int first(int mel) {
        int k = 0;
        while (k < bins && weight(k, mel) == 0) {
            k++;
        }
        return k;
    }

    /** The frequency behind the last one with a weight in {@code mel}; 0 if there is none. */
    int end(int mel) {
        int k = bins;
        while (k > 0 && weight(k - 1, mel) == 0) {
            k--;
        }
        return k;
    }

    private static double mel(double hertz) {
        return hertz < BREAK_HZ ? hertz / HZ_PER_MEL : BREAK_MEL + Math.log(hertz / BREAK_HZ) / LOG_STEP;
    }

    private static double hertz(double mel) {
        return mel < BREAK_MEL ? mel * HZ_PER_MEL : BREAK_HZ * Math.exp(LOG_STEP * (mel - BREAK_MEL));
    }
}
