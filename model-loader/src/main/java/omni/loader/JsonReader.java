package omni.loader;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import omni.error.ModelFormatException;

/**
 * A pull reader of strict JSON (RFC 8259) over bytes: UTF-8 is validated, lone surrogates, unescaped control characters, trailing
 * text and deep nesting are refused, and nothing is allocated beyond what the text really holds. Used directly for the large files
 * (tensor headers, vocabularies), and by {@link Json} to build trees of the small ones.
 */
final class JsonReader {
    static final int MAX_DEPTH = 100;

    /** More digits than any number of a model's files has; keeps the conversion of a hostile one cheap. */
    private static final int MAX_NUMBER_LENGTH = 400;

    private final String source;
    private final byte[] in;
    private final int end;
    private int pos;
    private int depth;
    private boolean first;
    private byte[] scratch = new byte[256];
    private byte[] text = scratch;
    private int textFrom;
    private int textTo;

    /**
     * @param source name of the file or request, for messages
     * @param bytes the text, from the first byte on
     * @param length number of bytes that belong to it
     */
    JsonReader(String source, byte[] bytes, int length) {
        this.source = source;
        this.in = bytes;
        this.end = length;
    }

    String source() {
        return source;
    }

    /** Kind of the next value, which is not consumed. */
    JsonToken peek() {
        skipWhitespace();
        int c = pos < end ? in[pos] : -1;
        return switch (c) {
            case '{' -> JsonToken.OBJECT;
            case '[' -> JsonToken.ARRAY;
            case '"' -> JsonToken.STRING;
            case 't' -> JsonToken.TRUE;
            case 'f' -> JsonToken.FALSE;
            case 'n' -> JsonToken.NULL;
            case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> JsonToken.NUMBER;
            default -> throw expected("a value");
        };
    }

    void beginObject() {
        open('{', "an object");
    }

    void beginArray() {
        open('[', "an array");
    }

    private void open(char bracket, String what) {
        skipWhitespace();
        if (pos == end || in[pos] != bracket) {
            throw expected(what);
        }
        if (++depth > MAX_DEPTH) {
            throw expected("at most " + MAX_DEPTH + " levels of nesting");
        }
        pos++;
        first = true;
    }

    /** Reads the next key of an object, to be had by {@link #text()} and the like; false at the object's end, which is consumed. */
    boolean nextKey() {
        if (!next('}')) {
            return false;
        }
        skipWhitespace();
        if (pos == end || in[pos] != '"') {
            throw expected("a key in quotes");
        }
        string();
        skipWhitespace();
        if (pos == end || in[pos] != ':') {
            throw expected("':'");
        }
        pos++;
        return true;
    }

    /** True if the array has one more element, to be read next; false at its end, which is consumed. */
    boolean nextElement() {
        return next(']');
    }

    private boolean next(char close) {
        skipWhitespace();
        int c = pos < end ? in[pos] : -1;
        if (c == close && depth > 0) {
            pos++;
            depth--;
            first = false;
            return false;
        }
        if (!first) {
            if (c != ',') {
                throw expected("',' or '" + close + "'");
            }
            pos++;
        }
        first = false;
        return true;
    }

    /** Reads a string; its bytes are then a slice of valid UTF-8, until the next string is read. */
    void string() {
        skipWhitespace();
        if (pos == end || in[pos] != '"') {
            throw expected("a string");
        }
        int p = pos + 1;
        int start = p;
        while (p < end) {
            int c = in[p];
            if (c == '"') {
                text = in;
                textFrom = start;
                textTo = p;
                pos = p + 1;
                return;
            }
            if (c == '\\') {
                stringWithEscapes(start, p);
                return;
            }
            p = skipCharacter(p);
        }
        pos = end;
        throw expected("the string to end");
    }

    private void stringWithEscapes(int start, int firstEscape) {
        int n = firstEscape - start;
        reserve(n);
        System.arraycopy(in, start, scratch, 0, n);
        int p = firstEscape;
        while (p < end) {
            int c = in[p];
            if (c == '"') {
                text = scratch;
                textFrom = 0;
                textTo = n;
                pos = p + 1;
                return;
            }
            reserve(n + 4);
            if (c == '\\') {
                pos = p;
                int codePoint = escape();
                p = pos;
                n = Utf8.put(codePoint, scratch, n);
            } else {
                int next = skipCharacter(p);
                while (p < next) {
                    scratch[n++] = in[p++];
                }
            }
        }
        pos = end;
        throw expected("the string to end");
    }

    private void reserve(int size) {
        if (size > scratch.length) {
            scratch = Arrays.copyOf(scratch, Math.max(size, 2 * scratch.length));
        }
    }

    private int escape() {
        int at = pos;
        int c = pos + 1 < end ? in[pos + 1] : -1;
        pos += 2;
        if (c != 'u') {
            return switch (c) {
                case '"', '\\', '/' -> c;
                case 'b' -> '\b';
                case 'f' -> '\f';
                case 'n' -> '\n';
                case 'r' -> '\r';
                case 't' -> '\t';
                default -> {
                    pos = at;
                    throw expected("one of \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\u");
                }
            };
        }
        int high = hex(at);
        if (!Character.isSurrogate((char) high)) {
            return high;
        }
        if (Character.isHighSurrogate((char) high) && pos + 1 < end && in[pos] == '\\' && in[pos + 1] == 'u') {
            pos += 2;
            int low = hex(at);
            if (Character.isLowSurrogate((char) low)) {
                return Character.toCodePoint((char) high, (char) low);
            }
        }
        pos = at;
        throw expected("a surrogate pair, not half of one");
    }

    private int hex(int at) {
        int value = 0;
        for (int i = 0; i < 4; i++) {
            int digit = pos < end ? Character.digit(in[pos], 16) : -1;
            if (digit < 0) {
                pos = at;
                throw expected("four hexadecimal digits after \\u");
            }
            value = value << 4 | digit;
            pos++;
        }
        return value;
    }

    /** Position after the character at {@code p}, which must be valid UTF-8 and no control character. */
    private int skipCharacter(int p) {
        int c = in[p];
        if (c >= 0x20) {
            return p + 1;
        }
        pos = p;
        if (c >= 0) {
            throw expected("no control character in a string");
        }
        int length = Utf8.validLength(in, p, end);
        if (length < 0) {
            throw expected("valid UTF-8");
        }
        return p + length;
    }

    /** The string or key just read. */
    String text() {
        return new String(text, textFrom, textTo - textFrom, StandardCharsets.UTF_8);
    }

    /** The array that holds the UTF-8 of the string just read, from {@link #textFrom()} to {@link #textTo()}. */
    byte[] textBytes() {
        return text;
    }

    /** First byte of the string just read. */
    int textFrom() {
        return textFrom;
    }

    /** Behind the last byte of the string just read. */
    int textTo() {
        return textTo;
    }

    /** Reads a whole number that fits 64 bits; a fraction, an exponent or a larger number is refused. */
    long integer() {
        skipWhitespace();
        int at = pos;
        if (number() instanceof Long value) {
            return value;
        }
        pos = at;
        throw expected("a whole number of at most 64 bits");
    }

    /** Reads a number: a {@link Long} if it is whole, written without fraction or exponent, and fits; else a {@link JsonNumber}. */
    Object number() {
        skipWhitespace();
        int start = pos;
        int p = pos;
        if (p < end && in[p] == '-') {
            p++;
        }
        int digits = p;
        p = skipDigits(p);
        if (in[digits] == '0' && p - digits > 1) {
            throw expected("a number without leading zeros");
        }
        boolean whole = true;
        if (p < end && in[p] == '.') {
            whole = false;
            p = skipDigits(p + 1);
        }
        if (p < end && (in[p] == 'e' || in[p] == 'E')) {
            whole = false;
            p++;
            if (p < end && (in[p] == '+' || in[p] == '-')) {
                p++;
            }
            p = skipDigits(p);
        }
        if (p - start > MAX_NUMBER_LENGTH) {
            throw expected("a number of at most " + MAX_NUMBER_LENGTH + " characters");
        }
        pos = p;
        return JsonNumber.of(in, start, p, whole);
    }

    private int skipDigits(int from) {
        int p = from;
        while (p < end && in[p] >= '0' && in[p] <= '9') {
            p++;
        }
        if (p == from) {
            throw expected("a number");
        }
        return p;
    }

    boolean bool() {
        boolean value = peek() == JsonToken.TRUE;
        literal(value ? "true" : "false");
        return value;
    }

    void nul() {
        literal("null");
    }

    private void literal(String word) {
        skipWhitespace();
        if (!word.equals(new String(in, pos, Math.min(word.length(), end - pos), StandardCharsets.ISO_8859_1))) {
            throw expected("'" + word + "'");
        }
        pos += word.length();
    }

    /** Reads over one value of any kind, as strictly as if it were used. */
    void skipValue() {
        switch (peek()) {
            case OBJECT -> {
                beginObject();
                while (nextKey()) {
                    skipValue();
                }
            }
            case ARRAY -> {
                beginArray();
                while (nextElement()) {
                    skipValue();
                }
            }
            case STRING -> string();
            case NUMBER -> number();
            case TRUE, FALSE -> bool();
            case NULL -> nul();
        }
    }

    /** Refuses anything but white space behind the last value. */
    void end() {
        skipWhitespace();
        if (pos < end) {
            throw expected("nothing after the value");
        }
    }

    /** A place to come back to by {@link #seek}: before a value that is skipped now and read later. */
    int position() {
        return pos;
    }

    /** Goes to the value at {@code position}. What encloses it must be read to its end before, and is not read again. */
    void seek(int position) {
        pos = position;
    }

    private void skipWhitespace() {
        while (pos < end && (in[pos] == ' ' || in[pos] == '\n' || in[pos] == '\r' || in[pos] == '\t')) {
            pos++;
        }
    }

    /** An error at the current position. */
    ModelFormatException expected(String what) {
        return Messages.syntax(source, in, pos, end, what);
    }
}
