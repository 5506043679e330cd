package omni.loader;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import omni.error.ModelFormatException;

/**
 * Reads strict JSON into values whose accessors name the file and the place when something is not as asked. Duplicate keys, lone
 * surrogates, invalid UTF-8, trailing text, deep nesting and oversized files are refused.
 */
public final class Json {
    /** Largest file read as a tree. Configurations and indexes are far smaller. */
    static final int MAX_BYTES = 64 << 20;

    /** Most values of one tree, so that a small file cannot ask for a large heap. */
    static final int MAX_VALUES = 1_000_000;

    /** The value {@code null}, since maps and lists of the tree hold no Java nulls. */
    enum Null {
        NULL;

        @Override
        public String toString() {
            return "null";
        }
    }

    private final JsonReader reader;
    private int values;

    private Json(JsonReader reader) {
        this.reader = reader;
    }

    /**
     * Reads a file that holds one value.
     *
     * @throws ModelFormatException if the file is missing, unreadable, too large or not strict JSON
     */
    public static JsonValue read(Path file) {
        byte[] bytes = bytes(file, MAX_BYTES);
        return parse(file.toString(), bytes);
    }

    /**
     * Reads a file that holds one object.
     *
     * @throws ModelFormatException if the file is missing, unreadable, too large, not strict JSON or no object
     */
    public static JsonObject readObject(Path file) {
        return read(file).asObject();
    }

    /**
     * Reads one value from text.
     *
     * @param source what messages call the text
     * @throws ModelFormatException if the text is not strict JSON
     */
    public static JsonValue parse(String source, byte[] utf8) {
        JsonReader reader = new JsonReader(source, utf8, utf8.length);
        Object value = new Json(reader).value();
        reader.end();
        return new JsonValue(source, "", value);
    }

    /** {@link #parse(String, byte[])} for text that is a string already; a lone surrogate in it is refused. */
    public static JsonValue parse(String source, String text) {
        return parse(source, Utf8.encodeStrictly(source, text));
    }

    /**
     * Reads the next value of a larger text as a tree.
     *
     * @param path where it lies, for messages
     */
    static JsonValue next(JsonReader reader, String path) {
        return new JsonValue(reader.source(), path, new Json(reader).value());
    }

    private Object value() {
        if (++values > MAX_VALUES) {
            throw reader.expected("at most " + MAX_VALUES + " values");
        }
        return switch (reader.peek()) {
            case OBJECT -> object();
            case ARRAY -> array();
            case STRING -> {
                reader.string();
                yield reader.text();
            }
            case NUMBER -> reader.number();
            case TRUE, FALSE -> reader.bool();
            case NULL -> {
                reader.nul();
                yield Null.NULL;
            }
        };
    }

    private Map<String, Object> object() {
        Map<String, Object> map = new LinkedHashMap<>();
        reader.beginObject();
        while (reader.nextKey()) {
            String key = reader.text();
            if (map.containsKey(key)) {
                throw reader.expected("every key once, but this one comes again: " + Messages.quote(key));
            }
            map.put(key, value());
        }
        return map;
    }

    private List<Object> array() {
        List<Object> list = new ArrayList<>();
        reader.beginArray();
        while (reader.nextElement()) {
            list.add(value());
        }
        return list;
    }

    /** All bytes of a regular file of at most {@code limit} bytes. */
    static byte[] bytes(Path file, int limit) {
        try {
            if (!Files.isRegularFile(file)) {
                throw Messages.notAFile(file);
            }
            long size = Files.size(file);
            if (size > limit) {
                throw new ModelFormatException("file too large: file=" + file + ", bytes=" + size + ", limit=" + limit
                        + "; is it the right file?");
            }
            return Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            throw Messages.notAFile(file);
        } catch (IOException e) {
            throw Messages.unreadable(file, e);
        }
    }
}
