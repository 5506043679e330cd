package omni.loader;

import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import omni.error.ModelFormatException;
import org.jspecify.annotations.Nullable;

/**
 * A JSON object. Accessors without a default raise {@link ModelFormatException} for an absent key; those with a default take it for
 * an absent key and for {@code null}. A value of the wrong kind is always an error.
 */
public final class JsonObject {
    private final String source;
    private final String path;
    private final Map<?, ?> members;

    JsonObject(String source, String path, Map<?, ?> members) {
        this.source = source;
        this.path = path;
        this.members = members;
    }

    /** The file, as messages name it. */
    public String source() {
        return source;
    }

    /** Where the object lies in the file; empty for the outermost. */
    public String path() {
        return path;
    }

    /** The keys in the order of the file. */
    public Set<String> keys() {
        Set<String> keys = new LinkedHashSet<>();
        for (Object key : members.keySet()) {
            keys.add((String) key);
        }
        return Collections.unmodifiableSet(keys);
    }

    /** True if the key is there and its value is not {@code null}. */
    public boolean has(String key) {
        return find(key) != null;
    }

    /** The value, or null if the key is absent or its value is {@code null}. */
    public @Nullable JsonValue find(String key) {
        Object raw = members.get(key);
        return raw == null || raw instanceof Json.Null ? null : new JsonValue(source, child(key), raw);
    }

    /** The value, which may be {@code null} in the file. */
    public JsonValue get(String key) {
        Object raw = members.get(key);
        if (raw == null) {
            throw new ModelFormatException("json: file=" + source + ", key=" + child(key) + "; the key is missing");
        }
        return new JsonValue(source, child(key), raw);
    }

    private String child(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    public String getString(String key) {
        return get(key).asString();
    }

    public String getString(String key, String otherwise) {
        JsonValue value = find(key);
        return value == null ? otherwise : value.asString();
    }

    public boolean getBoolean(String key) {
        return get(key).asBoolean();
    }

    public boolean getBoolean(String key, boolean otherwise) {
        JsonValue value = find(key);
        return value == null ? otherwise : value.asBoolean();
    }

    public int getInt(String key) {
        return get(key).asInt();
    }

    public int getInt(String key, int otherwise) {
        JsonValue value = find(key);
        return value == null ? otherwise : value.asInt();
    }

    public long getLong(String key) {
        return get(key).asLong();
    }

    public long getLong(String key, long otherwise) {
        JsonValue value = find(key);
        return value == null ? otherwise : value.asLong();
    }

    public double getDouble(String key) {
        return get(key).asDouble();
    }

    public double getDouble(String key, double otherwise) {
        JsonValue value = find(key);
        return value == null ? otherwise : value.asDouble();
    }

    public JsonObject getObject(String key) {
        return get(key).asObject();
    }

    public @Nullable JsonObject findObject(String key) {
        JsonValue value = find(key);
        return value == null ? null : value.asObject();
    }

    /** The object, or an empty one in its place if the key is absent or {@code null}: every key then takes its default. */
    public JsonObject getObjectOrEmpty(String key) {
        JsonObject object = findObject(key);
        return object == null ? new JsonObject(source, child(key), Map.of()) : object;
    }

    public JsonArray getArray(String key) {
        return get(key).asArray();
    }

    public @Nullable JsonArray findArray(String key) {
        JsonValue value = find(key);
        return value == null ? null : value.asArray();
    }

    public List<Integer> getInts(String key) {
        return getArray(key).toInts();
    }

    public List<Integer> getInts(String key, List<Integer> otherwise) {
        JsonArray array = findArray(key);
        return array == null ? otherwise : array.toInts();
    }

    public List<String> getStrings(String key) {
        return getArray(key).toStrings();
    }

    public List<Double> getDoubles(String key) {
        return getArray(key).toDoubles();
    }

    public List<Double> getDoubles(String key, List<Double> otherwise) {
        JsonArray array = findArray(key);
        return array == null ? otherwise : array.toDoubles();
    }

    /** An error about the value of {@code key}, present or not; to be thrown by the caller. */
    public ModelFormatException refuse(String key, String remedy) {
        Object raw = members.get(key);
        return raw == null
                ? new ModelFormatException("json: file=" + source + ", key=" + child(key) + "; " + remedy)
                : new JsonValue(source, child(key), raw).refuse(remedy);
    }

    /**
     * An error about the value of {@code key}, for which a default was used if it is absent; to be thrown by the caller.
     *
     * @param used the value or default that does not fit
     */
    public ModelFormatException refuse(String key, Object used, String remedy) {
        return has(key)
                ? refuse(key, remedy)
                : new ModelFormatException(
                        "json: file=" + source + ", key=" + child(key) + ", default=" + used + "; " + remedy);
    }
}
