package omni;

import java.util.List;
import omni.engine.SamplingOptions;
import omni.loader.GenerationConfig;

/**
 * What a checkpoint's {@code generation_config.json} chooses, completed by the reference's defaults ({@code GenerationConfig} in
 * transformers; the token limit is {@code thinker_max_new_tokens} of modeling_qwen2_5_omni.py).
 *
 * @param sampling how tokens are chosen
 * @param maxTokens most tokens of a reply
 */
record SamplingDefaults(SamplingOptions sampling, int maxTokens) {
    private static final int MAX_TOKENS = 1024;
    private static final int TOP_K = 50;

    static SamplingDefaults of(GenerationConfig config) {
        boolean sample = Boolean.TRUE.equals(config.doSample());
        double temperature = config.temperature() == null ? 1 : config.temperature();
        SamplingOptions sampling = new SamplingOptions(
                sample ? temperature : 0,
                config.topK() == null ? TOP_K : config.topK(),
                config.topP() == null ? 1 : config.topP(),
                config.minP() == null ? 0 : config.minP(),
                config.repetitionPenalty() == null ? 1 : config.repetitionPenalty(),
                List.of());
        return new SamplingDefaults(sampling, config.maxNewTokens() == null ? MAX_TOKENS : config.maxNewTokens());
    }
}
