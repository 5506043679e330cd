package omni.speech;

import java.util.ArrayList;
import java.util.List;
import omni.error.ModelFormatException;
import omni.loader.Checkpoint;
import omni.loader.DitConfig;
import omni.loader.ModelConfig;
import omni.loader.Token2WavConfig;

/** Finds the diffusion transformer's tensors by their names, checks every shape against the configuration, and builds the layers. */
final class DiffusionTransformerLoader {
    private final DitConfig config;
    private final Checkpoint checkpoint;
    private final DitNames names;

    DiffusionTransformerLoader(ModelConfig config, Checkpoint checkpoint) {
        Token2WavConfig token2wav = config.token2wav();
        if (token2wav == null) {
            throw new IllegalArgumentException(
                    "diffusion transformer: architecture=" + config.architecture() + "; the model does not speak");
        }
        this.config = token2wav.dit();
        this.checkpoint = checkpoint;
        names = new DitNames(checkpoint);
    }

    /**
     * @throws ModelFormatException if a tensor is absent, contradicts the configuration or has an element type that cannot be computed
     *     with
     */
    DiffusionTransformer load() {
        int c = config.hiddenSize();
        int inputs = config.melBins()
                + config.speaker().outputSize()
                + config.codeEmbeddingSize()
                + config.speaker().conditionSize();
        List<DitLayer> layers = new ArrayList<>();
        for (int i = 0; i < config.layers(); i++) {
            layers.add(layer(i));
        }
        return new DiffusionTransformer(
                config,
                SpeakerEncoder.load(config, checkpoint),
                TimeEmbedding.load(config, checkpoint),
                CodeEmbedding.load(config, checkpoint),
                new InputProjection(
                        config,
                        names.tensor("input_embed.proj.weight", c, inputs),
                        names.tensor("input_embed.proj.bias", c)),
                layers,
                names.linear("norm_out.linear", 2 * c, c),
                names.linear("proj_out", config.melBins(), c),
                null);
    }

    private DitLayer layer(int i) {
        int c = config.hiddenSize();
        int attended = config.heads() * config.headDim();
        int inner = c * config.ffMult();
        String layer = "transformer_blocks." + i;
        return new DitLayer(
                names.linear(layer + ".attn_norm.linear", 6 * c, c),
                new BlockAttention(
                        config,
                        names.linear(layer + ".attn.to_q", attended, c),
                        names.linear(layer + ".attn.to_k", attended, c),
                        names.linear(layer + ".attn.to_v", attended, c),
                        names.linear(layer + ".attn.to_out.0", c, attended),
                        config.lookBackwardLayers().contains(i) ? 1 : 0,
                        config.lookAheadLayers().contains(i) ? 1 : 0),
                names.linear(layer + ".ff.ff.0", inner, c),
                names.linear(layer + ".ff.ff.3", c, inner));
    }
}
