package omni.media;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OrientationTest {
    /** The stored picture is {@code ABC/DEF}; rows of the upright one are separated by slashes. */
    @ParameterizedTest
    @CsvSource({
        "1,ABC/DEF",
        "2,CBA/FED",
        "3,FED/CBA",
        "4,DEF/ABC",
        "5,AD/BE/CF",
        "6,DA/EB/FC",
        "7,FC/EB/DA",
        "8,CF/BE/AD",
    })
    void everyOrientationIsTurnedUpright(int orientation, String expected) {
        Picture stored = Picture.of(3, 2);
        for (int i = 0; i < 6; i++) {
            for (int c = 0; c < 3; c++) {
                stored.rgb().set(ValueLayout.JAVA_BYTE, 3L * i + c, (byte) ('A' + i + 10 * c));
            }
        }
        Picture upright = Orientation.upright(stored, orientation, Arena.ofAuto());
        StringBuilder rows = new StringBuilder();
        for (int y = 0; y < upright.height(); y++) {
            rows.append(y == 0 ? "" : "/");
            for (int x = 0; x < upright.width(); x++) {
                rows.append((char) upright.get(x, y, 0));
                assertEquals(upright.get(x, y, 0) + 10, upright.get(x, y, 1));
                assertEquals(upright.get(x, y, 0) + 20, upright.get(x, y, 2));
            }
        }
        assertEquals(expected, rows.toString());
    }
}
