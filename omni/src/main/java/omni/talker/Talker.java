package omni.talker;

import java.lang.foreign.Arena;
import java.util.List;
import omni.engine.Cancellation;
import omni.engine.Decoder;
import omni.engine.DecoderConfig;
import omni.engine.DecoderWorkspace;
import omni.engine.EmbeddingTable;
import omni.engine.KvCache;
import omni.engine.Linear;
import omni.engine.Matrix;
import omni.engine.SamplingOptions;
import omni.engine.ThreadTeam;
import omni.error.ModelFormatException;
import omni.error.RequestException;
import omni.loader.Checkpoint;
import omni.loader.ModelConfig;
import omni.loader.TalkerConfig;
import omni.thinker.RopeRules;
import org.jspecify.annotations.Nullable;

/**
 * The Talker (Qwen2.5-Omni Technical Report, section 2.3; reference notes, sections 10 and 11): code embeddings, a projection of the
 * Thinker's channels E to its own C, the decoder, the head over V codes. Immutable and safe for use by several threads; the state of
 * a conversation lies in its {@link TalkerSession}, scratch in a {@link TalkerWorkspace}.
 *
 * <p>All weights are read for each of 50 codes a second: matrices of bfloat16 are copied {@linkplain Linear#compact in 12 bits},
 * other tensors stay in the checkpoint's mapped files. {@link #close} frees the copies; the Talker must not be used afterwards.
 */
public final class Talker implements AutoCloseable {
    /** What the reference draws codes with ({@code generate} in modeling_qwen2_5_omni.py). */
    private static final SamplingOptions REFERENCE_SAMPLING = new SamplingOptions(0.9, 40, 0.8, 0, 1.05, List.of());

    private final TalkerConfig config;
    private final Arena arena;
    private final EmbeddingTable codes;
    private final Linear projection;
    private final Decoder decoder;
    private final Linear head;
    private final RopeRules ropeRules;
    private final @Nullable TalkerTap tap;

    /** @param arena where copied weights live */
    Talker(
            TalkerConfig config,
            Arena arena,
            EmbeddingTable codes,
            Linear projection,
            Decoder decoder,
            Linear head,
            @Nullable TalkerTap tap) {
        this.config = config;
        this.arena = arena;
        this.codes = codes;
        this.projection = projection;
        this.decoder = decoder;
        this.head = head;
        this.tap = tap;
        ropeRules = RopeRules.of(config);
    }

    /**
     * The Talker of a checkpoint.
     *
     * @param team copies the weights
     * @throws RequestException if the checkpoint has none, or if its configuration switches speech off
     * @throws ModelFormatException if a tensor is absent, contradicts the configuration or has an element type that cannot be computed
     *     with
     */
    public static Talker load(ModelConfig config, Checkpoint checkpoint, ThreadTeam team) {
        return TalkerLoader.load(config, checkpoint, team);
    }

    /** The same Talker, which shows its steps to {@code tap}. It is closed with this one. */
    public Talker observedBy(TalkerTap tap) {
        return new Talker(config, arena, codes, projection, decoder, head, tap);
    }

    /** Ids and sizes. */
    public TalkerConfig config() {
        return config;
    }

    /** Sizes of the decoder. */
    public DecoderConfig decoderConfig() {
        return decoder.config();
    }

    /** Number of codes V, those with a meaning of their own included. */
    public int vocabulary() {
        return head.outputs();
    }

    /** How codes are drawn if nothing else is asked for. The code that opens speech is never drawn; keep it among the suppressed. */
    public SamplingOptions samplingDefaults() {
        return REFERENCE_SAMPLING.withSuppressed(List.of(config.codecStart()));
    }

    /** Placeholders of media and how the Talker counts their positions. */
    RopeRules ropeRules() {
        return ropeRules;
    }

    /**
     * The embedding of a code.
     *
     * @param out [1, E], written
     */
    void embed(int code, Matrix out) {
        codes.lookup(code, out, 0);
    }

    /**
     * Runs T positions.
     *
     * @param sums [T, E]
     * @param positions [3][T]
     * @return hidden states after the final norm [T, C], in {@code ws}
     * @throws java.util.concurrent.CancellationException if cancelled; the cache is as before
     */
    Matrix forward(Matrix sums, int[][] positions, KvCache cache, DecoderWorkspace ws, Cancellation cancellation) {
        Matrix input = ws.input(sums.rows());
        projection.forward(sums, input, ws.workspace());
        if (tap != null) {
            tap.projected(sums, input);
        }
        Matrix hidden = decoder.forward(input, positions, cache, ws, cancellation);
        if (tap != null) {
            tap.decoded(hidden);
        }
        return hidden;
    }

    /**
     * Scores of the code that follows.
     *
     * @param hidden [T, C] after the final norm
     * @param logits [T, V], written
     */
    void logits(Matrix hidden, Matrix logits, DecoderWorkspace ws) {
        head.forward(hidden, logits, ws.workspace());
    }

    @Override
    public void close() {
        arena.close();
    }
}
