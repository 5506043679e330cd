package omni.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import omni.error.RequestException;
import org.jspecify.annotations.Nullable;

/** The text a command works on: behind {@code -p}, or from standard input. */
final class PromptText {
    /** Far more than any context holds. */
    static final int MAX_BYTES = 64 << 20;

    private PromptText() {}

    /**
     * The text of {@code -p}; standard input for {@code -p -}, and without {@code -p} if something is piped in.
     *
     * @throws UsageException if there is none
     * @throws RequestException if standard input is not text
     */
    static String of(@Nullable String option, Streams streams) {
        if (option != null && !option.equals("-")) {
            return nonEmpty(option, "give a text behind -p");
        }
        if (option == null && streams.inIsTerminal()) {
            throw new UsageException("prompt: none given; use -p TEXT, or -p - to read standard input");
        }
        try {
            return nonEmpty(
                    withoutLineEnd(decode(streams.in().readNBytes(MAX_BYTES + 1))),
                    "standard input holds no text; use -p TEXT, or pipe a text in");
        } catch (IOException e) {
            throw new RequestException("prompt: standard input cannot be read: " + e.getMessage(), e);
        }
    }

    private static String nonEmpty(String text, String remedy) {
        if (text.isEmpty()) {
            throw new UsageException("prompt: length=0; " + remedy);
        }
        return text;
    }

    /** The line end that {@code echo} and editors add is no part of the prompt. */
    private static String withoutLineEnd(String text) {
        String line = text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
        return line.endsWith("\r") && line.length() < text.length() ? line.substring(0, line.length() - 1) : line;
    }

    /**
     * Decodes UTF-8 strictly.
     *
     * @throws RequestException at the first byte that is no UTF-8, or if there are too many
     */
    static String decode(byte[] bytes) {
        if (bytes.length > MAX_BYTES) {
            throw new RequestException("prompt: bytes>" + MAX_BYTES + "; standard input is longer than any prompt");
        }
        CharsetDecoder decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(bytes.length);
        CoderResult result = decoder.decode(in, out, true);
        if (result.isError()) {
            throw new RequestException(String.format(
                    "prompt: standard input is not UTF-8: offset=%d, byte=0x%02X; convert it, for example with iconv",
                    in.position(), bytes[in.position()] & 0xff));
        }
        return out.flip().toString();
    }

    /** Reads one line of text, null at the end of the input. */
    static @Nullable String line(Streams streams) throws IOException {
        InputStream in = streams.in();
        byte[] line = new byte[256];
        int n = 0;
        int b;
        while ((b = in.read()) >= 0 && b != '\n') {
            if (n == line.length) {
                if (n >= MAX_BYTES) {
                    throw new RequestException(
                            "prompt: bytes>" + MAX_BYTES + "; a line of standard input is longer than any prompt");
                }
                line = Arrays.copyOf(line, 2 * n);
            }
            line[n++] = (byte) b;
        }
        if (b < 0 && n == 0) {
            return null;
        }
        if (n > 0 && line[n - 1] == '\r') {
            n--;
        }
        byte[] whole = Arrays.copyOf(line, n);
        return streams.charset().equals(StandardCharsets.UTF_8) ? decode(whole) : new String(whole, streams.charset());
    }
}
