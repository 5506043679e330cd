package omni.speech;

import java.util.Arrays;
import java.util.concurrent.CancellationException;
import omni.engine.Cancellation;
import omni.engine.Matrix;
import omni.engine.ThreadTeam;
import omni.error.RequestException;
import omni.loader.DitConfig;
import org.jspecify.annotations.Nullable;

/**
 * One utterance from codes to mel, chunk by chunk while codes still come (report, sections 2.4 and 2.5): codes go in, {@link #step} evaluates
 * the model once, and whenever a chunk's equation is solved its frames come out.
 *
 * <p>A chunk sees its past exactly: the layers that look back read the keys and values that the block before has left behind. It sees its
 * future only as far as the {@link ChunkPlan} looks ahead. With {@link ChunkPlan#WHOLE} nothing is cut off, and the result is the
 * reference's; a plan whose look-ahead always reaches the utterance's end gives the same bits.
 *
 * <p>For one thread at a time. Memory is allocated at the first step and serves to the end; {@link #close} frees it, whatever has
 * happened before.
 */
public final class MelStream implements AutoCloseable {
    private static final int MOST_FRAMES = 1 << 24;

    private final DiffusionTransformer dit;
    private final DitVoice voice;
    private final DitSchedule schedule;
    private final MelOptions options;
    private final ChunkPlan plan;
    private final MelNoise noise;
    private final ThreadTeam team;

    private int[] codes = new int[64];
    private int count;
    private boolean finished;
    private int frame;
    private int chunk;
    private int chunkFrames;
    private @Nullable MelSolver solver;
    private boolean solving;
    private boolean broken;
    private boolean closed;

    /**
     * @param schedule of the model and these options; must stay open as long as the stream
     * @param noise that the utterance begins as
     * @throws IllegalArgumentException if the schedule was made for another number of steps
     */
    public MelStream(
            DiffusionTransformer dit,
            DitVoice voice,
            DitSchedule schedule,
            MelOptions options,
            ChunkPlan plan,
            MelNoise noise,
            ThreadTeam team) {
        if (schedule.grid().steps() != options.steps() - 1) {
            throw new IllegalArgumentException("mel stream: steps=" + options.steps() + ", schedule="
                    + (schedule.grid().steps() + 1));
        }
        this.dit = dit;
        this.voice = voice;
        this.schedule = schedule;
        this.options = options;
        this.plan = plan;
        this.noise = noise;
        this.team = team;
    }

    /**
     * Appends codes.
     *
     * @throws RequestException if one is unknown, or if the utterance becomes too long
     * @throws IllegalStateException after {@link #finish}
     */
    public void addCodes(int... more) {
        if (finished) {
            throw new IllegalStateException("mel stream: codes after the end");
        }
        for (int code : more) {
            dit.codeEmbedding().check(code);
        }
        int most = MOST_FRAMES / dit.framesPerCode();
        if (more.length > most - count) {
            throw new RequestException(
                    "speech too long: codes=" + ((long) count + more.length) + ", limit=" + most + "; cut the text");
        }
        if (more.length > codes.length - count) {
            codes = Arrays.copyOf(codes, Math.max(2 * codes.length, count + more.length));
        }
        System.arraycopy(more, 0, codes, count, more.length);
        count += more.length;
    }

    /** No more codes will come: the last chunk no longer waits for what it could look ahead to. */
    public void finish() {
        finished = true;
    }

    /** Whether {@link #step} can do something: a chunk has begun, or all that the next one needs is there. */
    public boolean ready() {
        return !closed && !broken && (solving || chunkReady());
    }

    /** Whether all frames of all codes have come out and no more codes will. */
    public boolean done() {
        return finished && !solving && frame == count * dit.framesPerCode();
    }

    /** Frames that have come out. */
    public int frames() {
        return frame;
    }

    /** Steps until the chunk that has begun is solved; 0 between chunks. */
    public int stepsLeft() {
        MelSolver s = solver;
        return solving && s != null ? s.evaluationsLeft() : 0;
    }

    /** Bytes held now. */
    public long bytes() {
        MelSolver s = solver;
        return s == null ? 0 : s.bytes();
    }

    /** Bytes of a stream, predicted, whose utterance has {@code frames} frames; and those of its schedule. */
    public static long bytesFor(DitConfig config, MelOptions options, ChunkPlan plan, int frames, int threads) {
        long most = (long) config.blockSize() * plan.mostBlocks() + ahead(config, plan);
        boolean chunks = frames > most;
        int capacity = (int) Math.min(frames, most);
        return MelSolver.bytesFor(config, options, capacity, chunks, threads)
                + DitSchedule.bytesFor(config, options, threads);
    }

    /**
     * Evaluates the model once.
     *
     * @return the frames [F, M] of a chunk if that was its last evaluation, valid until the next step; else null
     * @throws IllegalStateException if not {@link #ready}
     * @throws CancellationException if cancelled; the stream can then only be closed
     */
    public @Nullable Matrix step(Cancellation cancellation) {
        if (!ready()) {
            throw new IllegalStateException("mel stream: not ready: codes=" + count + ", frames=" + frame
                    + ", finished=" + finished + ", cancelled=" + broken + ", closed=" + closed);
        }
        // A step that does not return leaves half an evaluation behind.
        broken = true;
        MelSolver s = solving && solver != null ? solver : begin();
        boolean solved = s.step(cancellation);
        broken = false;
        solving = !solved;
        if (!solved) {
            return null;
        }
        frame += chunkFrames;
        chunk++;
        return s.mel();
    }

    /** Frames that are known and have not come out. */
    private int waiting() {
        return count * dit.framesPerCode() - frame;
    }

    private boolean chunkReady() {
        return finished ? waiting() > 0 : waiting() >= own() + ahead(dit.config(), plan);
    }

    /** Frames of the next chunk, as planned. */
    private long own() {
        return (long) dit.config().blockSize() * plan.blocks(chunk);
    }

    /** Frames that a chunk looks ahead to. */
    private static long ahead(DitConfig config, ChunkPlan plan) {
        return config.lookAheadLayers().isEmpty() ? 0 : (long) config.blockSize() * plan.lookAhead();
    }

    private MelSolver begin() {
        long together = own() + ahead(dit.config(), plan);
        // What is left when the last code is there needs no look-ahead: it is solved at once and comes out whole.
        boolean last = finished && waiting() <= together;
        int frames = (int) Math.min(waiting(), together);
        chunkFrames = last ? frames : (int) own();
        MelSolver s = solver;
        if (s == null) {
            s = solver(last);
            solver = s;
        }
        s.begin(codes, frame, frames, chunkFrames, !last, noise);
        solving = true;
        return s;
    }

    private MelSolver solver(boolean last) {
        long most = (long) dit.config().blockSize() * plan.mostBlocks() + ahead(dit.config(), plan);
        int capacity = (int) (finished ? Math.min(most, waiting()) : most);
        return new MelSolver(dit, voice, schedule, options, capacity, !last, team);
    }

    @Override
    public void close() {
        closed = true;
        MelSolver s = solver;
        solver = null;
        solving = false;
        if (s != null) {
            s.close();
        }
    }
}
