package omni.engine;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import omni.kernels.Softmax;

/**
 * The tokens still in play while one is chosen: ids in ascending order with their scores. Each step of sampling removes some. No step
 * sorts the vocabulary: bounds are found by radix selection over the scores' bits.
 */
final class Candidates {
    private static final int DIGIT_BITS = 11;
    private static final int DIGIT = (1 << DIGIT_BITS) - 1;
    private static final int TOP_SHIFT = 21;

    private final int[] ids;
    private final float[] scores;
    private final float[] probabilities;
    private final double[] bins = new double[DIGIT + 1];
    private final MemorySegment scratch;
    private int size;

    Candidates(int vocabulary) {
        ids = new int[vocabulary];
        scores = new float[vocabulary];
        probabilities = new float[vocabulary];
        scratch = Arena.ofAuto().allocate((long) vocabulary * Float.BYTES, Workspace.ALIGNMENT);
    }

    int size() {
        return size;
    }

    int id(int i) {
        return ids[i];
    }

    float score(int i) {
        return scores[i];
    }

    /** Probability of candidate {@code i} as of the last {@link #softmax}. */
    float probability(int i) {
        return probabilities[i];
    }

    /** Starts anew with the whole vocabulary; its size is that given at construction. */
    float[] reset() {
        size = ids.length;
        for (int i = 0; i < size; i++) {
            ids[i] = i;
        }
        return scores;
    }

    /** scores /= temperature. */
    void temperature(float temperature) {
        for (int i = 0; i < size; i++) {
            scores[i] /= temperature;
        }
    }

    /** Keeps the {@code k} best and all that tie with the last of them. */
    void topK(int k) {
        if (k >= size) {
            return;
        }
        Arrays.fill(probabilities, 0, size, 1);
        float least = scores[boundary(size - k)];
        int kept = 0;
        for (int i = 0; i < size; i++) {
            if (scores[i] >= least) {
                keep(i, kept++);
            }
        }
        size = kept;
    }

    /**
     * In ascending order of score (lower ids first where scores tie), removes candidates while their probabilities add up to at most
     * 1 - p; the last one always stays.
     */
    void topP(double p) {
        softmax();
        int bound = boundary((float) (1 - p));
        float least = scores[bound];
        int leastId = ids[bound];
        int kept = 0;
        for (int i = 0; i < size; i++) {
            if (scores[i] > least || (scores[i] == least && ids[i] >= leastId)) {
                keep(i, kept++);
            }
        }
        size = kept;
    }

    /** Removes what is less likely than {@code p} times the likeliest. */
    void minP(float p) {
        softmax();
        float best = 0;
        for (int i = 0; i < size; i++) {
            best = Math.max(best, probabilities[i]);
        }
        int kept = 0;
        for (int i = 0; i < size; i++) {
            if (probabilities[i] >= p * best) {
                keep(i, kept++);
            }
        }
        size = kept;
    }

    /** Removes what can not be chosen. */
    void dropImpossible() {
        int kept = 0;
        for (int i = 0; i < size; i++) {
            if (scores[i] > Float.NEGATIVE_INFINITY) {
                keep(i, kept++);
            }
        }
        size = kept;
    }

    private void keep(int from, int to) {
        ids[to] = ids[from];
        scores[to] = scores[from];
    }

    /** Float32 probabilities of the candidates. */
    void softmax() {
        MemorySegment.copy(scores, 0, scratch, ValueLayout.JAVA_FLOAT, 0, size);
        Softmax.rows(scratch, 0, size, 1, size);
        MemorySegment.copy(scratch, ValueLayout.JAVA_FLOAT, 0, probabilities, 0, size);
    }

    /** The candidate where the running sum of probabilities, in the order of the ids, passes {@code u} in [0, 1) of their total. */
    int draw(double u) {
        double total = 0;
        for (int i = 0; i < size; i++) {
            total += probabilities[i];
        }
        double sum = 0;
        int last = 0;
        for (int i = 0; i < size; i++) {
            if (probabilities[i] > 0) {
                sum += probabilities[i];
                last = i;
                if (sum > u * total) {
                    break;
                }
            }
        }
        return ids[last];
    }

    /**
     * The first candidate, in ascending order of (score, id), at which the running sum of {@link #probabilities}, rounded to float32,
     * exceeds {@code threshold}; the last candidate if it never does. Three passes, each narrowing the scores by 11 bits.
     */
    private int boundary(float threshold) {
        double below = 0;
        int prefix = 0;
        int mask = 0;
        for (int shift = TOP_SHIFT; ; shift = Math.max(0, shift - DIGIT_BITS)) {
            Arrays.fill(bins, -1);
            for (int i = 0; i < size; i++) {
                int key = key(scores[i]);
                if ((key & mask) == prefix) {
                    int bin = key >>> shift & DIGIT;
                    bins[bin] = Math.max(0, bins[bin]) + probabilities[i];
                }
            }
            int chosen = -1;
            double belowChosen = below;
            double sum = below;
            for (int bin = 0; bin < bins.length; bin++) {
                if (bins[bin] < 0) {
                    continue;
                }
                chosen = bin;
                belowChosen = sum;
                sum += bins[bin];
                if ((float) sum > threshold) {
                    break;
                }
            }
            below = belowChosen;
            prefix |= chosen << shift;
            mask |= DIGIT << shift;
            if (shift == 0) {
                return boundaryAmongEqual(prefix, below, threshold);
            }
        }
    }

    private int boundaryAmongEqual(int key, double below, float threshold) {
        double sum = below;
        int last = -1;
        for (int i = 0; i < size; i++) {
            if (key(scores[i]) == key) {
                sum += probabilities[i];
                last = i;
                if ((float) sum > threshold) {
                    break;
                }
            }
        }
        return last;
    }

    /** The bits of a float as an unsigned integer in the same order; both zeros alike. */
    private static int key(float value) {
        int bits = Float.floatToRawIntBits(value + 0f);
        return bits ^ (bits >> 31 | 0x80000000);
    }
}
