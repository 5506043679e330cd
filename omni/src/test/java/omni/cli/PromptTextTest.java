package omni.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import omni.error.RequestException;
import org.junit.jupiter.api.Test;

class PromptTextTest {
    private final CommandRunner runner = new CommandRunner();

    @Test
    void takesTheOptionBeforeWhatIsPipedIn() {
        assertEquals("option", PromptText.of("option", runner.input("piped").streams()));
    }

    @Test
    void readsStandardInputForADashAndWithoutTheOption() {
        assertEquals("piped é 你", PromptText.of("-", runner.input("piped é 你").streams()));
        assertEquals("piped", PromptText.of(null, runner.input("piped").streams()));
        assertEquals("typed", PromptText.of("-", runner.typed("typed\n").streams()));
    }

    @Test
    void removesOneLineEndAndKeepsTheRest() {
        assertEquals("a", piped("a\n"));
        assertEquals("a", piped("a\r\n"));
        assertEquals("a\n", piped("a\n\n"));
        assertEquals(" a\nb ", piped(" a\nb \n"));
        assertEquals("a\r", piped("a\r"));
    }

    @Test
    void namesTheFirstByteThatIsNotUtf8() {
        assertBroken("offset=0, byte=0x80", 0x80);
        assertBroken("offset=1, byte=0xE4", 'a', 0xE4, 0xBD);
        assertBroken("offset=0, byte=0xC0", 0xC0, 0x80);
        assertBroken("offset=2, byte=0xED", 'a', 'b', 0xED, 0xA0, 0x80);
        assertBroken("offset=0, byte=0xF5", 0xF5, 0x80, 0x80, 0x80);
    }

    @Test
    void readsLinesOneByOne() throws IOException {
        Streams streams = runner.input("one\r\n\ntwo é\nlast").streams();
        assertEquals("one", PromptText.line(streams));
        assertEquals("", PromptText.line(streams));
        assertEquals("two é", PromptText.line(streams));
        assertEquals("last", PromptText.line(streams));
        assertNull(PromptText.line(streams));
        String longLine = "x".repeat(100_000);
        assertEquals(longLine, PromptText.line(runner.input(longLine + "\ny").streams()));
    }

    private String piped(String text) {
        return PromptText.of("-", runner.input(text).streams());
    }

    private static void assertBroken(String where, int... bytes) {
        byte[] input = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            input[i] = (byte) bytes[i];
        }
        RequestException e = assertThrows(RequestException.class, () -> PromptText.decode(input));
        assertEquals(
                "prompt: standard input is not UTF-8: " + where + "; convert it, for example with iconv",
                e.getMessage(),
                new String(input, StandardCharsets.ISO_8859_1));
    }
}
