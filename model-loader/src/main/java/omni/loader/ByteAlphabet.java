package omni.loader;

/**
 * The printable stand-ins of byte-level BPE files: every byte is written as one character, bytes that print as themselves and the
 * others, in order, as U+0100 and up (GPT-2's {@code bytes_to_unicode}). So {@code Ġ} stands for a space and {@code Ċ} for a line feed.
 */
final class ByteAlphabet {
    private static final int CHARS = 256 + 68;
    private static final short[] BYTE_OF = new short[CHARS];

    static {
        int next = 256;
        for (int b = 0; b < 256; b++) {
            boolean printable = (b >= '!' && b <= '~') || (b >= 0xA1 && b <= 0xAC) || b >= 0xAE;
            BYTE_OF[printable ? b : next++] = (short) (b + 1);
        }
    }

    private ByteAlphabet() {}

    /**
     * Turns token text, as it stands in a file, into the token's bytes.
     *
     * @param utf8 the text
     * @param into room for at least {@code to - from} bytes behind {@code at}
     * @return the position behind the last byte, or -1 if a character stands for no byte
     */
    static int toBytes(byte[] utf8, int from, int to, byte[] into, int at) {
        int n = at;
        for (int i = from; i < to; i++) {
            int c = utf8[i];
            if (c < 0) {
                // All of the alphabet beyond ASCII has two bytes.
                if ((c & 0xE0) != 0xC0 || i + 1 == to || (utf8[i + 1] & 0xC0) != 0x80) {
                    return -1;
                }
                c = (c & 0x1F) << 6 | (utf8[++i] & 0x3F);
            }
            if (c >= CHARS || BYTE_OF[c] == 0) {
                return -1;
            }
            into[n++] = (byte) (BYTE_OF[c] - 1);
        }
        return n;
    }
}
