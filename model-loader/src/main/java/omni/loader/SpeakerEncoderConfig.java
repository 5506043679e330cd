package omni.loader;

import java.util.List;

/**
 * The speaker encoder (ECAPA-TDNN) of token2wav, whose keys lie among the diffusion transformer's.
 *
 * @param outputSize width of the speaker vector it makes
 * @param conditionSize width of the speaker file's own embedding {@code cond}
 * @param channels output channels of each block
 * @param kernelSizes kernel of each block
 * @param dilations dilation of each block
 * @param attentionChannels inner channels of the attentive statistics
 * @param res2NetScale parts into which a block's channels are split
 * @param squeezeChannels inner channels of squeeze-excitation
 */
public record SpeakerEncoderConfig(
        int outputSize,
        int conditionSize,
        List<Integer> channels,
        List<Integer> kernelSizes,
        List<Integer> dilations,
        int attentionChannels,
        int res2NetScale,
        int squeezeChannels) {

    static SpeakerEncoderConfig read(JsonObject config) {
        List<Integer> channels = ConfigKeys.positives(config, "enc_channels", List.of(256, 256, 256, 256, 768));
        List<Integer> kernelSizes = ConfigKeys.positives(config, "enc_kernel_sizes", List.of(5, 3, 3, 3, 1));
        List<Integer> dilations = ConfigKeys.positives(config, "enc_dilations", List.of(1, 2, 3, 4, 1));
        if (channels.size() < 3) {
            throw config.refuse("enc_channels", channels, "expected at least 3 blocks");
        }
        ConfigKeys.asMany(config, "enc_kernel_sizes", kernelSizes, "enc_channels", channels);
        ConfigKeys.asMany(config, "enc_dilations", dilations, "enc_channels", channels);
        int scale = ConfigKeys.within(config, "enc_res2net_scale", 2, 1, 64);
        for (int c : channels) {
            ConfigKeys.divides(config, "enc_res2net_scale", scale, "channels", c);
        }
        return new SpeakerEncoderConfig(
                ConfigKeys.positive(config, "enc_dim", 128),
                ConfigKeys.positive(config, "enc_emb_dim", 192),
                channels,
                kernelSizes,
                dilations,
                ConfigKeys.positive(config, "enc_attention_channels", 64),
                scale,
                ConfigKeys.positive(config, "enc_se_channels", 64));
    }
}
