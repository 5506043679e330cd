package omni.kernels;

/** Low-pass filters: a sinc under a Kaiser window (Kaiser and Schafer, "On the use of the I0-sinh window for spectrum analysis", 1980). */
public final class KaiserSinc {
    private KaiserSinc() {}

    /**
     * A filter whose taps sum to 1, so that it leaves a constant alone. The window's shape follows from the attenuation that Kaiser's
     * formula gives for the number of taps and the width of the transition.
     *
     * @param cutoff in cycles per sample, above 0 and at most 1/2
     * @param halfWidth half the width of the transition, in cycles per sample
     * @param taps number of taps, at least 2
     * @throws IllegalArgumentException if an argument makes no sense
     */
    public static float[] filter(double cutoff, double halfWidth, int taps) {
        Floats.require(
                cutoff > 0 && cutoff <= 0.5 && halfWidth > 0 && taps >= 2,
                "kaiser sinc: cutoff=" + cutoff + ", halfWidth=" + halfWidth + ", taps=" + taps);
        int half = taps / 2;
        double attenuation = 2.285 * (half - 1) * Math.PI * 4 * halfWidth + 7.95;
        double beta = 0;
        if (attenuation > 50) {
            beta = 0.1102 * (attenuation - 8.7);
        } else if (attenuation >= 21) {
            beta = 0.5842 * Math.pow(attenuation - 21, 0.4) + 0.07886 * (attenuation - 21);
        }
        double peak = window(0, beta);
        double[] weights = new double[taps];
        double sum = 0;
        for (int k = 0; k < taps; k++) {
            double time = k - half + (taps % 2 == 0 ? 0.5 : 0);
            weights[k] = window(2.0 * k / (taps - 1) - 1, beta) / peak * sinc(2 * cutoff * time);
            sum += weights[k];
        }
        float[] out = new float[taps];
        for (int k = 0; k < taps; k++) {
            out[k] = (float) (weights[k] / sum);
        }
        return out;
    }

    /** sin(pi x) / (pi x). */
    public static double sinc(double x) {
        return x == 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
    }

    /** The window at -1 .. 1, not normalised: I0(beta sqrt(1 - x^2)), so I0(beta) at its peak; 0 beyond. */
    public static double window(double x, double beta) {
        return Math.abs(x) > 1 ? 0 : besselI0(beta * Math.sqrt(1 - x * x));
    }

    /** Modified Bessel function of the first kind, order 0: sum of ((x/2)^k / k!)^2. */
    private static double besselI0(double x) {
        double sum = 1;
        double term = 1;
        for (int k = 1; term > sum * 1e-17; k++) {
            double factor = x / (2 * k);
            term *= factor * factor;
            sum += term;
        }
        return sum;
    }
}
