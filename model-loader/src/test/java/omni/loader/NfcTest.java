package omni.loader;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.text.Normalizer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class NfcTest {
    private static List<Integer> marks() {
        List<Integer> marks = new ArrayList<>();
        for (int c = 0x300; c <= Character.MAX_CODE_POINT; c++) {
            int type = Character.getType(c);
            if (type == Character.NON_SPACING_MARK
                    || type == Character.COMBINING_SPACING_MARK
                    || type == Character.ENCLOSING_MARK) {
                marks.add(c);
            }
        }
        return marks;
    }

    @Test
    void sortsLongRunsOfMarksAsTheJdkWould() {
        List<Integer> marks = marks();
        long seed = 4;
        Random random = new Random(seed);
        for (int round = 0; round < 150; round++) {
            StringBuilder text = new StringBuilder("x");
            for (int run = 0; run < 3; run++) {
                text.append(run == 1 ? "é" : "가a");
                int kinds = 1 + random.nextInt(marks.size());
                for (int n = random.nextInt(700); n >= 0; n--) {
                    text.appendCodePoint(marks.get(random.nextInt(kinds)));
                }
            }
            assertEquals(
                    Normalizer.normalize(text, Normalizer.Form.NFC),
                    Nfc.normalize(text.toString()),
                    "seed=" + seed + ", round=" + round);
        }
    }

    @Test
    void sortsEveryMarkAsTheJdkWould() {
        StringBuilder text = new StringBuilder("a");
        for (int mark : marks()) {
            text.appendCodePoint(mark).append("\u0345\u0334\u0323\u0301");
        }
        assertEquals(Normalizer.normalize(text, Normalizer.Form.NFC), Nfc.normalize(text.toString()));
    }

    @Test
    void staysQuickWhereSortingByInsertionWouldTakeMinutes() {
        String text = "a" + "\u0301\u0323".repeat(250_000);
        String expected = "ạ" + "\u0323".repeat(249_999) + "\u0301".repeat(250_000);
        assertTimeoutPreemptively(Duration.ofSeconds(60), () -> assertEquals(expected, Nfc.normalize(text)));
    }

    @Test
    void leavesOrdinaryTextToTheJdk() {
        assertEquals("é ộ 한", Nfc.normalize("e\u0301 o\u0323\u0302 \u1112\u1161\u11ab"));
        assertEquals("", Nfc.normalize(""));
    }
}
