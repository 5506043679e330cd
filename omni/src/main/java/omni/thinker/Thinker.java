package omni.thinker;

import omni.engine.Decoder;
import omni.engine.DecoderConfig;
import omni.engine.EmbeddingTable;
import omni.engine.LayerTap;
import omni.engine.Linear;
import omni.engine.Matrix;
import omni.engine.Workspace;
import omni.error.ModelFormatException;
import omni.error.RequestException;
import omni.kernels.Elementwise;
import omni.loader.Checkpoint;
import omni.loader.ModelConfig;

/**
 * The Thinker's language model (Qwen2.5-Omni Technical Report, section 2.3): token embeddings, the decoder, the head. The same for
 * plain Qwen2 and for the language part of Qwen2.5-VL.
 *
 * <p>Immutable and safe for use by several threads: a conversation's state lies in its {@link ThinkerSession}, scratch in a
 * {@link ThinkerWorkspace}. Weights stay in the checkpoint's mapped files; closing the checkpoint ends the Thinker.
 */
public final class Thinker {
    private final EmbeddingTable embedding;
    private final Decoder decoder;
    private final Linear head;
    private final RopeRules ropeRules;

    Thinker(EmbeddingTable embedding, Decoder decoder, Linear head, RopeRules ropeRules) {
        this.embedding = embedding;
        this.decoder = decoder;
        this.head = head;
        this.ropeRules = ropeRules;
    }

    /**
     * The Thinker of a checkpoint.
     *
     * @throws ModelFormatException if a tensor is absent, contradicts the configuration or has an element type that cannot be computed
     *     with
     */
    public static Thinker load(ModelConfig config, Checkpoint checkpoint) {
        return new ThinkerLoader(config, checkpoint).load();
    }

    /** The same Thinker, whose decoder shows its residual stream to {@code tap} after each layer. */
    public Thinker observedBy(LayerTap tap) {
        return new Thinker(embedding, decoder.observedBy(tap), head, ropeRules);
    }

    /** Sizes of the decoder. */
    public DecoderConfig config() {
        return decoder.config();
    }

    /** Rows V of the embedding table, and logits of a step. */
    public int vocabulary() {
        return head.outputs();
    }

    /** Placeholders of media and how their positions are counted. */
    public RopeRules ropeRules() {
        return ropeRules;
    }

    Decoder decoder() {
        return decoder;
    }

    /**
     * The embeddings fed to the first layer for positions {@code from} on: token embeddings, with media embeddings in their places.
     *
     * @param out [n, C], written
     * @throws RequestException if a token has no embedding
     */
    public void embed(Prompt prompt, int from, Matrix out) {
        for (int row = 0; row < out.rows(); row++) {
            embed(prompt.id(from + row), out, row);
        }
        int to = from + out.rows();
        for (Splice splice : prompt.splices()) {
            Matrix rows = splice.rows();
            for (int p = Math.max(from, splice.position()); p < Math.min(to, splice.end()); p++) {
                Elementwise.copy(
                        rows.data(),
                        rows.rowOffset(p - splice.position()),
                        out.data(),
                        out.rowOffset(p - from),
                        out.cols());
            }
        }
    }

    /**
     * The embedding of one token.
     *
     * @param out [n, C], its row {@code row} is written
     * @throws RequestException if the token has no embedding
     */
    public void embed(int id, Matrix out, int row) {
        if (id < 0 || id >= embedding.rows()) {
            throw new RequestException("unknown token: id=" + id + ", vocabulary=" + embedding.rows()
                    + "; tokenizer and weights do not belong together");
        }
        embedding.lookup(id, out, row);
    }

    /**
     * Scores of the token that follows.
     *
     * @param hidden [T, C] after the final norm
     * @param logits [T, V], written
     */
    public void logits(Matrix hidden, Matrix logits, Workspace ws) {
        head.forward(hidden, logits, ws);
    }
}
