package omni.loader;

/**
 * The audio encoder ({@code Qwen2_5OmniAudioEncoderConfig}).
 *
 * @param melBins mel bins M of the input
 * @param layers number of encoder layers
 * @param heads attention heads H, a divisor of {@code hiddenSize}
 * @param hiddenSize width C, even
 * @param ffnSize inner width of the feed-forward part
 * @param outputSize width of the result: the Thinker's hidden size
 * @param window half the frames of one block: a block has {@code 2 * window}
 * @param maxPositions rows of the sinusoid table, at least one block after the convolutions
 */
public record AudioConfig(
        int melBins, int layers, int heads, int hiddenSize, int ffnSize, int outputSize, int window, int maxPositions) {

    static AudioConfig read(JsonObject config, int thinkerHiddenSize) {
        ConfigKeys.only(config, "activation_function", "gelu");
        int hiddenSize = ConfigKeys.positive(config, "d_model", 1280);
        int heads = ConfigKeys.positive(config, "encoder_attention_heads", 20);
        ConfigKeys.divides(config, "encoder_attention_heads", heads, "d_model", hiddenSize);
        ConfigKeys.divides(config, "d_model", 2, "d_model", hiddenSize);
        int outputSize = ConfigKeys.positive(config, "output_dim", 3584);
        ConfigKeys.equal(config, "output_dim", outputSize, "the Thinker's hidden_size", thinkerHiddenSize);
        int window = ConfigKeys.positive(config, "n_window", 100);
        int maxPositions = ConfigKeys.positive(config, "max_source_positions", 1500);
        if (window > maxPositions) {
            throw config.refuse("n_window", window, "expected at most max_source_positions=" + maxPositions);
        }
        return new AudioConfig(
                ConfigKeys.positive(config, "num_mel_bins", 128),
                ConfigKeys.positive(config, "encoder_layers", 32),
                heads,
                hiddenSize,
                ConfigKeys.positive(config, "encoder_ffn_dim", 5120),
                outputSize,
                window,
                maxPositions);
    }
}
