package omni.loader;

import java.util.List;

/**
 * The diffusion transformer of token2wav ({@code Qwen2_5OmniDiTConfig}).
 *
 * @param hiddenSize width C
 * @param layers number of layers
 * @param heads attention heads H
 * @param headDim head size D, even
 * @param ffMult inner width of the feed-forward part, in hidden sizes
 * @param codeEmbeddingSize width of a code's embedding
 * @param codes number of codes; the embedding has one row more
 * @param repeats mel frames per code
 * @param melBins mel bins M
 * @param blockSize frames of an attention block
 * @param lookAheadLayers layers that also see the next block
 * @param lookBackwardLayers layers that also see the block before
 * @param ropeTheta base of the rotary frequencies
 * @param speaker the speaker encoder inside it
 */
public record DitConfig(
        int hiddenSize,
        int layers,
        int heads,
        int headDim,
        int ffMult,
        int codeEmbeddingSize,
        int codes,
        int repeats,
        int melBins,
        int blockSize,
        List<Integer> lookAheadLayers,
        List<Integer> lookBackwardLayers,
        double ropeTheta,
        SpeakerEncoderConfig speaker) {

    static DitConfig read(JsonObject config) {
        // The release writes these three under two names each.
        int layers = ConfigKeys.positive(config, "num_hidden_layers", config.getInt("depth", 22));
        int headDim = ConfigKeys.positive(config, "head_dim", 64);
        ConfigKeys.divides(config, "head_dim", 2, "head_dim", headDim);
        int melBins = ConfigKeys.positive(config, "mel_dim", 80);
        return new DitConfig(
                ConfigKeys.positive(config, "hidden_size", config.getInt("dim", 1024)),
                layers,
                ConfigKeys.positive(config, "num_attention_heads", config.getInt("heads", 16)),
                headDim,
                ConfigKeys.within(config, "ff_mult", 2, 1, 64),
                ConfigKeys.positive(config, "emb_dim", 512),
                ConfigKeys.positive(config, "num_embeds", 8193),
                ConfigKeys.within(config, "repeats", 2, 1, 64),
                melBins,
                ConfigKeys.positive(config, "block_size", 24),
                ConfigKeys.layers(config, "look_ahead_layers", List.of(10), layers),
                ConfigKeys.layers(config, "look_backward_layers", List.of(0, 20), layers),
                ConfigKeys.Rope.read(config, 10_000, List.of()).theta(),
                SpeakerEncoderConfig.read(config));
    }
}
