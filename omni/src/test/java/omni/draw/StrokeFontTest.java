package omni.draw;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StrokeFontTest {
    private static final StrokeFont FONT = new StrokeFont(9, 1.3);

    @Test
    void everyPrintableCharacterHasAShapeOfItsOwn() {
        String unknown = shape("漢");
        assertTrue(ink("漢") > 0, "an empty box stands for what is not known");
        Map<String, String> seen = new HashMap<>();
        for (char c = '!'; c <= '~'; c++) {
            String text = String.valueOf(c);
            assertTrue(ink(text) > 0, text);
            assertNotEquals(unknown, shape(text), text);
            String other = seen.put(shape(text), text);
            assertEquals(null, other, text + " looks like " + other);
        }
        for (String sign : new String[] {"–", "°", "·", "×", "→", "…"}) {
            assertNotEquals(unknown, shape(sign), sign);
        }
    }

    @Test
    void accentsAreLeftOut() {
        assertEquals(shape("u"), shape("ü"));
        assertEquals(shape("E"), shape("É"));
        assertEquals(shape("\uFFFD"), shape("😀"), "one box for a character beyond 16 bits");
    }

    @Test
    void lettersStandOnTheLineAndStayWithinTheirWidth() {
        Canvas canvas = new Canvas(400, 60);
        String text = "ABCXYZabcxyz0189";
        FONT.draw(canvas, text, 100, 40, 0);
        for (int y = 0; y < 60; y++) {
            for (int x = 0; x < 400; x++) {
                boolean room = x >= 98 && x <= 100 + FONT.width(text) + 2 && y >= 29 && y <= 43;
                assertTrue(room || canvas.get(x, y) == 0xFFFFFF, "ink at " + x + "," + y);
            }
        }
    }

    @Test
    void widthGrowsWithTheText() {
        assertEquals(0, FONT.width(""));
        assertTrue(FONT.width("ii") < FONT.width("WW"));
        assertTrue(FONT.width("a a") > FONT.width("aa"));
    }

    @Test
    void longTextsAreCutToFit() {
        String text = "a rather long name of a file.wav";
        assertEquals(text, FONT.fit(text, FONT.width(text)));
        String cut = FONT.fit(text, 60);
        assertTrue(cut.endsWith("…") && text.startsWith(cut.substring(0, cut.length() - 1)), cut);
        assertTrue(FONT.width(cut) <= 60);
        assertTrue(FONT.width(FONT.fit(text, 70)) > 50, "as much as fits");
        assertEquals("…", FONT.fit(text, 1));
    }

    private static String shape(String text) {
        Canvas canvas = draw(text);
        int[] pixels = new int[40 * 40];
        Arrays.setAll(pixels, i -> canvas.get(i % 40, i / 40));
        return Arrays.toString(pixels);
    }

    private static double ink(String text) {
        Canvas canvas = draw(text);
        double ink = 0;
        for (int i = 0; i < 40 * 40; i++) {
            ink += 255 - (canvas.get(i % 40, i / 40) & 0xFF);
        }
        return ink / 255;
    }

    private static Canvas draw(String text) {
        Canvas canvas = new Canvas(40, 40);
        FONT.draw(canvas, text, 8, 25, 0);
        return canvas;
    }
}
