package omni.loader;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The vocoder BigVGAN ({@code Qwen2_5OmniBigVGANConfig}).
 *
 * @param melBins mel bins M of the input
 * @param initialChannels channels before the first stage; each stage halves them
 * @param upsampleRates samples per input frame of each stage
 * @param upsampleKernelSizes kernel of each stage's transposed convolution; kernel minus rate is even
 * @param resblockKernelSizes kernels of the blocks whose mean a stage takes
 * @param resblockDilations dilations of each of those blocks
 */
public record VocoderConfig(
        int melBins,
        int initialChannels,
        List<Integer> upsampleRates,
        List<Integer> upsampleKernelSizes,
        List<Integer> resblockKernelSizes,
        List<List<Integer>> resblockDilations) {

    static VocoderConfig read(JsonObject config, int ditMelBins) {
        int melBins = ConfigKeys.positive(config, "mel_dim", 80);
        ConfigKeys.equal(config, "mel_dim", melBins, "dit_config.mel_dim", ditMelBins);
        List<Integer> rates = ConfigKeys.positives(config, "upsample_rates", List.of(5, 3, 2, 2, 2, 2));
        List<Integer> kernels = ConfigKeys.positives(config, "upsample_kernel_sizes", List.of(11, 7, 4, 4, 4, 4));
        ConfigKeys.asMany(config, "upsample_kernel_sizes", kernels, "upsample_rates", rates);
        for (int i = 0; i < rates.size(); i++) {
            if (kernels.get(i) < rates.get(i) || (kernels.get(i) - rates.get(i)) % 2 != 0) {
                throw config.refuse(
                        "upsample_kernel_sizes",
                        kernels,
                        "expected rate plus an even number for each of upsample_rates=" + rates);
            }
        }
        int channels = ConfigKeys.positive(config, "upsample_initial_channel", 1536);
        if (rates.size() > 20 || channels % (1 << rates.size()) != 0) {
            throw config.refuse(
                    "upsample_initial_channel",
                    channels,
                    "expected a number that " + rates.size() + " stages can halve");
        }
        List<Integer> blocks = ConfigKeys.positives(config, "resblock_kernel_sizes", List.of(3, 7, 11));
        if (blocks.stream().anyMatch(k -> k % 2 == 0)) {
            throw config.refuse("resblock_kernel_sizes", blocks, "expected odd numbers");
        }
        List<List<Integer>> dilations = dilations(config);
        ConfigKeys.asMany(config, "resblock_dilation_sizes", dilations, "resblock_kernel_sizes", blocks);
        return new VocoderConfig(melBins, channels, rates, kernels, blocks, dilations);
    }

    private static List<List<Integer>> dilations(JsonObject config) {
        JsonArray array = config.findArray("resblock_dilation_sizes");
        if (array == null) {
            return Collections.nCopies(3, List.of(1, 3, 5));
        }
        List<List<Integer>> out = new ArrayList<>();
        for (JsonValue value : array.toValues()) {
            List<Integer> block = value.asArray().toInts();
            if (block.size() != 3 || block.stream().anyMatch(d -> d < 1 || d > 10_000)) {
                throw value.refuse("expected three dilations from 1");
            }
            out.add(block);
        }
        return Collections.unmodifiableList(out);
    }
}
