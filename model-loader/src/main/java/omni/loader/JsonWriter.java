package omni.loader;

/**
 * Builds JSON text: {@code new JsonWriter().beginObject().name("ids").beginArray().value(1).endArray().endObject().toString()}.
 * Commas are placed by the writer. Lone surrogates are written as U+FFFD, since JSON text is UTF-8.
 */
public final class JsonWriter {
    private final StringBuilder out = new StringBuilder();
    private boolean comma;

    public JsonWriter beginObject() {
        return open('{');
    }

    public JsonWriter endObject() {
        return close('}');
    }

    public JsonWriter beginArray() {
        return open('[');
    }

    public JsonWriter endArray() {
        return close(']');
    }

    private JsonWriter open(char bracket) {
        separate();
        out.append(bracket);
        comma = false;
        return this;
    }

    private JsonWriter close(char bracket) {
        out.append(bracket);
        comma = true;
        return this;
    }

    /** The key of the next value. */
    public JsonWriter name(String key) {
        separate();
        quoted(key);
        out.append(':');
        comma = false;
        return this;
    }

    public JsonWriter value(String text) {
        separate();
        quoted(text);
        return done();
    }

    public JsonWriter value(long number) {
        separate();
        out.append(number);
        return done();
    }

    /** @throws IllegalArgumentException for NaN and infinities, which JSON does not have */
    public JsonWriter value(double number) {
        if (!Double.isFinite(number)) {
            throw new IllegalArgumentException("json: number=" + number);
        }
        separate();
        if (number == Math.rint(number) && Math.abs(number) < 1e15) {
            out.append((long) number);
        } else {
            out.append(number);
        }
        return done();
    }

    public JsonWriter value(boolean truth) {
        separate();
        out.append(truth);
        return done();
    }

    public JsonWriter nullValue() {
        separate();
        out.append("null");
        return done();
    }

    /** An array of whole numbers. */
    public JsonWriter value(int[] numbers) {
        beginArray();
        for (int n : numbers) {
            value(n);
        }
        return endArray();
    }

    private JsonWriter done() {
        comma = true;
        return this;
    }

    private void separate() {
        if (comma) {
            out.append(',');
        }
    }

    private void quoted(String text) {
        out.append('"');
        int n = text.length();
        for (int i = 0; i < n; i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    if (c < 0x20 || c == 0x7F) {
                        out.append(String.format("\\u%04x", (int) c));
                    } else if (Character.isHighSurrogate(c)
                            && i + 1 < n
                            && Character.isLowSurrogate(text.charAt(i + 1))) {
                        out.append(c).append(text.charAt(++i));
                    } else {
                        out.append(Character.isSurrogate(c) ? '\uFFFD' : c);
                    }
                }
            }
        }
        out.append('"');
    }

    /** The text so far. */
    @Override
    public String toString() {
        return out.toString();
    }
}
