package omni.loader;

import java.util.List;

/**
 * A decoder: the language part of every model, and the Talker's.
 *
 * @param hiddenSize width C of the residual stream
 * @param layers number of decoder layers
 * @param heads query heads H
 * @param kvHeads key and value heads K, a divisor of {@code heads}
 * @param headDim head size D, even; {@code heads * headDim} need not be {@code hiddenSize}
 * @param ffnSize inner width of the gated feed-forward part
 * @param vocabSize rows V of the embedding and of the output head
 * @param rmsNormEps added under the root of every RMSNorm
 * @param ropeTheta base of the rotary frequencies
 * @param mropeSection how many of the D/2 frequencies follow time, height and width; empty where all follow one position
 * @param tieWordEmbeddings whether the configuration ties the head to the embedding; a stored head is used all the same
 * @param maxPositions longest context the model was made for
 */
public record TextConfig(
        int hiddenSize,
        int layers,
        int heads,
        int kvHeads,
        int headDim,
        int ffnSize,
        int vocabSize,
        float rmsNormEps,
        double ropeTheta,
        List<Integer> mropeSection,
        boolean tieWordEmbeddings,
        int maxPositions) {

    /** What absent keys stand for, from the reference's {@code configuration_*.py} of each family. */
    record Defaults(
            int hiddenSize,
            int layers,
            int heads,
            int kvHeads,
            int headDim,
            int ffnSize,
            int vocabSize,
            double rmsNormEps,
            double ropeTheta,
            List<Integer> mropeSection,
            boolean tieWordEmbeddings) {
        /** {@code Qwen2Config}. Head size 0 stands for {@code hidden_size / num_attention_heads}. */
        static final Defaults QWEN2 = new Defaults(4096, 32, 32, 32, 0, 22016, 151936, 1e-6, 10_000, List.of(), false);

        /** {@code Qwen2_5OmniTextConfig}. */
        static final Defaults OMNI =
                new Defaults(3584, 28, 28, 4, 0, 18944, 152064, 1e-6, 1_000_000, List.of(16, 24, 24), true);

        /** {@code Qwen2_5_VLTextConfig}. */
        static final Defaults VL =
                new Defaults(8192, 80, 64, 8, 0, 29568, 152064, 1e-5, 1_000_000, List.of(16, 24, 24), false);

        /** {@code Qwen2_5OmniTalkerConfig}. */
        static final Defaults TALKER =
                new Defaults(3584, 28, 28, 4, 128, 18944, 8448, 1e-6, 1_000_000, List.of(16, 24, 24), false);
    }

    static TextConfig read(JsonObject config, Defaults otherwise) {
        ConfigKeys.only(config, "hidden_act", "silu");
        ConfigKeys.off(config, "use_sliding_window");
        if (config.has("layer_types")
                && config.getStrings("layer_types").stream().anyMatch(t -> !t.equals("full_attention"))) {
            throw config.refuse("layer_types", "only full_attention is supported");
        }
        int hiddenSize = ConfigKeys.positive(config, "hidden_size", otherwise.hiddenSize);
        int heads = ConfigKeys.positive(config, "num_attention_heads", otherwise.heads);
        // An explicit null means one key head per query head; an absent key means the family's default.
        int kvDefault = config.keys().contains("num_key_value_heads") ? heads : otherwise.kvHeads;
        int kvHeads = ConfigKeys.positive(config, "num_key_value_heads", kvDefault);
        ConfigKeys.divides(config, "num_key_value_heads", kvHeads, "num_attention_heads", heads);
        int headDim = headDim(config, otherwise, hiddenSize, heads);
        ConfigKeys.Rope rope = ConfigKeys.Rope.read(config, otherwise.ropeTheta, otherwise.mropeSection);
        return new TextConfig(
                hiddenSize,
                ConfigKeys.positive(config, "num_hidden_layers", otherwise.layers),
                heads,
                kvHeads,
                headDim,
                ConfigKeys.positive(config, "intermediate_size", otherwise.ffnSize),
                ConfigKeys.positive(config, "vocab_size", otherwise.vocabSize),
                (float) ConfigKeys.positive(config, "rms_norm_eps", otherwise.rmsNormEps),
                rope.theta(),
                section(config, rope.section(), headDim),
                config.getBoolean("tie_word_embeddings", otherwise.tieWordEmbeddings),
                ConfigKeys.positive(config, "max_position_embeddings", 32768));
    }

    private static int headDim(JsonObject config, Defaults otherwise, int hiddenSize, int heads) {
        if (!config.has("head_dim") && otherwise.headDim == 0) {
            ConfigKeys.divides(config, "num_attention_heads", heads, "hidden_size", hiddenSize);
        }
        int headDim = ConfigKeys.positive(
                config, "head_dim", otherwise.headDim == 0 ? hiddenSize / heads : otherwise.headDim);
        if (headDim % 2 != 0) {
            throw config.refuse("head_dim", headDim, "expected an even head size");
        }
        return headDim;
    }

    private static List<Integer> section(JsonObject config, List<Integer> section, int headDim) {
        boolean three = section.size() == 3 && section.stream().allMatch(s -> s >= 0 && s <= headDim);
        boolean good =
                section.isEmpty() || (three && section.stream().mapToInt(s -> s).sum() == headDim / 2);
        if (!good) {
            throw config.refuse(
                    config.has("rope_scaling") ? "rope_scaling" : "rope_parameters",
                    "mrope_section must be three numbers that sum to half the head size " + headDim + ", found "
                            + section);
        }
        return section;
    }
}
