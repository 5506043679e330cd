package omni.loader;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Unicode's normal form C in time that stays linear. The JDK sorts combining marks by insertion, so 100,000 marks in unlucky order, a
 * small file, would hold it for minutes; long runs of marks are therefore sorted here first, by the same canonical classes. The
 * tables are the JDK's; the reference's library has those of Unicode 9 and leaves marks that came later unsorted.
 */
final class Nfc {
    /** Up to here insertion is quick, and no writing system comes near it. */
    private static final int LONG_RUN = 200;

    private Nfc() {}

    static String normalize(String text) {
        return Normalizer.normalize(sortLongRuns(text), Normalizer.Form.NFC);
    }

    private static String sortLongRuns(String text) {
        StringBuilder out = null;
        int copied = 0;
        int n = text.length();
        for (int i = 0; i < n; ) {
            int end = runEnd(text, i);
            if (end - i > LONG_RUN) {
                out = out == null ? new StringBuilder(n) : out;
                out.append(text, copied, i);
                new Run(text.substring(i, end)).sortInto(out);
                copied = end;
            }
            i = end > i ? end : i + Character.charCount(text.codePointAt(i));
        }
        return out == null ? text : out.append(text, copied, n).toString();
    }

    private static int runEnd(String text, int from) {
        int at = from;
        while (at < text.length() && text.charAt(at) >= 0x300) {
            int c = text.codePointAt(at);
            int type = Character.getType(c);
            if (type != Character.NON_SPACING_MARK
                    && type != Character.COMBINING_SPACING_MARK
                    && type != Character.ENCLOSING_MARK) {
                break;
            }
            at += Character.charCount(c);
        }
        return at;
    }

    /** A run of marks. The JDK does not tell their canonical classes, but shows the order of any two by how it decomposes them. */
    private static final class Run {
        private final int[] marks;
        private final Map<Integer, Integer> classes = new HashMap<>();

        Run(String text) {
            Map<Integer, String> decomposed = new HashMap<>();
            StringBuilder all = new StringBuilder(text.length());
            text.codePoints()
                    .forEach(c -> all.append(decomposed.computeIfAbsent(
                            c, x -> Normalizer.normalize(Character.toString(x), Normalizer.Form.NFD))));
            marks = all.codePoints().toArray();
            List<Integer> distinct =
                    new ArrayList<>(Arrays.stream(marks).distinct().boxed().toList());
            distinct.removeIf(Run::isStarter);
            distinct.sort(Run::compare);
            int order = 0;
            for (int i = 0; i < distinct.size(); i++) {
                order += i > 0 && compare(distinct.get(i - 1), distinct.get(i)) != 0 ? 1 : 0;
                classes.put(distinct.get(i), order);
            }
        }

        /** Stable by class, between one starter and the next. */
        void sortInto(StringBuilder out) {
            for (int from = 0; from < marks.length; ) {
                int to = from;
                while (to < marks.length && classes.containsKey(marks[to])) {
                    to++;
                }
                long[] keys = new long[to - from];
                for (int i = from; i < to; i++) {
                    keys[i - from] = (long) classes.getOrDefault(marks[i], 0) << 32 | i;
                }
                Arrays.sort(keys);
                for (long key : keys) {
                    out.appendCodePoint(marks[(int) key]);
                }
                if (to < marks.length) {
                    out.appendCodePoint(marks[to++]);
                }
                from = to;
            }
        }

        /** Class 0: changes places neither with the lowest class (U+0334) nor with the highest (U+0345). */
        private static boolean isStarter(int mark) {
            return !changePlaces(mark, 0x334) && !changePlaces(0x345, mark);
        }

        private static int compare(int a, int b) {
            return changePlaces(a, b) ? 1 : changePlaces(b, a) ? -1 : 0;
        }

        private static boolean changePlaces(int first, int second) {
            String pair = Character.toString(first) + Character.toString(second);
            return !Normalizer.normalize(pair, Normalizer.Form.NFD).equals(pair);
        }
    }
}
