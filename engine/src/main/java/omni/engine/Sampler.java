package omni.engine;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import omni.error.OmniException;

/**
 * Chooses tokens from logits by {@link SamplingOptions}, in the order of the reference (generation/logits_process.py). Draws come
 * from a {@link RandomStream}, one number per drawn token. Owns its scratch memory; one caller at a time.
 */
public final class Sampler {
    private final SamplingOptions options;
    private final RandomStream random;
    private final Candidates candidates;
    private final float[] logits;

    /**
     * @param options how to choose
     * @param vocabulary number of logits V
     * @param random where drawn numbers come from; not touched when greedy
     */
    public Sampler(SamplingOptions options, int vocabulary, RandomStream random) {
        this.options = options;
        this.random = random;
        candidates = new Candidates(vocabulary);
        logits = new float[vocabulary];
    }

    /** How tokens are chosen. */
    public SamplingOptions options() {
        return options;
    }

    /**
     * The next token. When greedy, the first of the best.
     *
     * @param row logits [1, V]
     * @param history ids that count for the repetition penalty; the caller adds the chosen one
     * @throws OmniException if a logit is NaN or +infinity, or no token is left
     */
    public int next(Matrix row, TokenHistory history) {
        load(row);
        penalize(history);
        if (options.greedy()) {
            return argMax();
        }
        narrow();
        candidates.softmax();
        return candidates.draw(random.nextDouble());
    }

    /** The scores [V] after all steps, -infinity where removed. Draws nothing. */
    public float[] scores(Matrix row, TokenHistory history) {
        load(row);
        penalize(history);
        if (options.greedy()) {
            return logits.clone();
        }
        narrow();
        float[] out = new float[logits.length];
        Arrays.fill(out, Float.NEGATIVE_INFINITY);
        for (int i = 0; i < candidates.size(); i++) {
            out[candidates.id(i)] = candidates.score(i);
        }
        return out;
    }

    /** The distribution [V] that {@link #next} draws from; all on one token when greedy. */
    public float[] probabilities(Matrix row, TokenHistory history) {
        load(row);
        penalize(history);
        float[] out = new float[logits.length];
        if (options.greedy()) {
            out[argMax()] = 1;
            return out;
        }
        narrow();
        candidates.softmax();
        for (int i = 0; i < candidates.size(); i++) {
            out[candidates.id(i)] = candidates.probability(i);
        }
        return out;
    }

    private void load(Matrix row) {
        if (row.rows() != 1 || row.cols() != logits.length) {
            throw new IllegalArgumentException(
                    "sampler: logits=[" + row.rows() + "," + row.cols() + "], vocabulary=" + logits.length);
        }
        MemorySegment.copy(row.data(), ValueLayout.JAVA_FLOAT, row.offset() * Float.BYTES, logits, 0, logits.length);
        for (int id = 0; id < logits.length; id++) {
            if (!(logits[id] < Float.POSITIVE_INFINITY)) {
                throw new OmniException("bad logits: id=" + id + ", value=" + logits[id]
                        + "; the weights may be damaged, or a number has grown beyond float32");
            }
        }
    }

    private void penalize(TokenHistory history) {
        float penalty = (float) options.repetitionPenalty();
        if (penalty != 1) {
            for (int i = 0; i < history.size(); i++) {
                int id = history.id(i);
                if (id < logits.length) {
                    float score = logits[id];
                    logits[id] = score > 0 ? score / penalty : score * penalty;
                }
            }
        }
        for (int id : options.suppressed()) {
            if (id < logits.length) {
                logits[id] = Float.NEGATIVE_INFINITY;
            }
        }
    }

    private int argMax() {
        int best = 0;
        for (int id = 1; id < logits.length; id++) {
            if (logits[id] > logits[best]) {
                best = id;
            }
        }
        if (logits[best] == Float.NEGATIVE_INFINITY) {
            throw nothingLeft();
        }
        return best;
    }

    private void narrow() {
        System.arraycopy(logits, 0, candidates.reset(), 0, logits.length);
        candidates.dropImpossible();
        if (candidates.size() == 0) {
            throw nothingLeft();
        }
        if (options.temperature() != 1) {
            candidates.temperature((float) options.temperature());
        }
        if (options.topK() > 0) {
            candidates.topK(options.topK());
        }
        if (options.topP() < 1) {
            candidates.topP(options.topP());
        }
        if (options.minP() > 0) {
            candidates.minP((float) options.minP());
        }
    }

    private static OmniException nothingLeft() {
        return new OmniException("no token can be chosen: every logit is -infinity; suppress fewer ids");
    }
}
