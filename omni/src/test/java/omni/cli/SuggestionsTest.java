package omni.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.List;
import org.junit.jupiter.api.Test;

class SuggestionsTest {
    private static final List<String> NAMES =
            List.of("run", "chat", "show", "--temperature", "--threads", "--top-k", "--top-p");

    @Test
    void findsWhatWasMistyped() {
        assertEquals("run", Suggestions.nearest("rnu", NAMES));
        assertEquals("chat", Suggestions.nearest("caht", NAMES));
        assertEquals("chat", Suggestions.nearest("CHAT", NAMES));
        assertEquals("--temperature", Suggestions.nearest("--temprature", NAMES));
        assertEquals("--threads", Suggestions.nearest("--thread", NAMES));
        assertEquals("--top-k", Suggestions.nearest("--top-x", NAMES));
    }

    @Test
    void suggestsNothingForSomethingElse() {
        assertNull(Suggestions.nearest("dance", NAMES));
        assertNull(Suggestions.nearest("--grammar", NAMES));
        assertNull(Suggestions.nearest("", NAMES));
        assertNull(Suggestions.nearest("run", List.of()));
    }

    @Test
    void countsSlipsOfTheKeyboard() {
        assertEquals(0, Suggestions.distance("same", "same"));
        assertEquals(1, Suggestions.distance("ab", "ba"));
        assertEquals(1, Suggestions.distance("abc", "abbc"));
        assertEquals(1, Suggestions.distance("abc", "ac"));
        assertEquals(1, Suggestions.distance("abc", "axc"));
        assertEquals(3, Suggestions.distance("", "abc"));
        assertEquals(3, Suggestions.distance("kitten", "sitting"));
    }
}
