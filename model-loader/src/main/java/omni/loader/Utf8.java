package omni.loader;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import omni.error.ModelFormatException;

/** Conversions that say what is wrong instead of replacing it. */
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

    /** Text of bytes, with U+FFFD for invalid parts. */
    static String decode(byte[] bytes, int from, int to) {
        return new String(bytes, from, to - from, StandardCharsets.UTF_8);
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
