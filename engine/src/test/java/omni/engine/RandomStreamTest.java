package omni.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class RandomStreamTest {
    /** Known answers of Random123 1.14 (kat_vectors, philox4x32 10). */
    @Test
    void givesThePublishedAnswersOfPhilox() {
        assertPhilox(new int[] {0, 0, 0, 0}, 0, 0, new int[] {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8});
        assertPhilox(new int[] {-1, -1, -1, -1}, -1, -1, new int[] {0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd});
        assertPhilox(new int[] {0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, 0xa4093822, 0x299f31d0, new int[] {
            0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1
        });
    }

    private static void assertPhilox(int[] counter, int k0, int k1, int[] expected) {
        RandomStream.philox(counter, k0, k1);
        assertArrayEquals(expected, counter);
    }

    @Test
    void theSequenceOfASeedNeverChanges() {
        RandomStream random = new RandomStream(42, 0);
        double[] first = {random.nextDouble(), random.nextDouble(), random.nextDouble()};
        assertArrayEquals(new double[] {0.6129598811894158, 0.07323173744158384, 0.9877186509145105}, first);
        RandomStream other = new RandomStream(42, 3);
        assertEquals(1.011865834797916, other.gaussian(0));
        assertEquals(-0.7978705345916715, other.gaussian(1));
        assertEquals(1.8965155141111614, other.gaussian(1L << 40));
    }

    @Test
    void streamsAndSeedsDiffer() {
        double value = new RandomStream(1, 0).nextDouble();
        assertNotEquals(value, new RandomStream(1, 1).nextDouble());
        assertNotEquals(value, new RandomStream(2, 0).nextDouble());
        assertNotEquals(value, new RandomStream(1L << 32, 0).nextDouble());
    }

    @Test
    void uniformNumbersFillTheUnitInterval() {
        RandomStream random = new RandomStream(5, 0);
        int n = 100_000;
        int[] tenths = new int[10];
        for (int i = 0; i < n; i++) {
            double u = random.nextDouble();
            assertTrue(u >= 0 && u < 1, "u=" + u);
            tenths[(int) (u * 10)]++;
        }
        for (int count : tenths) {
            assertEquals(n / 10.0, count, 4 * Math.sqrt(n * 0.09));
        }
    }

    @Test
    void normalNumbersHaveTheMomentsOfTheNormalDistribution() {
        RandomStream random = new RandomStream(6, 0);
        int n = 200_000;
        double sum = 0;
        double squares = 0;
        double fourth = 0;
        double neighbours = 0;
        double last = 0;
        for (int i = 0; i < n; i++) {
            double z = random.gaussian(i);
            sum += z;
            squares += z * z;
            fourth += z * z * z * z;
            neighbours += z * last;
            last = z;
        }
        double unit = 1 / Math.sqrt(n);
        assertEquals(0, sum / n, 4 * unit);
        assertEquals(1, squares / n, 4 * Math.sqrt(2) * unit);
        assertEquals(3, fourth / n, 4 * Math.sqrt(96) * unit);
        assertEquals(0, neighbours / n, 4 * unit);
    }

    @Test
    void aBlockOfNoiseDoesNotDependOnWhereItIsCut() {
        RandomStream random = new RandomStream(7, 2);
        Matrix whole = RandomModel.zeros(6, 5);
        random.gaussians(0, whole);
        Matrix part = RandomModel.zeros(2, 5);
        random.gaussians(15, part);
        assertArrayEquals(whole.rows(3, 5).toArray(), part.toArray());
    }
}
