package omni.loader;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;

/** A JSON array. Elements of the wrong kind raise {@link omni.error.ModelFormatException} with their place. */
public final class JsonArray {
    private final String source;
    private final String path;
    private final List<?> elements;

    JsonArray(String source, String path, List<?> elements) {
        this.source = source;
        this.path = path;
        this.elements = elements;
    }

    public int size() {
        return elements.size();
    }

    /** @throws IndexOutOfBoundsException if there is no such element */
    public JsonValue get(int index) {
        return new JsonValue(source, path + "[" + index + "]", elements.get(index));
    }

    public List<JsonValue> toValues() {
        return map(value -> value);
    }

    public List<Integer> toInts() {
        return map(JsonValue::asInt);
    }

    public List<Double> toDoubles() {
        return map(JsonValue::asDouble);
    }

    public List<String> toStrings() {
        return map(JsonValue::asString);
    }

    private <T> List<T> map(Function<JsonValue, T> f) {
        List<T> out = new ArrayList<>(size());
        for (int i = 0; i < size(); i++) {
            out.add(f.apply(get(i)));
        }
        return Collections.unmodifiableList(out);
    }
}
