package omni.loader;

/**
 * Cuts text into words by the rules of Qwen2, which its files give as a regular expression:
 *
 * <pre>
 * (?i:'s|'t|'re|'ve|'m|'ll|'d) | [^\r\n\p{L}\p{N}]?\p{L}+ | \p{N} | ␣?[^\s\p{L}\p{N}]+[\r\n]* | \s*[\r\n]+ | \s+(?!\S) | \s+
 * </pre>
 *
 * Written out by hand it takes linear time and no stack, whatever the text. White space is Unicode's property White_Space; letters
 * and numbers are the general categories L and N.
 */
final class PreTokenizer {
    /** The expression as it stands in {@code tokenizer.json}. */
    static final String PATTERN = "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}"
            + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

    private static final int LETTER = 0;
    private static final int NUMBER = 1;
    private static final int SPACE = 2;
    private static final int NEWLINE = 3;
    private static final int OTHER = 4;

    private static final byte[] ASCII = new byte[128];

    static {
        for (int c = 0; c < 128; c++) {
            ASCII[c] = (byte) classify(c);
        }
    }

    private PreTokenizer() {}

    /** The end of the word that begins at {@code start}, which lies before the end of {@code text}. */
    static int wordEnd(String text, int start) {
        int n = text.length();
        int first = text.codePointAt(start);
        int second = start + Character.charCount(first);
        if (first == '\'') {
            int end = contraction(text, second, n);
            if (end > 0) {
                return end;
            }
        }
        int kind = kind(first);
        if (kind == NUMBER) {
            return second;
        }
        if (kind == LETTER) {
            return skip(text, second, n, LETTER);
        }
        int follower = second < n ? kind(text.codePointAt(second)) : -1;
        if (kind != NEWLINE && follower == LETTER) {
            return skip(text, second, n, LETTER);
        }
        if (kind == OTHER || (first == ' ' && follower == OTHER)) {
            return skip(text, skip(text, second, n, OTHER), n, NEWLINE);
        }
        return spaces(text, start, n);
    }

    /** White space: up to the last line break of the run; else the run, without its last character if a word follows. */
    private static int spaces(String text, int start, int n) {
        int end = start;
        int last = start;
        int afterBreak = -1;
        while (end < n) {
            // All white space lies in the basic plane: one char each.
            int kind = kind(text.charAt(end));
            if (kind != SPACE && kind != NEWLINE) {
                break;
            }
            last = end++;
            if (kind == NEWLINE) {
                afterBreak = end;
            }
        }
        if (afterBreak > 0) {
            return afterBreak;
        }
        return end == n || last == start ? end : last;
    }

    private static int skip(String text, int from, int n, int kind) {
        int at = from;
        while (at < n) {
            int c = text.codePointAt(at);
            if (kind(c) != kind) {
                break;
            }
            at += Character.charCount(c);
        }
        return at;
    }

    /** End of {@code s t re ve m ll d} in any case, or -1. */
    private static int contraction(String text, int at, int n) {
        if (at >= n) {
            return -1;
        }
        int a = fold(text.charAt(at));
        if (a == 's' || a == 't' || a == 'm' || a == 'd') {
            return at + 1;
        }
        int b = at + 1 < n ? fold(text.charAt(at + 1)) : -1;
        return ((a == 'r' || a == 'v') && b == 'e') || (a == 'l' && b == 'l') ? at + 2 : -1;
    }

    /** Unicode case folding as far as the contractions need it: U+017F, the long s, is an s. */
    private static int fold(int c) {
        return c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c == 0x17F ? 's' : c;
    }

    private static int kind(int c) {
        return c < 128 ? ASCII[c] : classify(c);
    }

    private static int classify(int c) {
        return switch (Character.getType(c)) {
            case Character.UPPERCASE_LETTER,
                    Character.LOWERCASE_LETTER,
                    Character.TITLECASE_LETTER,
                    Character.MODIFIER_LETTER,
                    Character.OTHER_LETTER -> LETTER;
            case Character.DECIMAL_DIGIT_NUMBER, Character.LETTER_NUMBER, Character.OTHER_NUMBER -> NUMBER;
            case Character.SPACE_SEPARATOR, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> SPACE;
            default -> c == '\r' || c == '\n' ? NEWLINE : (c >= '\t' && c <= '\f') || c == 0x85 ? SPACE : OTHER;
        };
    }
}
