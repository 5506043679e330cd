package omni.loader;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

final class PreTokenizerTest {
    private static final Pattern ORACLE =
            Pattern.compile(PreTokenizer.PATTERN, Pattern.UNICODE_CHARACTER_CLASS | Pattern.UNICODE_CASE);

    private static final String[] PARTS = {
        "a", "B", "é", "好", "ß", "ǅ", "ʰ", "𝓫", "1", "٣", "Ⅻ", "½", "²", "𝟙", " ", "  ", "\t", "\n", "\r", "\r\n",
        "\u0085", "\u00a0", "\u1680", "\u2003", "\u2028", "\u2029", "\u202f", "\u205f", "\u3000", "\u000b", "\f",
        "\u001c", "\u001f", "\u180e", "\u200b", "\ufeff", "\u0301", "'", "'s", "'S", "'\u017f", "'t", "'re", "'RE",
        "'ve", "'m", "'ll", "'lL", "'l", "'d", "'r", ".", "-", "_", "$", "😀", "\u200d", "\ue000", "\u0378", "\0",
        "\u007f", "k", "\u212a", "st", "\ufb05"
    };

    private static List<String> words(String text) {
        List<String> words = new ArrayList<>();
        for (int at = 0; at < text.length(); ) {
            int end = PreTokenizer.wordEnd(text, at);
            words.add(text.substring(at, end));
            at = end;
        }
        return words;
    }

    private static List<String> oracle(String text) {
        List<String> words = new ArrayList<>();
        Matcher matcher = ORACLE.matcher(text);
        while (matcher.find()) {
            words.add(matcher.group());
        }
        return words;
    }

    @Test
    void cutsLikeTheRegularExpression() {
        long seed = 1;
        Random random = new Random(seed);
        for (int round = 0; round < 200_000; round++) {
            StringBuilder text = new StringBuilder();
            for (int n = random.nextInt(9); n >= 0; n--) {
                text.append(PARTS[random.nextInt(PARTS.length)]);
            }
            String s = text.toString();
            if (!oracle(s).equals(words(s))) {
                assertEquals(oracle(s), words(s), "seed=" + seed + ", round=" + round);
            }
        }
    }

    @Test
    void classifiesEveryCharacterLikeTheRegularExpression() {
        for (int c = 0; c <= Character.MAX_CODE_POINT; c++) {
            if (c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE) {
                String s = "a" + Character.toString(c) + Character.toString(c) + " " + Character.toString(c) + "b";
                if (!oracle(s).equals(words(s))) {
                    assertEquals(oracle(s), words(s), "U+" + Integer.toHexString(c));
                }
            }
        }
    }

    @Test
    void keepsTheLastSpaceForTheNextWord() {
        assertEquals(List.of("  ", " a"), words("   a"));
        assertEquals(List.of("  ", " ."), words("   ."));
        assertEquals(List.of("  ", " ", "1"), words("   1"));
        assertEquals(List.of(" \n \n", " ", " a"), words(" \n \n  a"));
        assertEquals(List.of("a", "   "), words("a   "));
        assertEquals(List.of("x", ".\r\n\n", "\t", "\ty"), words("x.\r\n\n\t\ty"));
    }

    @Test
    void takesLinearTimeAndNoStack() {
        for (String unit : List.of("a", " ", "\n", "'", "'s", "1", " \n", "😀", "a ")) {
            String text = unit.repeat(2_000_000 / unit.length());
            int length = 0;
            for (int at = 0; at < text.length(); ) {
                int end = PreTokenizer.wordEnd(text, at);
                length += end - at;
                at = end;
            }
            assertEquals(text.length(), length);
        }
    }
}
