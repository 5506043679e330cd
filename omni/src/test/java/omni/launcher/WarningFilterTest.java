package omni.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class WarningFilterTest {
    private static final String LINE = "WARNING: Using incubator modules: jdk.incubator.vector";

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    @Test
    void removesTheLineAndNothingElse() throws IOException {
        assertEquals("before\nafter\n", filtered("before\n" + LINE + "\nafter\n"));
        assertEquals("after", filtered(LINE + "\r\nafter"));
        assertEquals("", filtered(LINE + "\n"));
    }

    @Test
    void passesOnWhatOnlyLooksLikeTheLine() throws IOException {
        for (String text : new String[] {
            LINE,
            LINE + "\r",
            LINE + "\rx\n",
            LINE + ", jdk.other\n",
            "x" + LINE + "\n",
            "WARNING: something else\nWARN",
            "\n\n",
            ""
        }) {
            assertEquals(text, filtered(text));
        }
    }

    @Test
    void removesOnlyTheFirst() throws IOException {
        assertEquals(LINE + "\n", filtered(LINE + "\n" + LINE + "\n"));
    }

    @Test
    void givesTheSameHoweverTheBytesArriveInPieces() throws IOException {
        long seed = 42;
        Random random = new Random(seed);
        String text = "Picked up JAVA_TOOL_OPTIONS: -Da=b\nWARNING: Using\n" + LINE + "\r\nanswer: é 你\r 50 %\r";
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        for (int round = 0; round < 500; round++) {
            out.reset();
            try (WarningFilter filter = new WarningFilter(out)) {
                for (int i = 0; i < bytes.length; ) {
                    int n = Math.min(bytes.length - i, random.nextInt(20));
                    filter.write(bytes, i, n);
                    i += n;
                }
            }
            assertEquals(
                    text.replace(LINE + "\r\n", ""),
                    out.toString(StandardCharsets.UTF_8),
                    "seed=" + seed + ", round=" + round);
        }
    }

    @Test
    void doesNotHoldBackWhatCannotBecomeTheLine() throws IOException {
        WarningFilter filter = new WarningFilter(out);
        filter.write("10 %\rWARN".getBytes(StandardCharsets.US_ASCII));
        assertEquals("10 %\rWARN", out.toString(StandardCharsets.US_ASCII));
    }

    private String filtered(String text) throws IOException {
        out.reset();
        try (WarningFilter filter = new WarningFilter(out)) {
            filter.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return out.toString(StandardCharsets.UTF_8);
    }
}
