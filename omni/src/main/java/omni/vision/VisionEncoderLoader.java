package omni.vision;

import java.util.ArrayList;
import java.util.List;
import omni.engine.FeedForward;
import omni.engine.GatedFeedForward;
import omni.engine.Linear;
import omni.engine.RmsNormLayer;
import omni.engine.SegmentAttention;
import omni.engine.Tensor;
import omni.loader.Checkpoint;
import omni.loader.ModelConfig;
import omni.loader.VisionConfig;

/**
 * Finds the vision encoder's tensors by their names, checks every shape against the configuration, and builds the layers over them.
 * Qwen2.5-Omni stores the maps of queries, keys and values apart, Qwen2.5-VL one below the other.
 */
final class VisionEncoderLoader {
    /** The vision encoder's norms do not name theirs in the configuration. */
    private static final float EPS = 1e-6f;

    private final VisionConfig config;
    private final Checkpoint checkpoint;
    private final String prefix;

    VisionEncoderLoader(ModelConfig config, Checkpoint checkpoint) {
        VisionConfig vision = config.vision();
        if (vision == null) {
            throw new IllegalArgumentException(
                    "vision encoder: architecture=" + config.architecture() + "; the model does not see");
        }
        this.config = vision;
        this.checkpoint = checkpoint;
        String model = config.architecture().prefix();
        // Newer writers put the encoders below the decoder's prefix.
        prefix = checkpoint.holds(model + "model.visual.") ? model + "model.visual." : model + "visual.";
    }

    VisionEncoder load() {
        List<VisionEncoderLayer> layers = new ArrayList<>();
        for (int i = 0; i < config.layers(); i++) {
            layers.add(layer("blocks." + i + ".", config.fullAttentionLayers().contains(i)));
        }
        int joined = Math.multiplyExact(config.hiddenSize(), config.mergeSize() * config.mergeSize());
        PatchMerger merger = new PatchMerger(
                norm("merger.ln_q"),
                new FeedForward(
                        linear("merger.mlp.0", joined, joined), linear("merger.mlp.2", config.outputSize(), joined)));
        return new VisionEncoder(config, projection(), layers, merger, null);
    }

    /** A convolution whose stride is its kernel: a linear map of each patch. */
    private Linear projection() {
        int c = config.hiddenSize();
        int side = config.patchSize();
        Tensor kernel = checkpoint.tensor(
                prefix + "patch_embed.proj.weight", c, config.channels(), config.temporalPatchSize(), side, side);
        return Linear.of(kernel.reshaped(c, kernel.elements() / c), null);
    }

    private VisionEncoderLayer layer(String name, boolean wholeFrames) {
        int c = config.hiddenSize();
        String mlp = name + "mlp.";
        return new VisionEncoderLayer(
                norm(name + "norm1"),
                attention(name + "attn."),
                norm(name + "norm2"),
                new GatedFeedForward(
                        linear(mlp + "gate_proj", config.ffnSize(), c),
                        linear(mlp + "up_proj", config.ffnSize(), c),
                        linear(mlp + "down_proj", c, config.ffnSize())),
                wholeFrames);
    }

    private SegmentAttention attention(String name) {
        int c = config.hiddenSize();
        Linear out = linear(name + "proj", c, c);
        if (!checkpoint.holds(prefix + name + "qkv.")) {
            return new SegmentAttention(
                    config.heads(), linear(name + "q", c, c), linear(name + "k", c, c), linear(name + "v", c, c), out);
        }
        int all = Math.multiplyExact(3, c);
        Tensor weight = checkpoint.tensor(prefix + name + "qkv.weight", all, c);
        Tensor bias = checkpoint.tensor(prefix + name + "qkv.bias", all);
        Linear[] qkv = new Linear[3];
        for (int i = 0; i < qkv.length; i++) {
            long from = (long) i * c;
            qkv[i] = Linear.of(weight.rows(from, from + c), bias.rows(from, from + c));
        }
        return new SegmentAttention(config.heads(), qkv[0], qkv[1], qkv[2], out);
    }

    private Linear linear(String name, int outputs, int inputs) {
        return Linear.of(
                checkpoint.tensor(prefix + name + ".weight", outputs, inputs),
                checkpoint.tensor(prefix + name + ".bias", outputs));
    }

    private RmsNormLayer norm(String name) {
        int c = config.hiddenSize();
        return new RmsNormLayer(checkpoint.tensor(prefix + name + ".weight", c), c, EPS);
    }
}
