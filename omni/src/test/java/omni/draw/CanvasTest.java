package omni.draw;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import omni.media.Picture;
import org.junit.jupiter.api.Test;

class CanvasTest {
    @Test
    void isWhiteAtFirstAndColoursAreLaidOver() {
        Canvas canvas = new Canvas(3, 2);
        assertEquals(0xFFFFFF, canvas.get(2, 1));
        canvas.blend(1, 0, 0x000000, 0.5);
        assertEquals(0x808080, canvas.get(1, 0));
        canvas.blend(1, 0, 0x102030, 1);
        assertEquals(0x102030, canvas.get(1, 0));
        canvas.blend(1, 0, 0xFFFFFF, 0);
        assertEquals(0x102030, canvas.get(1, 0));
    }

    @Test
    void whatLiesBeyondTheEdgesIsLeftOut() {
        Canvas canvas = new Canvas(4, 3);
        canvas.fill(-5, -5, 6, 100, 0x112233);
        canvas.fill(3, 2, Integer.MAX_VALUE / 2, 5, 0x445566);
        canvas.blend(4, 0, 0, 1);
        canvas.blend(0, -1, 0, 1);
        assertEquals(0x112233, canvas.get(0, 2));
        assertEquals(0xFFFFFF, canvas.get(1, 0));
        assertEquals(0x445566, canvas.get(3, 2));
        assertEquals(0xFFFFFF, canvas.get(2, 2));
    }

    @Test
    void picturesAreReducedByAveraging() {
        Picture picture = picture(4, 2, 0, 10, 20, 30, 40, 50, 60, 70);
        Canvas canvas = new Canvas(2, 1);
        canvas.picture(picture, 0, 0, 2, 1);
        assertEquals(grey((0 + 10 + 40 + 50 + 2) / 4), canvas.get(0, 0));
        assertEquals(grey((20 + 30 + 60 + 70 + 2) / 4), canvas.get(1, 0));
    }

    @Test
    void picturesAreEnlargedByRepeating() {
        Picture picture = picture(2, 1, 7, 200);
        Canvas canvas = new Canvas(8, 4);
        canvas.picture(picture, 1, 1, 6, 2);
        for (int x = 0; x < 8; x++) {
            int expected = x < 1 || x > 6 ? 0xFFFFFF : x < 4 ? grey(7) : grey(200);
            assertEquals(expected, canvas.get(x, 2), "x=" + x);
            assertEquals(0xFFFFFF, canvas.get(x, 3), "x=" + x);
        }
    }

    @Test
    void shouldRefuseSizesThatNobodyLooksAt() {
        Exception e = assertThrows(IllegalArgumentException.class, () -> new Canvas(0, 5));
        assertEquals("canvas: width=0, height=5", e.getMessage());
        assertThrows(IllegalArgumentException.class, () -> new Canvas(5, 1_000_000));
    }

    private static int grey(int level) {
        return level << 16 | level << 8 | level;
    }

    private static Picture picture(int width, int height, int... levels) {
        byte[] rgb = new byte[3 * levels.length];
        for (int i = 0; i < rgb.length; i++) {
            rgb[i] = (byte) levels[i / 3];
        }
        Picture picture = Picture.of(width, height);
        MemorySegment.copy(rgb, 0, picture.rgb(), ValueLayout.JAVA_BYTE, 0, rgb.length);
        return picture;
    }
}
