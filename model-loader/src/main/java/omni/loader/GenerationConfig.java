package omni.loader;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code generation_config.json}: the publishers' own choices for generating. A null component was not chosen; the reader's default
 * applies.
 *
 * @param eosIds ids that end a text; from {@code config.json} where this file names none
 * @param doSample false for greedy
 * @param temperature 0 for greedy
 * @param topK 0 for all
 * @param topP above 0, at most 1
 * @param minP 0 to 1
 * @param repetitionPenalty above 0
 * @param maxNewTokens at least 1
 */
public record GenerationConfig(
        List<Integer> eosIds,
        @Nullable Boolean doSample,
        @Nullable Double temperature,
        @Nullable Integer topK,
        @Nullable Double topP,
        @Nullable Double minP,
        @Nullable Double repetitionPenalty,
        @Nullable Integer maxNewTokens) {
    static final String FILE = "generation_config.json";

    /**
     * Reads the file of a model folder, which may be absent.
     *
     * @param config of the same folder, for the end marks
     * @throws omni.error.ModelFormatException if the file is broken or a value makes no sense
     */
    public static GenerationConfig read(Path folder, ModelConfig config) {
        Path file = folder.resolve(FILE);
        if (!Files.exists(file)) {
            return new GenerationConfig(config.eosIds(), null, null, null, null, null, null, null);
        }
        JsonObject json = Json.readObject(file);
        List<Integer> eosIds = ConfigKeys.ids(json, "eos_token_id");
        return new GenerationConfig(
                eosIds.isEmpty() ? config.eosIds() : eosIds,
                json.has("do_sample") ? json.getBoolean("do_sample") : null,
                number(json, "temperature", 0, Double.MAX_VALUE, "a number from 0"),
                whole(json, "top_k", 0),
                number(json, "top_p", Double.MIN_VALUE, 1, "a number above 0 and at most 1"),
                number(json, "min_p", 0, 1, "a number from 0 to 1"),
                number(json, "repetition_penalty", Double.MIN_VALUE, Double.MAX_VALUE, "a number above 0"),
                whole(json, "max_new_tokens", 1));
    }

    private static @Nullable Double number(JsonObject json, String key, double least, double most, String expected) {
        if (!json.has(key)) {
            return null;
        }
        double value = json.getDouble(key);
        if (!(value >= least && value <= most)) {
            throw json.refuse(key, "expected " + expected);
        }
        return value;
    }

    private static @Nullable Integer whole(JsonObject json, String key, int least) {
        return json.has(key) ? ConfigKeys.within(json, key, least, least, Integer.MAX_VALUE) : null;
    }
}
