package omni.kernels;

/** The normal distribution in double precision, for definitions: the JDK has no error function. */
final class Erf {
    private Erf() {}

    /** Phi(x), the probability that a standard normal variable is at most x, to about 1e-15. */
    static double normal(double x) {
        if (Double.isNaN(x)) {
            return x;
        }
        double half = complement(Math.abs(x)) / 2;
        return x < 0 ? half : 1 - half;
    }

    /** {@code erfc(x / sqrt(2))} for x at least 0. */
    private static double complement(double x) {
        if (x > 40) {
            return 0;
        }
        // Density times sqrt(2 pi): both expansions have it as a factor.
        double e = Math.exp(-x * x / 2);
        if (x < 3) {
            // erf(x / sqrt(2)) = sqrt(2 / pi) e^(-x^2/2) (x + x^3/3 + x^5/(3*5) + ...), Abramowitz and Stegun 7.1.6.
            double term = x;
            double sum = x;
            for (int k = 3; term > sum * 1e-17; k += 2) {
                term *= x * x / k;
                sum += term;
            }
            return 1 - Math.sqrt(2 / Math.PI) * e * sum;
        }
        // Continued fraction 1 / (x + 1 / (x + 2 / (x + 3 / ...))), Abramowitz and Stegun 26.2.14.
        double fraction = x;
        for (int k = 120; k >= 1; k--) {
            fraction = x + k / fraction;
        }
        return Math.sqrt(2 / Math.PI) * e / fraction;
    }
}
