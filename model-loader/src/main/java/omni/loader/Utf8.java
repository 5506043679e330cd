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
}
