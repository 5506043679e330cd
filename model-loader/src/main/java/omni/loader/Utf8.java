package omni.loader;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import omni.error.ModelFormatException;

/** UTF-8 to text and back, where Java's own conversions are too lenient or replace by another rule. */
final class Utf8 {
    private Utf8() {}

    static byte[] encodeStrictly(String source, String text) {
        try {
            ByteBuffer bytes = StandardCharsets.UTF_8
                    .newEncoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .encode(CharBuffer.wrap(text));
            byte[] out = new byte[bytes.remaining()];
            bytes.get(out);
            return out;
        } catch (CharacterCodingException e) {
            throw new ModelFormatException("json: file=" + source + "; expected text without lone surrogates", e);
        }
    }

    /**
     * Writes a code point, which is no surrogate, in 1 to 4 bytes.
     *
     * @return the position after them
     */
    static int put(int codePoint, byte[] into, int at) {
        int n = at;
        if (codePoint < 0x80) {
            into[n++] = (byte) codePoint;
            return n;
        }
        int shift = codePoint < 0x800 ? 6 : codePoint < 0x10000 ? 12 : 18;
        int lead = codePoint < 0x800 ? 0xC0 : codePoint < 0x10000 ? 0xE0 : 0xF0;
        into[n++] = (byte) (lead | (codePoint >> shift));
        while (shift > 0) {
            shift -= 6;
            into[n++] = (byte) (0x80 | (codePoint >> shift & 0x3F));
        }
        return n;
    }

    /**
     * Text of bytes. Invalid parts become U+FFFD, one for each maximal beginning of a character (Unicode 3.9, as Rust, Python and
     * browsers have it; Java's own decoder takes three bytes that encode a surrogate for one).
     */
    static String decode(byte[] bytes, int from, int to) {
        StringBuilder out = new StringBuilder(to - from);
        for (int i = from; i < to; ) {
            int valid = validLength(bytes, i, to);
            if (valid > 0) {
                out.appendCodePoint(codePoint(bytes, i, valid));
                i += valid;
            } else {
                out.append('\uFFFD');
                i -= valid;
            }
        }
        return out.toString();
    }

    /**
     * Length of the character at {@code at}; or, negated, of the invalid part there: the beginning of a character as far as it goes.
     * Second bytes exclude overlong forms, surrogates and code points above U+10FFFF.
     */
    static int validLength(byte[] bytes, int at, int to) {
        int lead = bytes[at] & 0xFF;
        int length = lead < 0x80 ? 1 : lead < 0xC2 ? 0 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : lead < 0xF5 ? 4 : 0;
        int low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
        int high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
        for (int k = 1; k < length; k++) {
            int next = at + k < to ? bytes[at + k] & 0xFF : 0;
            if (next < low || next > high) {
                return -k;
            }
            low = 0x80;
            high = 0xBF;
        }
        return length == 0 ? -1 : length;
    }

    private static int codePoint(byte[] bytes, int at, int length) {
        int c = length == 1 ? bytes[at] : bytes[at] & (0x7F >> length);
        for (int k = 1; k < length; k++) {
            c = c << 6 | (bytes[at + k] & 0x3F);
        }
        return c;
    }

    /**
     * How many bytes at the end, 0 to 3, may be the beginning of a character: a lead byte that asks for more bytes than follow it.
     *
     * @param length bytes that count
     */
    static int unfinished(byte[] bytes, int length) {
        for (int back = 1; back <= Math.min(3, length); back++) {
            int b = bytes[length - back] & 0xFF;
            if (b >= 0xC0) {
                int need = b < 0xC2 || b > 0xF4 ? 1 : b < 0xE0 ? 2 : b < 0xF0 ? 3 : 4;
                return back < need ? back : 0;
            }
            if (b < 0x80) {
                return 0;
            }
        }
        return 0;
    }

    /** The text with U+FFFD in the place of every half of a surrogate pair. */
    static String withoutLoneSurrogates(String text) {
        StringBuilder out = null;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!Character.isSurrogate(c)) {
                continue;
            }
            if (Character.isHighSurrogate(c) && i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
                continue;
            }
            if (out == null) {
                out = new StringBuilder(text);
            }
            out.setCharAt(i, '\uFFFD');
        }
        return out == null ? text : out.toString();
    }
}
