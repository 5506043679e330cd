package omni.loader;

import java.util.List;

/**
 * The vision encoder ({@code Qwen2_5OmniVisionEncoderConfig}, {@code Qwen2_5_VLVisionConfig}).
 *
 * @param layers number of encoder layers
 * @param hiddenSize width C
 * @param heads attention heads H; the head size is a multiple of 4, for two axes of rotated pairs
 * @param ffnSize inner width of the gated feed-forward part
 * @param outputSize width of the result: the Thinker's hidden size
 * @param channels colour channels of a picture
 * @param patchSize side of a patch in pixels
 * @param temporalPatchSize frames of a patch
 * @param mergeSize side of a cell in patches: one cell becomes one embedding
 * @param windowSize side of an attention window in pixels, a multiple of a cell's side
 * @param fullAttentionLayers layers that attend within a whole frame; the others stay within windows
 * @param ropeTheta base of the rotary frequencies
 */
public record VisionConfig(
        int layers,
        int hiddenSize,
        int heads,
        int ffnSize,
        int outputSize,
        int channels,
        int patchSize,
        int temporalPatchSize,
        int mergeSize,
        int windowSize,
        List<Integer> fullAttentionLayers,
        double ropeTheta) {

    static VisionConfig read(JsonObject config, int thinkerHiddenSize) {
        ConfigKeys.only(config, "hidden_act", "silu");
        int layers = ConfigKeys.positive(config, "depth", 32);
        int hiddenSize = ConfigKeys.positive(config, "hidden_size", 3584);
        int heads = ConfigKeys.positive(config, "num_heads", 16);
        ConfigKeys.divides(config, "num_heads", heads, "hidden_size", hiddenSize);
        if (hiddenSize / heads % 4 != 0) {
            throw config.refuse(
                    "num_heads", heads, "expected a head size that is a multiple of 4, not " + hiddenSize / heads);
        }
        int outputSize = ConfigKeys.positive(config, "out_hidden_size", 3584);
        ConfigKeys.equal(config, "out_hidden_size", outputSize, "the Thinker's hidden_size", thinkerHiddenSize);
        int patchSize = ConfigKeys.within(config, "patch_size", 14, 1, 1024);
        int mergeSize = ConfigKeys.within(config, "spatial_merge_size", 2, 1, 64);
        int windowSize = ConfigKeys.positive(config, "window_size", 112);
        if (windowSize % (patchSize * mergeSize) != 0) {
            throw config.refuse(
                    "window_size", windowSize, "expected a multiple of a cell's " + patchSize * mergeSize + " pixels");
        }
        return new VisionConfig(
                layers,
                hiddenSize,
                heads,
                ConfigKeys.positive(config, "intermediate_size", 3420),
                outputSize,
                // The Omni release writes in_channels, Qwen2.5-VL's writes in_chans.
                ConfigKeys.within(config, "in_channels", config.getInt("in_chans", 3), 1, 64),
                patchSize,
                ConfigKeys.within(config, "temporal_patch_size", 2, 1, 64),
                mergeSize,
                windowSize,
                ConfigKeys.layers(config, "fullatt_block_indexes", List.of(7, 15, 23, 31), layers),
                ConfigKeys.Rope.read(config, 10_000, List.of()).theta());
    }
}
