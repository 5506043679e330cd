package omni.speech;

import omni.engine.Cancellation;
import omni.engine.Matrix;
import omni.engine.ThreadTeam;
import omni.engine.Workspace;
import omni.kernels.Elementwise;
import omni.loader.DitConfig;
import org.jspecify.annotations.Nullable;

/**
 * Solves the equation of a chunk: from noise at time 0 to mel at time 1 (Lipman et al., "Flow Matching for Generative Modeling", 2023;
 * reference notes, section 14), one evaluation of the model after the other. Prediction and guidance are those of Ho and Salimans
 * (2022): {@code p + (p - null) * scale}.
 */
final class MelSolver implements AutoCloseable {
    private final DiffusionTransformer dit;
    private final DitSchedule schedule;
    private final MelOptions options;
    private final DitWorkspace ws;
    private final RungeKutta state;
    private final @Nullable PastBlock past;
    private final ChunkConditions conditions;
    private final Matrix prediction;

    private @Nullable PastChunk pastChunk;
    private int finished;
    private int evaluation;

    /**
     * @param frames most frames of a chunk
     * @param chunks whether there may be several, so that one sees the one before
     */
    MelSolver(
            DiffusionTransformer dit,
            DitVoice voice,
            DitSchedule schedule,
            MelOptions options,
            int frames,
            boolean chunks,
            ThreadTeam team) {
        this.dit = dit;
        this.schedule = schedule;
        this.options = options;
        DitConfig config = dit.config();
        boolean looksBack = looksBack(config, chunks);
        ws = new DitWorkspace(config, frames, options.batch(), looksBack ? config.blockSize() : 0, team);
        Workspace memory = ws.workspace();
        state = new RungeKutta(frames, config.melBins(), memory);
        past = looksBack ? new PastBlock(config, options.batch(), schedule.evaluations(), memory) : null;
        conditions = new ChunkConditions(dit, voice, frames, memory);
        prediction = memory.matrix(DitWorkspace.padded(options.batch() * frames), config.melBins());
    }

    private static boolean looksBack(DitConfig config, boolean chunks) {
        return chunks && !config.lookBackwardLayers().isEmpty();
    }

    /** Bytes of a solver, predicted. */
    static long bytesFor(DitConfig config, MelOptions options, int frames, boolean chunks, int threads) {
        boolean looksBack = looksBack(config, chunks);
        int evaluations = RungeKutta.STAGES * (options.steps() - 1);
        long predictions = (long) DitWorkspace.padded(options.batch() * frames) * config.melBins();
        return DitWorkspace.bytesFor(config, frames, options.batch(), looksBack ? config.blockSize() : 0, threads)
                + RungeKutta.bytesFor(frames, config.melBins())
                + (looksBack ? PastBlock.bytesFor(config, options.batch(), evaluations) : 0)
                + ChunkConditions.bytesFor(config, frames)
                + predictions * Float.BYTES;
    }

    /** Bytes held now. */
    long bytes() {
        return ws.bytes();
    }

    /**
     * Begins a chunk.
     *
     * @param codes of the utterance, as far as they are there
     * @param first first frame
     * @param frames with those behind the chunk that it looks ahead to
     * @param finished frames of the chunk itself
     * @param more whether another chunk will follow
     */
    void begin(int[] codes, int first, int frames, int finished, boolean more, MelNoise noise) {
        int blockSize = dit.config().blockSize();
        ws.begin(first, frames);
        noise.fill(first, state.begin(frames));
        conditions.begin(codes, first, frames, ws.workspace());
        pastChunk = past == null ? null : new PastChunk(past, more ? finished / blockSize - 1 : -1);
        this.finished = finished;
        evaluation = 0;
    }

    /** Evaluates the model once. True when that was the chunk's last evaluation. */
    boolean step(Cancellation cancellation) {
        int step = evaluation / RungeKutta.STAGES;
        int stage = evaluation % RungeKutta.STAGES;
        float h = schedule.grid().length(step);
        Matrix out = prediction.rows(0, DitWorkspace.padded(ws.rows()));
        dit.evaluate(
                state.point(stage, h),
                conditions,
                schedule,
                SwayGrid.time(step, stage),
                pastChunk,
                evaluation,
                out,
                ws,
                cancellation);
        guide(out, state.slope(stage));
        if (stage == RungeKutta.STAGES - 1) {
            state.advance(h);
        }
        evaluation++;
        boolean done = evaluation == schedule.evaluations();
        if (done && past != null) {
            past.present(true);
        }
        return done;
    }

    /** Evaluations left of the chunk. */
    int evaluationsLeft() {
        return schedule.evaluations() - evaluation;
    }

    private void guide(Matrix out, Matrix slope) {
        int frames = slope.rows();
        int n = frames * slope.cols();
        Elementwise.copy(out.data(), out.offset(), slope.data(), slope.offset(), n);
        if (options.guided()) {
            float scale = options.guidance();
            Elementwise.axpy(scale, out.data(), out.offset(), slope.data(), slope.offset(), n);
            Elementwise.axpy(-scale, out.data(), out.rowOffset(frames), slope.data(), slope.offset(), n);
        }
    }

    /** Mel of the chunk [F, M], without what it looked ahead to; valid until the next chunk begins. */
    Matrix mel() {
        return state.state().rows(0, finished);
    }

    @Override
    public void close() {
        ws.close();
    }
}
