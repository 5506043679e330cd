package omni.golden;

import java.util.Set;
import omni.loader.JsonObject;
import omni.loader.JsonValue;

/**
 * A manifest's tolerance. Forms: {@code "exact"}; {@code rel_to_max} with {@code abs}: |actual - expected| &lt;= abs + rel * largest
 * finite |expected| of the tensor; {@code abs} alone or with {@code share_above_1}, the share of values that may differ by more than
 * 1; {@code snr_db}: energy of the expected signal over energy of the difference. Any other form is an error.
 */
public sealed interface Tolerance {
    /** Compares values of equal number. NaN differs from everything but NaN, an infinity from everything but itself. */
    Deviation compare(Values expected, Values actual);

    static Tolerance parse(JsonValue json) {
        if (json.isString()) {
            if (!json.asString().equals("exact")) {
                throw json.refuse("known is \"exact\"");
            }
            return new Exact();
        }
        JsonObject form = json.asObject();
        Set<String> keys = form.keys();
        if (keys.equals(Set.of("rel_to_max", "abs"))) {
            return new Near(form.getDouble("rel_to_max"), form.getDouble("abs"), 1);
        }
        if (keys.equals(Set.of("abs"))) {
            return new Near(0, form.getDouble("abs"), 1);
        }
        if (keys.equals(Set.of("abs", "share_above_1"))) {
            return new Near(0, form.getDouble("abs"), form.getDouble("share_above_1"));
        }
        if (keys.equals(Set.of("snr_db"))) {
            return new SignalToNoise(form.getDouble("snr_db"));
        }
        throw json.refuse("known forms are rel_to_max with abs, abs, abs with share_above_1, snr_db");
    }

    /** Equal to the last bit; zeros of either sign are equal. */
    record Exact() implements Tolerance {
        @Override
        public Deviation compare(Values expected, Values actual) {
            for (int i = 0; i < expected.size(); i++) {
                if (!expected.equalAt(i, actual)) {
                    return Deviation.miss(at(i, expected, actual));
                }
            }
            return Deviation.none();
        }
    }

    /**
     * Near by a bound for every value.
     *
     * @param relative part of the largest magnitude expected
     * @param absolute added to it
     * @param shareAbove1 share of values that may be more than 1 apart; 1 for all
     */
    record Near(double relative, double absolute, double shareAbove1) implements Tolerance {
        @Override
        public Deviation compare(Values expected, Values actual) {
            double largest = 0;
            for (int i = 0; i < expected.size(); i++) {
                double e = Math.abs(expected.get(i));
                if (e < Double.POSITIVE_INFINITY) {
                    largest = Math.max(largest, e);
                }
            }
            double bound = absolute + relative * largest;
            double error = 0;
            int where = 0;
            int above1 = 0;
            for (int i = 0; i < expected.size(); i++) {
                double e = expected.get(i);
                double a = actual.get(i);
                if (e == a || (Double.isNaN(e) && Double.isNaN(a))) {
                    continue;
                }
                double d = Math.abs(a - e);
                if (!(d < Double.POSITIVE_INFINITY)) {
                    return Deviation.miss(at(i, expected, actual));
                }
                if (d > 1) {
                    above1++;
                }
                if (d > error) {
                    error = d;
                    where = i;
                }
            }
            double share = expected.size() == 0 ? 0 : (double) above1 / expected.size();
            double ratio = error == 0 ? 0 : error / bound;
            if (share > shareAbove1) {
                return new Deviation("share above 1", share, Math.max(ratio, share / shareAbove1), "values=" + above1);
            }
            return new Deviation("error", error, ratio, error == 0 ? "" : at(where, expected, actual));
        }
    }

    /**
     * Near by energy.
     *
     * @param decibels least ratio of signal to noise
     */
    record SignalToNoise(double decibels) implements Tolerance {
        @Override
        public Deviation compare(Values expected, Values actual) {
            double signal = 0;
            double noise = 0;
            for (int i = 0; i < expected.size(); i++) {
                double e = expected.get(i);
                double d = actual.get(i) - e;
                signal += e * e;
                noise += d * d;
            }
            if (noise == 0) {
                return Deviation.none();
            }
            double share = Math.sqrt(noise / signal);
            double allowed = Math.pow(10, -decibels / 20);
            if (!(share < Double.POSITIVE_INFINITY)) {
                return Deviation.miss("signal=" + signal + ", noise=" + noise);
            }
            return new Deviation("noise/signal", share, share / allowed, "dB=" + 20 * Math.log10(1 / share));
        }
    }

    private static String at(int i, Values expected, Values actual) {
        return "index=" + i + " of " + expected.size() + ", expected=" + expected.text(i) + ", got=" + actual.text(i);
    }
}
