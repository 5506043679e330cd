package omni.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CandidatesTest {
    private static final long SEED = 77;

    @Test
    void topKKeepsWhatSortingWouldKeep() {
        Random random = new Random(SEED);
        for (int round = 0; round < 400; round++) {
            float[] scores = scores(random, round);
            int k = 1 + random.nextInt(scores.length + 3);
            float[] sorted = scores.clone();
            Arrays.sort(sorted);
            float least = sorted[Math.max(0, scores.length - k)];
            int[] expected = IntStream.range(0, scores.length)
                    .filter(i -> scores[i] >= least)
                    .toArray();
            Candidates candidates = candidates(scores);
            candidates.topK(k);
            assertArrayEquals(expected, ids(candidates), "seed=" + SEED + ", round=" + round + ", k=" + k);
        }
    }

    @Test
    void topPKeepsWhatSortingWouldKeep() {
        Random random = new Random(SEED + 1);
        for (int round = 0; round < 400; round++) {
            float[] scores = scores(random, round);
            double p = round % 7 == 0 ? 0 : random.nextDouble();
            Candidates candidates = candidates(scores);
            int[] expected = topPBySorting(candidates, scores, p);
            candidates.topP(p);
            assertArrayEquals(expected, ids(candidates), "seed=" + SEED + ", round=" + round + ", p=" + p);
        }
    }

    private static int[] topPBySorting(Candidates candidates, float[] scores, double p) {
        candidates.softmax();
        Integer[] order = IntStream.range(0, scores.length).boxed().toArray(Integer[]::new);
        Arrays.sort(order, Comparator.<Integer>comparingDouble(i -> scores[i] + 0f));
        double sum = 0;
        int removed = 0;
        for (int i : order) {
            sum += candidates.probability(i);
            if ((float) sum > (float) (1 - p) || removed == scores.length - 1) {
                break;
            }
            removed++;
        }
        return Arrays.stream(order, removed, order.length)
                .mapToInt(i -> i)
                .sorted()
                .toArray();
    }

    @Test
    void minPKeepsWhatIsLikelyEnoughBesideTheBest() {
        Candidates candidates = candidates(0, (float) Math.log(0.5), (float) Math.log(0.49), -50, 0);
        candidates.minP(0.495f);
        assertArrayEquals(new int[] {0, 1, 4}, ids(candidates));
        candidates.minP(1);
        assertArrayEquals(new int[] {0, 4}, ids(candidates));
    }

    @Test
    void bothZerosTie() {
        Candidates candidates = candidates(-0f, 0f, -1, 0f);
        candidates.topK(1);
        assertArrayEquals(new int[] {0, 1, 3}, ids(candidates));
    }

    @Test
    void drawsInTheOrderOfTheIds() {
        Candidates candidates = candidates(0, (float) Math.log(2), Float.NEGATIVE_INFINITY, 0);
        candidates.softmax();
        assertEquals(0, candidates.draw(0));
        assertEquals(0, candidates.draw(0.2499));
        assertEquals(1, candidates.draw(0.2501));
        assertEquals(1, candidates.draw(0.7499));
        assertEquals(3, candidates.draw(0.7501));
        assertEquals(3, candidates.draw(Math.nextDown(1.0)));
    }

    @Test
    void theDistributionOfDrawsIsTheOneAskedFor() {
        float[] scores = {1, 0, 2, -1, 0.5f};
        Candidates candidates = candidates(scores);
        candidates.softmax();
        RandomStream random = new RandomStream(SEED, 0);
        int n = 200_000;
        int[] count = new int[scores.length];
        for (int i = 0; i < n; i++) {
            count[candidates.draw(random.nextDouble())]++;
        }
        for (int i = 0; i < scores.length; i++) {
            double p = candidates.probability(i);
            double deviation = Math.sqrt(n * p * (1 - p));
            assertTrue(
                    Math.abs(count[i] - n * p) < 4 * deviation,
                    "id=" + i + ", drawn=" + count[i] + ", expected=" + n * p + ", deviation=" + deviation);
        }
    }

    /** Rounds alternate between smooth scores, many ties, huge spreads, and almost equal ones. */
    private static float[] scores(Random random, int round) {
        float[] out = new float[1 + random.nextInt(round % 10 == 0 ? 5000 : 60)];
        for (int i = 0; i < out.length; i++) {
            out[i] = switch (round % 4) {
                case 0 -> (float) random.nextGaussian() * 3;
                case 1 -> random.nextInt(5) - 2;
                case 2 -> (float) random.nextGaussian() * 1e4f;
                default -> 1 + random.nextInt(4) * 0x1p-23f;
            };
        }
        return out;
    }

    private static Candidates candidates(float... scores) {
        Candidates candidates = new Candidates(scores.length);
        System.arraycopy(scores, 0, candidates.reset(), 0, scores.length);
        return candidates;
    }

    private static int[] ids(Candidates candidates) {
        return IntStream.range(0, candidates.size()).map(candidates::id).toArray();
    }
}
