package omni.draw;

import java.util.Locale;

/** Round numbers along an axis. */
record Ticks(double step) {
    /** The smallest of 1, 2, 5 times a power of ten such that steps are at least {@code least} long. */
    static Ticks atLeast(double least) {
        double power = Math.pow(10, Math.floor(Math.log10(least)));
        for (double factor : new double[] {1, 2, 5}) {
            if (factor * power >= least * (1 - 1e-9)) {
                return new Ticks(factor * power);
            }
        }
        return new Ticks(10 * power);
    }

    /** Tick {@code i}. */
    double at(int i) {
        return i * step;
    }

    /** The number of tick {@code i}, with as many decimals as the step has. */
    String label(int i) {
        int decimals = (int) Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
        return String.format(Locale.ROOT, "%." + decimals + "f", at(i));
    }
}
