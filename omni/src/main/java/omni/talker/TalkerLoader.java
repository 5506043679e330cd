package omni.talker;

import java.lang.foreign.Arena;
import java.util.function.UnaryOperator;
import omni.engine.EmbeddingTable;
import omni.engine.Linear;
import omni.engine.Tensor;
import omni.engine.ThreadTeam;
import omni.error.RequestException;
import omni.loader.Checkpoint;
import omni.loader.ModelConfig;
import omni.loader.TalkerConfig;
import omni.thinker.DecoderLoader;

/** Finds the Talker's tensors by their names and makes its parts of them. */
final class TalkerLoader {
    static final String PREFIX = "talker.";
    static final String DECODER = PREFIX + "model.";
    static final String CODES = DECODER + "embed_tokens.weight";

    private TalkerLoader() {}

    static Talker load(ModelConfig config, Checkpoint checkpoint, ThreadTeam team) {
        TalkerConfig talker = config.talker();
        if (talker == null || !checkpoint.holds(PREFIX)) {
            throw new RequestException("no speech: checkpoint=" + checkpoint.folder()
                    + ", talker=absent; it was saved without its talker, take a whole Qwen2.5-Omni");
        }
        if (!config.audioOutput()) {
            throw new RequestException("no speech: checkpoint=" + checkpoint.folder()
                    + ", enable_audio_output=false; its config.json switches speech off");
        }
        Arena arena = Arena.ofShared();
        try {
            return load(talker, checkpoint, arena, linear -> linear.compact(arena, team));
        } catch (RuntimeException | Error e) {
            arena.close();
            throw e;
        }
    }

    private static Talker load(
            TalkerConfig talker, Checkpoint checkpoint, Arena arena, UnaryOperator<Linear> placement) {
        DecoderLoader loader = new DecoderLoader(talker.decoder(), checkpoint, placement);
        int codes = talker.decoder().vocabSize();
        int hidden = talker.decoder().hiddenSize();
        int embedding = talker.embeddingSize();
        Tensor table = loader.tensor(CODES, codes, "vocab_size", embedding, "embedding_size");
        String projection = PREFIX + "thinker_to_talker_proj.";
        Tensor weight = loader.tensor(projection + "weight", hidden, "hidden_size", embedding, "embedding_size");
        Tensor bias = loader.vector(projection + "bias", hidden, "hidden_size");
        Tensor head = loader.tensor(PREFIX + "codec_head.weight", codes, "vocab_size", hidden, "hidden_size");
        return new Talker(
                talker,
                arena,
                new EmbeddingTable(table),
                placement.apply(Linear.of(weight, bias)),
                loader.decoder(DECODER),
                placement.apply(Linear.of(head, null)),
                null);
    }
}
