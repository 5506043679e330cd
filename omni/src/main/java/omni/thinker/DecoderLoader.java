package omni.thinker;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import omni.engine.Decoder;
import omni.engine.DecoderConfig;
import omni.engine.DecoderLayer;
import omni.engine.Linear;
import omni.engine.Mlp;
import omni.engine.RmsNormLayer;
import omni.engine.RopeSections;
import omni.engine.SelfAttention;
import omni.engine.Tensor;
import omni.error.ModelFormatException;
import omni.loader.Checkpoint;
import omni.loader.TextConfig;

/**
 * Builds a decoder over the tensors of a checkpoint, the Thinker's or the Talker's, and checks every shape against the configuration:
 * the names below their prefixes and the layers are the same.
 */
public final class DecoderLoader {
    private final TextConfig config;
    private final Checkpoint checkpoint;
    private final UnaryOperator<Linear> placement;

    /** Weights stay where they are mapped. */
    public DecoderLoader(TextConfig config, Checkpoint checkpoint) {
        this(config, checkpoint, UnaryOperator.identity());
    }

    /**
     * @param config sizes of the decoder
     * @param placement what becomes of each matrix of a layer
     */
    public DecoderLoader(TextConfig config, Checkpoint checkpoint, UnaryOperator<Linear> placement) {
        this.config = config;
        this.checkpoint = checkpoint;
        this.placement = placement;
    }

    /** The decoder's sizes as the engine takes them. */
    public static DecoderConfig sizes(TextConfig config) {
        List<Integer> section = config.mropeSection();
        return new DecoderConfig(
                config.hiddenSize(),
                config.layers(),
                config.heads(),
                config.kvHeads(),
                config.headDim(),
                config.ffnSize(),
                config.rmsNormEps(),
                config.ropeTheta(),
                section.isEmpty()
                        ? RopeSections.plain(config.headDim())
                        : new RopeSections(section.get(0), section.get(1), section.get(2)),
                config.maxPositions());
    }

    /**
     * The layers and the final norm.
     *
     * @param prefix what the names begin with: {@code layers.0.…} and {@code norm.weight} follow
     * @throws ModelFormatException if a tensor is absent, contradicts the configuration or has an element type that cannot be computed
     *     with
     */
    public Decoder decoder(String prefix) {
        DecoderConfig sizes = sizes(config);
        List<DecoderLayer> layers = new ArrayList<>();
        for (int i = 0; i < config.layers(); i++) {
            layers.add(layer(sizes, prefix + "layers." + i + "."));
        }
        return new Decoder(sizes, layers, norm(prefix + "norm.weight"));
    }

    private DecoderLayer layer(DecoderConfig sizes, String prefix) {
        String attention = prefix + "self_attn.";
        int q = sizes.queryChannels();
        int kv = sizes.kvChannels();
        Linear qProj = biased(attention + "q_proj", q, "num_attention_heads * head size");
        Linear kProj = biased(attention + "k_proj", kv, "num_key_value_heads * head size");
        Linear vProj = biased(attention + "v_proj", kv, "num_key_value_heads * head size");
        Linear oProj = plain(
                attention + "o_proj.weight", config.hiddenSize(), "hidden_size", q, "num_attention_heads * head size");
        String mlp = prefix + "mlp.";
        return new DecoderLayer(
                norm(prefix + "input_layernorm.weight"),
                new SelfAttention(sizes, qProj, kProj, vProj, oProj),
                norm(prefix + "post_attention_layernorm.weight"),
                new Mlp(
                        sizes,
                        wide(mlp + "gate_proj.weight"),
                        wide(mlp + "up_proj.weight"),
                        down(mlp + "down_proj.weight")));
    }

    private Linear biased(String name, int outputs, String key) {
        Tensor weight = tensor(name + ".weight", outputs, key, config.hiddenSize(), "hidden_size");
        return placement.apply(Linear.of(weight, vector(name + ".bias", outputs, key)));
    }

    private Linear wide(String name) {
        return plain(name, config.ffnSize(), "intermediate_size", config.hiddenSize(), "hidden_size");
    }

    private Linear down(String name) {
        return plain(name, config.hiddenSize(), "hidden_size", config.ffnSize(), "intermediate_size");
    }

    private Linear plain(String name, int rows, String rowsKey, int columns, String columnsKey) {
        return placement.apply(Linear.of(tensor(name, rows, rowsKey, columns, columnsKey), null));
    }

    private RmsNormLayer norm(String name) {
        return new RmsNormLayer(
                vector(name, config.hiddenSize(), "hidden_size"), config.hiddenSize(), config.rmsNormEps());
    }

    /**
     * A matrix of the checkpoint.
     *
     * @param rowsKey the configuration's name of {@code rows}, for the message
     * @param columnsKey the same of {@code columns}
     * @throws ModelFormatException if it is absent or has another shape
     */
    public Tensor tensor(String name, int rows, String rowsKey, int columns, String columnsKey) {
        Tensor tensor = checkpoint.tensor(name);
        if (!tensor.hasShape(rows, columns)) {
            throw contradiction(tensor, "[" + rows + "," + columns + "]", rowsKey + " and " + columnsKey);
        }
        return tensor;
    }

    /**
     * A vector of the checkpoint.
     *
     * @param key the configuration's name of {@code size}, for the message
     * @throws ModelFormatException if it is absent or has another shape
     */
    public Tensor vector(String name, int size, String key) {
        Tensor tensor = checkpoint.tensor(name);
        if (!tensor.hasShape(size)) {
            throw contradiction(tensor, "[" + size + "]", key);
        }
        return tensor;
    }

    private ModelFormatException contradiction(Tensor tensor, String expected, String keys) {
        return new ModelFormatException(
                "tensor shape: name=" + tensor.name() + ", found=" + tensor.shapeText() + ", expected="
                        + expected + ", checkpoint=" + checkpoint.folder() + "; the weights contradict " + keys
                        + " in config.json");
    }
}
