package omni.loader;

import java.util.Arrays;

/**
 * Turns ids into text one by one. A character whose bytes are spread over several tokens is held back until it is whole, so that what
 * has been handed out never changes. Serves one stream; not safe for several threads.
 */
public final class TokenDecoder {
    private final Tokenizer tokenizer;
    private final boolean skipSpecial;
    private byte[] pending = new byte[0];

    TokenDecoder(Tokenizer tokenizer, boolean skipSpecial) {
        this.tokenizer = tokenizer;
        this.skipSpecial = skipSpecial;
    }

    /** The text that this id completes; often empty, sometimes several characters. */
    public String push(int id) {
        if (skipSpecial && tokenizer.isSpecial(id)) {
            return "";
        }
        byte[] token = tokenizer.bytesOf(id);
        byte[] all = Arrays.copyOf(pending, pending.length + token.length);
        System.arraycopy(token, 0, all, pending.length, token.length);
        int whole = all.length - Utf8.unfinished(all, all.length);
        pending = Arrays.copyOfRange(all, whole, all.length);
        return Utf8.decode(all, 0, whole);
    }

    /** The end of the stream: what was held back, as U+FFFD. The decoder is then as new. */
    public String flush() {
        String rest = Utf8.decode(pending, 0, pending.length);
        pending = new byte[0];
        return rest;
    }
}
