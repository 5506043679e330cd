package omni.golden;

import java.util.Locale;

/**
 * How far a tensor is from the reference's.
 *
 * @param measure what {@code error} counts, such as {@code error} or {@code noise/signal}
 * @param error the largest error
 * @param ratio error in parts of what the tolerance allows; more than 1 is a miss. For exact data 0 or infinity.
 * @param where index of the largest error and both values there, or what else is wrong
 */
public record Deviation(String measure, double error, double ratio, String where) {
    static Deviation none() {
        return new Deviation("error", 0, 0, "");
    }

    static Deviation miss(String why) {
        return new Deviation("error", Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY, why);
    }

    public boolean within() {
        return ratio <= 1;
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%s=%.4g, ratio to tolerance=%.4g, %s", measure, error, ratio, where);
    }
}
