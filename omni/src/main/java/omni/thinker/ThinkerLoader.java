package omni.thinker;

import omni.engine.EmbeddingTable;
import omni.engine.Linear;
import omni.engine.Tensor;
import omni.loader.Checkpoint;
import omni.loader.ModelConfig;
import omni.loader.TextConfig;

/** Finds the Thinker's tensors by their names and builds its parts over them. */
final class ThinkerLoader {
    private final ModelConfig config;
    private final Checkpoint checkpoint;

    ThinkerLoader(ModelConfig config, Checkpoint checkpoint) {
        this.config = config;
        this.checkpoint = checkpoint;
    }

    Thinker load() {
        TextConfig text = config.text();
        ThinkerNames names = ThinkerNames.of(config.architecture(), checkpoint);
        DecoderLoader loader = new DecoderLoader(text, checkpoint);
        Tensor table =
                loader.tensor(names.embedding(), text.vocabSize(), "vocab_size", text.hiddenSize(), "hidden_size");
        Tensor head = checkpoint.find(names.head()) == null
                ? table
                : loader.tensor(names.head(), text.vocabSize(), "vocab_size", text.hiddenSize(), "hidden_size");
        return new Thinker(
                new EmbeddingTable(table),
                loader.decoder(names.decoder()),
                Linear.of(head, null),
                RopeRules.of(config));
    }
}
