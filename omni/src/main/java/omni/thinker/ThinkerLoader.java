package omni.thinker;

import java.util.ArrayList;
import java.util.List;
import omni.engine.Decoder;
import omni.engine.DecoderConfig;
import omni.engine.DecoderLayer;
import omni.engine.EmbeddingTable;
import omni.engine.Linear;
import omni.engine.Mlp;
import omni.engine.RmsNormLayer;
import omni.engine.RopeSections;
import omni.engine.SelfAttention;
import omni.engine.Tensor;
import omni.error.ModelFormatException;
import omni.loader.Checkpoint;
import omni.loader.ModelConfig;
import omni.loader.TextConfig;

/** Finds the Thinker's tensors by their names, checks every shape against the configuration, and builds the layers over them. */
final class ThinkerLoader {
    private final ModelConfig config;
    private final TextConfig text;
    private final Checkpoint checkpoint;
    private final ThinkerNames names;

    ThinkerLoader(ModelConfig config, Checkpoint checkpoint) {
        this.config = config;
        this.checkpoint = checkpoint;
        text = config.text();
        names = ThinkerNames.of(config.architecture(), checkpoint);
    }

    Thinker load() {
        DecoderConfig sizes = decoderConfig(text);
        Tensor table = tensor(names.embedding(), text.vocabSize(), "vocab_size", text.hiddenSize(), "hidden_size");
        Tensor stored = checkpoint.find(names.head());
        Tensor head = stored == null
                ? table
                : tensor(names.head(), text.vocabSize(), "vocab_size", text.hiddenSize(), "hidden_size");
        List<DecoderLayer> layers = new ArrayList<>();
        for (int i = 0; i < text.layers(); i++) {
            layers.add(layer(sizes, names.layer(i)));
        }
        Decoder decoder = new Decoder(sizes, layers, norm(names.finalNorm()));
        return new Thinker(new EmbeddingTable(table), decoder, Linear.of(head, null), RopeRules.of(config));
    }

    static DecoderConfig decoderConfig(TextConfig text) {
        List<Integer> section = text.mropeSection();
        return new DecoderConfig(
                text.hiddenSize(),
                text.layers(),
                text.heads(),
                text.kvHeads(),
                text.headDim(),
                text.ffnSize(),
                text.rmsNormEps(),
                text.ropeTheta(),
                section.isEmpty()
                        ? RopeSections.plain(text.headDim())
                        : new RopeSections(section.get(0), section.get(1), section.get(2)),
                text.maxPositions());
    }

    private DecoderLayer layer(DecoderConfig sizes, String prefix) {
        String attention = prefix + "self_attn.";
        int q = sizes.queryChannels();
        int kv = sizes.kvChannels();
        Linear qProj = biased(attention + "q_proj", q, "num_attention_heads * head size");
        Linear kProj = biased(attention + "k_proj", kv, "num_key_value_heads * head size");
        Linear vProj = biased(attention + "v_proj", kv, "num_key_value_heads * head size");
        Linear oProj = Linear.of(
                tensor(
                        attention + "o_proj.weight",
                        text.hiddenSize(),
                        "hidden_size",
                        q,
                        "num_attention_heads * head size"),
                null);
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
        Tensor weight = tensor(name + ".weight", outputs, key, text.hiddenSize(), "hidden_size");
        return Linear.of(weight, vector(name + ".bias", outputs, key));
    }

    private Linear wide(String name) {
        return Linear.of(tensor(name, text.ffnSize(), "intermediate_size", text.hiddenSize(), "hidden_size"), null);
    }

    private Linear down(String name) {
        return Linear.of(tensor(name, text.hiddenSize(), "hidden_size", text.ffnSize(), "intermediate_size"), null);
    }

    private RmsNormLayer norm(String name) {
        return new RmsNormLayer(vector(name, text.hiddenSize(), "hidden_size"), text.hiddenSize(), text.rmsNormEps());
    }

    private Tensor tensor(String name, int rows, String rowsKey, int columns, String columnsKey) {
        Tensor tensor = checkpoint.tensor(name);
        if (!tensor.hasShape(rows, columns)) {
            throw contradiction(tensor, "[" + rows + "," + columns + "]", rowsKey + " and " + columnsKey);
        }
        return tensor;
    }

    private Tensor vector(String name, int size, String key) {
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
