package omni.audio;

/**
 * Triangles on Slaney's mel scale (linear below 1 kHz, logarithmic above; {@code librosa.filters.mel}), each of area one. Adjacent
 * triangles meet at their peaks' frequencies, so a bin of the spectrum feeds at most two of them.
 */
final class MelFilters {
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
        double top = MelScale.mel(rate / 2.0);
        for (int m = 0; m < edges.length; m++) {
            edges[m] = MelScale.hertz(top * m / (melBins + 1));
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
}
