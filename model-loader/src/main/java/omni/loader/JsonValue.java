package omni.loader;

import java.util.List;
import java.util.Map;
import omni.error.ModelFormatException;

/**
 * One JSON value with its place. Asking it for another kind than it is raises {@link ModelFormatException} with the file, the path
 * and what was found.
 */
public final class JsonValue {
    private static final int SHORT_LIST = 16;

    private final String source;
    private final String path;
    private final Object raw;

    JsonValue(String source, String path, Object raw) {
        this.source = source;
        this.path = path;
        this.raw = raw;
    }

    /** Where the value lies, as {@code thinker_config.text_config.hidden_size} or {@code list[3]}; empty for the whole text. */
    public String path() {
        return path;
    }

    public boolean isNull() {
        return raw instanceof Json.Null;
    }

    public boolean isString() {
        return raw instanceof String;
    }

    public boolean isNumber() {
        return raw instanceof Long || raw instanceof JsonNumber;
    }

    public boolean isBoolean() {
        return raw instanceof Boolean;
    }

    public boolean isObject() {
        return raw instanceof Map;
    }

    public boolean isArray() {
        return raw instanceof List;
    }

    public String asString() {
        if (raw instanceof String s) {
            return s;
        }
        throw refuse("expected a string");
    }

    public boolean asBoolean() {
        if (raw instanceof Boolean b) {
            return b;
        }
        throw refuse("expected true or false");
    }

    /** A whole number of 64 bits, written without fraction or exponent. */
    public long asLong() {
        if (raw instanceof Long n) {
            return n;
        }
        throw refuse("expected a whole number");
    }

    /** A whole number of 32 bits, written without fraction or exponent. */
    public int asInt() {
        long n = asLong();
        if (n != (int) n) {
            throw refuse("expected a whole number of 32 bits");
        }
        return (int) n;
    }

    /** Any finite number. */
    public double asDouble() {
        if (raw instanceof Long n) {
            return n;
        }
        if (raw instanceof JsonNumber d) {
            double value = d.value();
            if (Double.isInfinite(value)) {
                throw refuse("expected a number within the range of a double");
            }
            return value;
        }
        throw refuse("expected a number");
    }

    public JsonObject asObject() {
        if (raw instanceof Map<?, ?> map) {
            return new JsonObject(source, path, map);
        }
        throw refuse("expected an object");
    }

    public JsonArray asArray() {
        if (raw instanceof List<?> list) {
            return new JsonArray(source, path, list);
        }
        throw refuse("expected an array");
    }

    /**
     * An error about this value.
     *
     * @param remedy what is expected or supported instead
     * @return the exception, to be thrown by the caller
     */
    public ModelFormatException refuse(String remedy) {
        String place = path.isEmpty() ? "" : ", key=" + path;
        return new ModelFormatException("json: file=" + source + place + ", found=" + this + "; " + remedy);
    }

    /** Short and safe to print: strings quoted and cut, short lists of numbers in full, other objects and arrays named only. */
    @Override
    public String toString() {
        if (raw instanceof Map) {
            return "an object";
        }
        if (raw instanceof List<?> list) {
            boolean plain = list.size() <= SHORT_LIST && list.stream().allMatch(v -> v instanceof Long);
            return plain ? list.toString() : "an array";
        }
        return raw instanceof String s ? Messages.quote(s) : raw.toString();
    }
}
