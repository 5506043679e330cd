package omni.engine;

import java.util.List;
import omni.error.RequestException;
import org.jspecify.annotations.Nullable;

/**
 * How the next token is chosen from its logits. The steps run in this order: repetition penalty, suppressed ids, temperature, top-k,
 * top-p, min-p. Immutable; change one value with a {@code with} method.
 *
 * @param temperature divisor of the logits; 0 is greedy and leaves out the steps that follow
 * @param topK keep the k best and all that tie with the last of them; 0 keeps all
 * @param topP remove the least likely while their probabilities add up to at most 1 - p; 1 keeps all
 * @param minP remove what is less likely than p times the likeliest; 0 keeps all
 * @param repetitionPenalty divisor of positive and factor of other logits of ids in the history; 1 changes nothing
 * @param suppressed ids that are never chosen
 */
public record SamplingOptions(
        double temperature, int topK, double topP, double minP, double repetitionPenalty, List<Integer> suppressed) {
    /** Always the best token. */
    public static final SamplingOptions GREEDY = new SamplingOptions(0, 0, 1, 0, 1, List.of());

    /** Draws from the model's own distribution. */
    public static final SamplingOptions PLAIN = new SamplingOptions(1, 0, 1, 0, 1, List.of());

    /** Below it, logits divided by the temperature leave float32. */
    private static final double MIN_TEMPERATURE = 1e-6;

    public SamplingOptions {
        suppressed = List.copyOf(suppressed);
        if (!(temperature == 0 || (temperature >= MIN_TEMPERATURE && temperature <= Float.MAX_VALUE))) {
            throw new RequestException("bad sampling option: temperature=" + temperature
                    + "; 0 is greedy, else at least " + MIN_TEMPERATURE);
        }
        if (topK < 0) {
            throw new RequestException("bad sampling option: top-k=" + topK + "; 0 keeps all, else at least 1");
        }
        if (!(topP >= 0 && topP <= 1)) {
            throw new RequestException("bad sampling option: top-p=" + topP + "; must lie between 0 and 1");
        }
        if (!(minP >= 0 && minP <= 1)) {
            throw new RequestException("bad sampling option: min-p=" + minP + "; must lie between 0 and 1");
        }
        if (!(repetitionPenalty > 0) || repetitionPenalty > Float.MAX_VALUE) {
            throw new RequestException(
                    "bad sampling option: repetition penalty=" + repetitionPenalty + "; must be positive");
        }
        for (int id : suppressed) {
            if (id < 0) {
                throw new RequestException("bad sampling option: suppressed id=" + id + "; ids start at 0");
            }
        }
    }

    public boolean greedy() {
        return temperature == 0;
    }

    /**
     * These options with what is given in the place of what they have; null leaves a value as it is.
     *
     * @throws RequestException if a value is out of its range or not a number
     */
    public SamplingOptions with(
            @Nullable Double temperature,
            @Nullable Integer topK,
            @Nullable Double topP,
            @Nullable Double minP,
            @Nullable Double repetitionPenalty) {
        return new SamplingOptions(
                temperature == null ? this.temperature : temperature,
                topK == null ? this.topK : topK,
                topP == null ? this.topP : topP,
                minP == null ? this.minP : minP,
                repetitionPenalty == null ? this.repetitionPenalty : repetitionPenalty,
                suppressed);
    }

    public SamplingOptions withTemperature(double value) {
        return new SamplingOptions(value, topK, topP, minP, repetitionPenalty, suppressed);
    }

    public SamplingOptions withTopK(int value) {
        return new SamplingOptions(temperature, value, topP, minP, repetitionPenalty, suppressed);
    }

    public SamplingOptions withTopP(double value) {
        return new SamplingOptions(temperature, topK, value, minP, repetitionPenalty, suppressed);
    }

    public SamplingOptions withMinP(double value) {
        return new SamplingOptions(temperature, topK, topP, value, repetitionPenalty, suppressed);
    }

    public SamplingOptions withRepetitionPenalty(double value) {
        return new SamplingOptions(temperature, topK, topP, minP, value, suppressed);
    }

    public SamplingOptions withSuppressed(List<Integer> ids) {
        return new SamplingOptions(temperature, topK, topP, minP, repetitionPenalty, ids);
    }
}
