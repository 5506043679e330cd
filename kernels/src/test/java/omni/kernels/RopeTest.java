package omni.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.foreign.MemorySegment;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RopeTest {
    private static final long SEED = 4;

    @Test
    void turnsPairsHalfAHeadApart() {
        // A quarter turn of the first pair, none of the second.
        MemorySegment x = TestMemory.of(1, 2, 3, 4);
        Rope.halfSplit(x, 0, 4, 1, 1, 4, TestMemory.of(0, 1), TestMemory.of(1, 0), 0, 2);
        TestMemory.assertSame(TestMemory.of(-3, 2, 1, 4), x, "x");
    }

    @Test
    void turnsNeighbours() {
        MemorySegment x = TestMemory.of(1, 2, 3, 4);
        Rope.interleaved(x, 0, 4, 1, 1, 4, TestMemory.of(0, 1), TestMemory.of(1, 0), 0, 2);
        TestMemory.assertSame(TestMemory.of(-2, 1, 3, 4), x, "x");
    }

    @Test
    void vectorGivesTheBitsOfScalar() {
        Random random = new Random(SEED);
        for (int half : new int[] {1, 2, 3, 4, 7, 8, 9, 15, 16, 17, 32, 33, 40, 64}) {
            int width = 3 * 2 * half;
            MemorySegment x = TestMemory.normal(random, width + 2, 5);
            TestMemory.sprinkle(random, x, 20);
            MemorySegment cos = TestMemory.normal(random, half + 1, 1);
            MemorySegment sin = TestMemory.normal(random, half + 1, 1);
            MemorySegment expected = TestMemory.copy(x);
            new ScalarRope().halfSplit(expected, 1, 3, 2 * half, cos, sin, 1);
            new VectorRope().halfSplit(x, 1, 3, 2 * half, cos, sin, 1);
            TestMemory.assertSame(expected, x, "headDim=" + 2 * half + ", seed=" + SEED);
            new ScalarRope().interleaved(expected, 1, 3, 2 * half, cos, sin, 1);
            new VectorRope().interleaved(x, 1, 3, 2 * half, cos, sin, 1);
            TestMemory.assertSame(expected, x, "interleaved, headDim=" + 2 * half + ", seed=" + SEED);
        }
    }

    @Test
    void turnsEveryRowByItsOwnAngles() {
        Random random = new Random(SEED);
        int rows = 4;
        int headDim = 10;
        MemorySegment x = TestMemory.normal(random, 100, 1);
        MemorySegment cos = TestMemory.normal(random, 30, 1);
        MemorySegment sin = TestMemory.normal(random, 30, 1);
        MemorySegment expected = TestMemory.copy(x);
        for (int r = 0; r < rows; r++) {
            Rope.halfSplit(expected, 3 + 24L * r, 24, 1, 2, headDim, cos, sin, 1 + 7L * r, 5);
        }
        Rope.halfSplit(x, 3, 24, rows, 2, headDim, cos, sin, 1, 7);
        TestMemory.assertSame(expected, x, "seed=" + SEED);
    }

    @Test
    void shouldRefuseOddHeadsAndShortTables() {
        MemorySegment x = TestMemory.zeros(16);
        assertEquals(
                "rope: heads=1, headDim=5",
                assertThrows(IllegalArgumentException.class, () -> Rope.halfSplit(x, 0, 5, 1, 1, 5, x, x, 0, 3))
                        .getMessage());
        assertEquals(
                "rope: sin: outside its memory: offset=0, stride=4, rows=2, columns=4, floats=7",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> Rope.halfSplit(x, 0, 8, 2, 1, 8, x, TestMemory.zeros(7), 0, 4))
                        .getMessage());
    }
}
