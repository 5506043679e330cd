package omni.speech;

import java.lang.foreign.Arena;
import java.util.List;
import java.util.concurrent.CancellationException;
import omni.engine.Cancellation;
import omni.engine.Matrix;
import omni.engine.ThreadTeam;
import omni.error.ModelFormatException;
import omni.loader.Checkpoint;
import omni.loader.ModelConfig;
import omni.loader.VocoderConfig;
import org.jspecify.annotations.Nullable;

/**
 * The vocoder: log mel to samples (Lee et al., "BigVGAN: A Universal Neural Vocoder with Large-Scale Training", ICLR 2023; Qwen2.5-Omni
 * Technical Report, section 2.4; reference notes, section 15). Stages of a transposed convolution and the mean of some residual
 * blocks, whose activations are periodic and anti-aliased.
 *
 * <p>Weights are brought to float32 and into the order of the kernels once, off-heap. Immutable and safe for use by several
 * threads; {@link #close} frees the weights, and using the vocoder or one of its streams afterwards raises {@link IllegalStateException}.
 */
public final class BigVgan implements AutoCloseable {
    /** Mel frames that are vocoded together when all of them are there. */
    private static final int PIECE_FRAMES = 96;

    private final VocoderShape shape;
    private final Arena arena;
    private final Convolution pre;
    private final List<VocoderStage> stages;
    private final Snake postActivation;
    private final Convolution post;
    private final @Nullable VocoderTap tap;

    /** @param arena where the weights live */
    BigVgan(
            VocoderShape shape,
            Arena arena,
            Convolution pre,
            List<VocoderStage> stages,
            Snake postActivation,
            Convolution post,
            @Nullable VocoderTap tap) {
        this.shape = shape;
        this.arena = arena;
        this.pre = pre;
        this.stages = List.copyOf(stages);
        this.postActivation = postActivation;
        this.post = post;
        this.tap = tap;
    }

    /**
     * The vocoder of a checkpoint. Its files may be closed afterwards.
     *
     * @param team packs the weights
     * @throws ModelFormatException if a tensor is absent, contradicts the configuration or has an element type that cannot be computed
     *     with
     * @throws IllegalArgumentException if the model does not speak
     */
    public static BigVgan load(ModelConfig config, Checkpoint checkpoint, ThreadTeam team) {
        return new BigVganLoader(config, checkpoint, team).load();
    }

    /** Bytes that the weights take in the order of the kernels. */
    public static long weightBytes(VocoderConfig config) {
        return VocoderShape.of(config).weightBytes();
    }

    /**
     * Bytes of a stream's memory.
     *
     * @param pieceFrames most mel frames of a piece
     */
    public static long streamBytes(VocoderConfig config, int pieceFrames, int threads) {
        return VocoderMemory.bytesFor(VocoderShape.of(config), pieceFrames, threads);
    }

    /** The same vocoder, whose streams show what they compute to {@code tap}. It is closed with this one. */
    public BigVgan observedBy(VocoderTap tap) {
        return new BigVgan(shape, arena, pre, stages, postActivation, post, tap);
    }

    /** Mel bins M. */
    public int melBins() {
        return shape.melBins();
    }

    /** Samples of one mel frame. */
    public int samplesPerFrame() {
        return shape.samplesPerFrame();
    }

    /**
     * Mel frames that have to follow a frame before all of its samples are known: what the convolutions and activations see ahead, and
     * what the tiles of some convolutions wait for.
     */
    public int delayFrames() {
        return shape.delay();
    }

    /**
     * A stream of its own.
     *
     * @param pieceFrames most mel frames of a piece, at least 1: more is a little faster, and needs more memory and time at once
     * @throws IllegalArgumentException if the pieces are too large for their buffers
     */
    public VocoderStream stream(int pieceFrames, ThreadTeam team) {
        return new VocoderStream(this, pieceFrames, team);
    }

    /**
     * Samples of a whole sound, {@link #samplesPerFrame} for each frame. The same bits come out of a stream.
     *
     * @param mel log mel [F, M]
     * @return samples in -1 .. 1
     * @throws IllegalArgumentException if it has another number of bins
     * @throws ModelFormatException if a value is not a number
     * @throws CancellationException if cancelled
     */
    public float[] vocode(Matrix mel, ThreadTeam team, Cancellation cancellation) {
        float[] out = new float[Math.multiplyExact(mel.rows(), samplesPerFrame())];
        int piece = Math.clamp(mel.rows(), 1, PIECE_FRAMES);
        try (VocoderStream stream = stream(piece, team)) {
            int done = 0;
            for (int from = 0; from < mel.rows(); from += piece) {
                int n = stream.feed(mel.rows(from, Math.min(mel.rows(), from + piece)), cancellation);
                System.arraycopy(stream.samples(), 0, out, done, n);
                done += n;
            }
            int n = stream.finish(cancellation);
            System.arraycopy(stream.samples(), 0, out, done, n);
            return out;
        }
    }

    VocoderShape shape() {
        return shape;
    }

    Convolution pre() {
        return pre;
    }

    List<VocoderStage> stages() {
        return stages;
    }

    Snake postActivation() {
        return postActivation;
    }

    Convolution post() {
        return post;
    }

    @Nullable
    VocoderTap tap() {
        return tap;
    }

    /** @throws IllegalStateException if the vocoder was closed */
    void requireOpen() {
        if (!arena.scope().isAlive()) {
            throw new IllegalStateException("vocoder: closed");
        }
    }

    @Override
    public void close() {
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }
}
