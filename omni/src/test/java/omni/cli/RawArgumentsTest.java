package omni.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class RawArgumentsTest {
    @Test
    void takesTheLastArgumentsAsTheyWereTyped() {
        byte[] line = "java\0-jar\0omni.jar\0run\0\0-p\0Grüße 你好\0".getBytes(StandardCharsets.UTF_8);
        assertArrayEquals(new String[] {"run", "", "-p", "Grüße 你好"}, RawArguments.last(4, line));
        assertArrayEquals(new String[0], RawArguments.last(0, line));
    }

    @Test
    void refusesToGuess() {
        assertNull(RawArguments.last(3, "a\0b\0".getBytes(StandardCharsets.UTF_8)));
        assertNull(RawArguments.last(1, new byte[] {'a', (byte) 0xE9, 0}));
        assertNull(RawArguments.last(1, new byte[0]));
    }
}
