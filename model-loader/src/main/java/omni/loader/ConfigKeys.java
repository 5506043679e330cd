package omni.loader;

import java.util.List;
import omni.error.ModelFormatException;
import org.jspecify.annotations.Nullable;

/** Reads configuration keys that have to make sense: positive sizes, divisors, ids within a vocabulary, supported choices. */
final class ConfigKeys {
    /** Far above any size of a real model, far below where products of two sizes overflow 64 bits. */
    private static final int MAX_SIZE = 1 << 24;

    private ConfigKeys() {}

    static int positive(JsonObject config, String key, int otherwise) {
        return within(config, key, otherwise, 1, MAX_SIZE);
    }

    static int within(JsonObject config, String key, int otherwise, int least, int most) {
        int value = config.getInt(key, otherwise);
        if (value < least || value > most) {
            throw config.refuse(key, value, "expected " + least + " to " + most);
        }
        return value;
    }

    static double positive(JsonObject config, String key, double otherwise) {
        double value = config.getDouble(key, otherwise);
        if (!(value > 0)) {
            throw config.refuse(key, "expected a number above 0");
        }
        return value;
    }

    /** A list of positive sizes, not empty. */
    static List<Integer> positives(JsonObject config, String key, List<Integer> otherwise) {
        List<Integer> values = config.getInts(key, otherwise);
        if (values.isEmpty() || values.stream().anyMatch(v -> v < 1 || v > MAX_SIZE)) {
            throw config.refuse(key, "expected a list of numbers from 1 to " + MAX_SIZE);
        }
        return values;
    }

    /** Numbers of layers, from 0. */
    static List<Integer> layers(JsonObject config, String key, List<Integer> otherwise, int layers) {
        List<Integer> values = config.getInts(key, otherwise);
        if (values.stream().anyMatch(v -> v < 0 || v >= layers)) {
            throw config.refuse(key, values, "expected numbers of layers, 0 to " + (layers - 1));
        }
        return values;
    }

    /** An id below {@code size}. */
    static int id(JsonObject config, String key, int otherwise, int size) {
        int value = config.getInt(key, otherwise);
        if (value < 0 || value >= size) {
            throw config.refuse(key, value, "expected an id from 0 to " + (size - 1));
        }
        return value;
    }

    static void divides(JsonObject config, String key, int divisor, String name, int number) {
        if (number % divisor != 0) {
            throw config.refuse(key, divisor, "expected a divisor of " + name + "=" + number);
        }
    }

    static void equal(JsonObject config, String key, int value, String name, int expected) {
        if (value != expected) {
            throw config.refuse(key, value, "expected " + name + "=" + expected);
        }
    }

    static void asMany(JsonObject config, String key, List<?> values, String otherKey, List<?> others) {
        if (values.size() != others.size()) {
            throw config.refuse(key, values, "expected as many as " + otherKey + "=" + others);
        }
    }

    /** A choice of which only one is implemented. */
    static void only(JsonObject config, String key, String supported) {
        if (!config.getString(key, supported).equals(supported)) {
            throw config.refuse(key, "only " + supported + " is supported");
        }
    }

    /** A switch that must be off. */
    static void off(JsonObject config, String key) {
        if (config.getBoolean(key, false)) {
            throw config.refuse(key, "only false is supported");
        }
    }

    /** End marks: absent, one id or a list. */
    static List<Integer> ids(JsonObject config, String key) {
        JsonValue value = config.find(key);
        if (value == null) {
            return List.of();
        }
        List<Integer> ids = value.isArray() ? value.asArray().toInts() : List.of(value.asInt());
        for (int id : ids) {
            if (id < 0) {
                throw value.refuse("expected ids from 0");
            }
        }
        return ids;
    }

    /** Quantised layouts name themselves here; reading them as plain weights would give nonsense. */
    static void notQuantised(JsonObject config) {
        JsonObject quantised = config.findObject("quantization_config");
        if (quantised != null) {
            throw new ModelFormatException("quantised checkpoint: file=" + config.source() + ", quant_method="
                    + Messages.quote(quantised.getString("quant_method", "")) + "; use the BF16 release of the model");
        }
    }

    /**
     * Rotary settings, in the older form (keys {@code rope_theta} and {@code rope_scaling} beside the others) or the newer one (all of it in
     * {@code rope_parameters}). As in the reference, {@code rope_scaling} comes before {@code rope_parameters}, and a base inside them
     * before one outside.
     *
     * @param section the three-axis section; empty if the configuration has none
     */
    record Rope(double theta, List<Integer> section) {
        static Rope read(JsonObject config, double otherwiseTheta, List<Integer> otherwiseSection) {
            double theta = positive(config, "rope_theta", otherwiseTheta);
            List<Integer> section = otherwiseSection;
            JsonObject inner = inner(config);
            if (inner != null) {
                String key = inner.has("rope_type") ? "rope_type" : "type";
                String type = inner.getString(key, "default");
                if (!type.equals("default") && !type.equals("mrope") && !type.equals("axial")) {
                    throw inner.refuse(key, "only default, mrope and axial rotary positions are supported");
                }
                if (inner.getDouble("partial_rotary_factor", 1) != 1) {
                    throw inner.refuse("partial_rotary_factor", "only 1 is supported");
                }
                theta = positive(inner, "rope_theta", theta);
                section = inner.getInts("mrope_section", otherwiseSection);
            }
            if (config.getDouble("partial_rotary_factor", 1) != 1) {
                throw config.refuse("partial_rotary_factor", "only 1 is supported");
            }
            return new Rope(theta, section);
        }

        private static @Nullable JsonObject inner(JsonObject config) {
            JsonObject scaling = config.findObject("rope_scaling");
            return scaling != null && !scaling.keys().isEmpty() ? scaling : config.findObject("rope_parameters");
        }
    }
}
