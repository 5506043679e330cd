package omni.speech;

import omni.engine.Linear;
import omni.engine.Matrix;
import omni.engine.RopeSections;
import omni.engine.RopeTable;
import omni.engine.ThreadTeam;
import omni.engine.Workspace;
import omni.kernels.Attention;
import omni.kernels.MatMul;
import omni.loader.DitConfig;

/**
 * Memory of the diffusion transformer for up to a number of frames. The predictions with and without conditions are one batch: rows
 * 0 .. F-1 and F .. 2F-1 of every matrix, so that a weight is read once for both.
 *
 * <p>Maps run over {@link #LEAST_ROWS} rows at least: a few rows are multiplied in another way than many, and the bits of a frame would
 * depend on how many come with it. What stands in the rows behind the frames is finite and nobody's result.
 */
final class DitWorkspace implements AutoCloseable {
    /** The fewest rows that a map multiplies like any greater number. */
    static final int LEAST_ROWS = MatMul.STREAM_ROWS + 1;

    /** Rows of the feed-forward part's inner activations, the widest of all: enough to use a weight read from memory many times. */
    private static final int INNER_ROWS = 512;

    /** Rows a thread takes at a time. */
    private static final int GRAIN = 4;

    private final DitConfig config;
    private final Workspace ws;
    private final int capacity;
    private final int batch;
    private final RopeTable rope;
    private final Matrix x;
    private final Matrix y;
    private final Matrix q;
    private final Matrix k;
    private final Matrix v;
    private final Matrix inner;
    private final Matrix cos;
    private final Matrix sin;
    private final Matrix pastKeys;
    private final Matrix pastValues;
    private int frames;

    /**
     * @param frames most frames F of a pass
     * @param batch predictions, 1 or 2
     * @param pastFrames frames before those of a pass whose keys and values it may be given: 0 or a block
     */
    DitWorkspace(DitConfig config, int frames, int batch, int pastFrames, ThreadTeam team) {
        this.config = config;
        this.capacity = frames;
        this.frames = frames;
        this.batch = batch;
        int rows = rows(frames, batch);
        int channels = config.hiddenSize();
        int attended = attended(config);
        ws = new Workspace(team);
        rope = new RopeTable(config.headDim(), config.ropeTheta(), RopeSections.plain(config.headDim()));
        x = ws.matrix(rows, channels);
        y = ws.matrix(rows, Math.max(channels, attended));
        q = ws.matrix(rows, Math.max(channels, attended));
        k = ws.matrix(rows, attended);
        v = ws.matrix(rows, attended);
        inner = ws.matrix(Math.min(rows, INNER_ROWS), channels * config.ffMult());
        cos = ws.matrix(frames, config.headDim() / 2);
        sin = ws.matrix(frames, config.headDim() / 2);
        int pastRows = pastFrames == 0 ? 0 : batch * (pastFrames + frames);
        pastKeys = ws.matrix(pastRows, attended);
        pastValues = ws.matrix(pastRows, attended);
        Linear.reserve(rows, mostInputs(config), ws);
        for (int worker = 0; worker < team.size(); worker++) {
            ws.attention(worker).reserveSegments(config.headDim());
        }
    }

    /** Bytes of such a workspace, predicted. */
    static long bytesFor(DitConfig config, int frames, int batch, int pastFrames, int threads) {
        long rows = rows(frames, batch);
        long channels = config.hiddenSize();
        long attended = attended(config);
        long floats = rows * (channels + 2 * Math.max(channels, attended) + 2 * attended)
                + Math.min(rows, INNER_ROWS) * channels * config.ffMult()
                + (long) frames * config.headDim()
                + (pastFrames == 0 ? 0 : 2L * batch * (pastFrames + frames) * attended);
        return floats * Float.BYTES
                + Linear.reservedBytes((int) rows, mostInputs(config), threads)
                + threads * Attention.segmentScratchBytes(config.headDim());
    }

    private static int rows(int frames, int batch) {
        return padded(Math.multiplyExact(frames, batch));
    }

    /** Rows that a map runs over for {@code rows} rows of results. */
    static int padded(int rows) {
        return Math.max(rows, LEAST_ROWS);
    }

    private static int attended(DitConfig config) {
        return Math.multiplyExact(config.heads(), config.headDim());
    }

    private static int mostInputs(DitConfig config) {
        return Math.max(Math.max(config.hiddenSize() * config.ffMult(), attended(config)), config.melBins());
    }

    /** Memory and threads of the maps. */
    Workspace workspace() {
        return ws;
    }

    int capacity() {
        return capacity;
    }

    /** Bytes held now. */
    long bytes() {
        return ws.bytes();
    }

    /**
     * Prepares passes over frames {@code first} to {@code first + frames} of an utterance: the angles of their positions.
     *
     * @throws IllegalArgumentException if there are more than the workspace was made for
     */
    void begin(int first, int frames) {
        if (frames < 1 || frames > capacity) {
            throw new IllegalArgumentException("dit workspace: frames=" + frames + ", capacity=" + capacity);
        }
        this.frames = frames;
        int[] positions = new int[frames];
        for (int t = 0; t < frames; t++) {
            positions[t] = first + t;
        }
        rope.fill(new int[][] {positions, positions, positions}, cos.rows(0, frames), sin.rows(0, frames));
    }

    /** Frames F of a pass. */
    int frames() {
        return frames;
    }

    /** Predictions: 1, or 2 with guidance. */
    int batch() {
        return batch;
    }

    /** Rows of results: {@code batch * F}. */
    int rows() {
        return batch * frames;
    }

    /** Residual stream [batch * F, C]. */
    Matrix x() {
        return x.rows(0, rows());
    }

    /** Normalised input of the maps [padded rows, C]. */
    Matrix normed() {
        return y.rows(0, padded(rows())).cols(0, config.hiddenSize());
    }

    /** Output of the attention, over the normalised input [padded rows, H * D]. */
    Matrix attended() {
        return y.rows(0, padded(rows())).cols(0, attended(config));
    }

    /** Queries [padded rows, H * D]. */
    Matrix q() {
        return q.rows(0, padded(rows())).cols(0, attended(config));
    }

    Matrix k() {
        return k.rows(0, padded(rows()));
    }

    Matrix v() {
        return v.rows(0, padded(rows()));
    }

    /** What a branch adds to the residual stream, over the queries [padded rows, C]. */
    Matrix branch() {
        return q.rows(0, padded(rows())).cols(0, config.hiddenSize());
    }

    /** Scratch of the feed-forward part [any, inner width]. */
    Matrix inner() {
        return inner;
    }

    /** Cosines of the frames' positions [F, D/2]. */
    Matrix cos() {
        return cos.rows(0, frames);
    }

    Matrix sin() {
        return sin.rows(0, frames);
    }

    /** Keys of {@code past} frames and of the pass, of one prediction [past + F, H * D]. */
    Matrix pastKeys(int prediction, int past) {
        return pastKeys.rows(prediction * (past + frames), (prediction + 1) * (past + frames));
    }

    Matrix pastValues(int prediction, int past) {
        return pastValues.rows(prediction * (past + frames), (prediction + 1) * (past + frames));
    }

    /** What a piece of work does with row {@code row}. */
    interface RowTask {
        void run(int row);
    }

    /** Shares rows among the threads. */
    void rows(int rows, RowTask task) {
        ws.team().run(rows, GRAIN, (from, to, worker) -> {
            for (int row = from; row < to; row++) {
                task.run(row);
            }
        });
    }

    @Override
    public void close() {
        ws.close();
    }
}
