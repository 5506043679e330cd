package omni.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class RopeTableTest {
    /** From torch 2.x: {@code 1.0 / (1000000.0 ** (torch.arange(0, 32, 2, dtype=torch.int64).float() / 32))}. */
    @Test
    void hasTheFrequenciesOfTheReferenceToTheBit() {
        assertArrayEquals(
                new float[] {
                    1.0f,
                    0.4216965f,
                    0.17782794f,
                    0.074989416f,
                    0.03162278f,
                    0.013335215f,
                    0.0056234132f,
                    0.0023713738f,
                    0.001f,
                    0.0004216965f,
                    0.00017782794f,
                    7.4989424e-05f,
                    3.1622774e-05f,
                    1.3335214e-05f,
                    5.6234135e-06f,
                    2.3713737e-06f
                },
                new RopeTable(32, 1e6, RopeSections.plain(32)).invFreq());
    }

    @Test
    void turnsEachSectionWithItsAxis() {
        RopeTable table = new RopeTable(16, 1e4, new RopeSections(3, 1, 4));
        float[] f = table.invFreq();
        Matrix cos = RandomModel.zeros(2, 8);
        Matrix sin = RandomModel.zeros(2, 8);
        table.fill(new int[][] {{5, 40_000}, {70, 1}, {900, 0}}, cos, sin);
        int[][] expected = {{5, 5, 5, 70, 900, 900, 900, 900}, {40_000, 40_000, 40_000, 1, 0, 0, 0, 0}};
        for (int t = 0; t < 2; t++) {
            for (int i = 0; i < 8; i++) {
                float angle = expected[t][i] * f[i];
                assertEquals((float) Math.cos(angle), cos.get(t, i));
                assertEquals((float) Math.sin(angle), sin.get(t, i));
            }
        }
    }

    @Test
    void aSectionMayBeEmpty() {
        RopeTable table = new RopeTable(8, 1e4, new RopeSections(0, 4, 0));
        Matrix cos = RandomModel.zeros(1, 4);
        Matrix sin = RandomModel.zeros(1, 4);
        table.fill(new int[][] {{1}, {2}, {3}}, cos, sin);
        assertEquals((float) Math.sin(2), sin.get(0, 0));
    }

    @Test
    void refusesSectionsThatDoNotAddUpAndPositionsOfAnotherLength() {
        assertThrows(IllegalArgumentException.class, () -> new RopeTable(16, 1e4, new RopeSections(1, 2, 3)));
        assertThrows(IllegalArgumentException.class, () -> new RopeSections(-1, 2, 3));
        RopeTable table = new RopeTable(4, 1e4, RopeSections.plain(4));
        Matrix two = RandomModel.zeros(2, 2);
        IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, () -> table.fill(new int[][] {{1}, {1}, {1}}, two, two));
        assertEquals("rope: positions=[3][1], cos=[2,2], sin=[2,2]", e.getMessage());
    }
}
