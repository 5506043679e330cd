package omni;

import omni.engine.SamplingOptions;
import omni.error.RequestException;
import org.jspecify.annotations.Nullable;

/**
 * How a reply is chosen. What is null comes from the checkpoint's {@code generation_config.json}, and from the reference's defaults
 * where that is silent: greedy unless it says {@code do_sample}, temperature 1, top-k 50, top-p 1, no min-p, no repetition penalty,
 * 1024 tokens. A temperature given here decides alone whether to sample. Immutable; change one value with a {@code with} method.
 *
 * @param maxTokens most tokens to generate, at least 1; the end of the context ends a reply too
 * @param temperature 0 for greedy, else what scores are divided by
 * @param topK number of best tokens kept, 0 for all
 * @param topP share of the probability kept, in (0, 1]
 * @param minP least probability relative to the best token's, in [0, 1]
 * @param repeatPenalty what the scores of ids already in the context are divided by (multiplied where negative), above 0; 1 for none
 * @param seed of the random generator; null for a fresh one, which the reply names
 */
public record GenerationOptions(
        @Nullable Integer maxTokens,
        @Nullable Double temperature,
        @Nullable Integer topK,
        @Nullable Double topP,
        @Nullable Double minP,
        @Nullable Double repeatPenalty,
        @Nullable Long seed) {

    private static final GenerationOptions DEFAULTS = new GenerationOptions(null, null, null, null, null, null, null);

    /**
     * Checks the values.
     *
     * @throws RequestException if one is out of its range or not a number
     */
    public GenerationOptions {
        if (maxTokens != null && maxTokens < 1) {
            throw new RequestException("max tokens: value=" + maxTokens + "; give 1 or more");
        }
        SamplingOptions.PLAIN.with(temperature, topK, topP, minP, repeatPenalty);
    }

    /** Everything as the checkpoint says. */
    public static GenerationOptions defaults() {
        return DEFAULTS;
    }

    /** The best token at every step. */
    public static GenerationOptions greedy() {
        return DEFAULTS.withTemperature(0);
    }

    /** These options with another token limit. */
    public GenerationOptions withMaxTokens(int value) {
        return new GenerationOptions(value, temperature, topK, topP, minP, repeatPenalty, seed);
    }

    /** These options with another temperature. */
    public GenerationOptions withTemperature(double value) {
        return new GenerationOptions(maxTokens, value, topK, topP, minP, repeatPenalty, seed);
    }

    /** These options with another top-k. */
    public GenerationOptions withTopK(int value) {
        return new GenerationOptions(maxTokens, temperature, value, topP, minP, repeatPenalty, seed);
    }

    /** These options with another top-p. */
    public GenerationOptions withTopP(double value) {
        return new GenerationOptions(maxTokens, temperature, topK, value, minP, repeatPenalty, seed);
    }

    /** These options with another min-p. */
    public GenerationOptions withMinP(double value) {
        return new GenerationOptions(maxTokens, temperature, topK, topP, value, repeatPenalty, seed);
    }

    /** These options with another repetition penalty. */
    public GenerationOptions withRepeatPenalty(double value) {
        return new GenerationOptions(maxTokens, temperature, topK, topP, minP, value, seed);
    }

    /** These options with another seed. */
    public GenerationOptions withSeed(long value) {
        return new GenerationOptions(maxTokens, temperature, topK, topP, minP, repeatPenalty, value);
    }

    /** How to choose tokens where {@code defaults} stand for what is null. */
    SamplingOptions sampling(SamplingOptions defaults) {
        return defaults.with(temperature, topK, topP, minP, repeatPenalty);
    }
}
