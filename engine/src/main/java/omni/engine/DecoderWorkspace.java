package omni.engine;

/**
 * Everything a decoder needs to run passes of up to a fixed number of rows, allocated at construction: one of 512 rows for chunked
 * prefill, one of a single row for decode. One caller at a time.
 */
public final class DecoderWorkspace implements AutoCloseable {
    /** Rows of a prefill chunk: enough to use every weight read from memory many times, small against the weights. */
    public static final int PREFILL_ROWS = 512;

    private final DecoderConfig config;
    private final int maxRows;
    private final Workspace workspace;
    private final Matrix x;
    private final Matrix normed;
    private final Matrix qkv;
    private final Matrix attended;
    private final Matrix gate;
    private final Matrix up;
    private final Matrix cos;
    private final Matrix sin;
    private Activations views;

    /**
     * @param config sizes of the decoder
     * @param maxRows most rows T of a pass
     * @param team threads of the passes
     */
    public DecoderWorkspace(DecoderConfig config, int maxRows, ThreadTeam team) {
        if (maxRows < 1) {
            throw new IllegalArgumentException("decoder workspace: maxRows=" + maxRows);
        }
        this.config = config;
        this.maxRows = maxRows;
        workspace = new Workspace(team);
        x = workspace.matrix(maxRows, config.hidden());
        normed = workspace.matrix(maxRows, config.hidden());
        qkv = workspace.matrix(maxRows, config.queryChannels() + 2 * config.kvChannels());
        attended = workspace.matrix(maxRows, config.queryChannels());
        gate = workspace.matrix(maxRows, config.ffn());
        up = workspace.matrix(maxRows, config.ffn());
        cos = workspace.matrix(maxRows, config.headDim() / 2);
        sin = workspace.matrix(maxRows, config.headDim() / 2);
        Linear.reserve(maxRows, mostInputs(config), workspace);
        SelfAttention.reserve(config, workspace);
        views = views(maxRows);
    }

    /** Bytes of a workspace, predicted. */
    public static long bytesFor(DecoderConfig config, int maxRows, int threads) {
        long columns = 2L * config.hidden()
                + config.queryChannels()
                + 2L * config.kvChannels()
                + config.queryChannels()
                + 2L * config.ffn()
                + config.headDim();
        return columns * maxRows * Float.BYTES
                + Linear.reservedBytes(maxRows, mostInputs(config), threads)
                + SelfAttention.reservedBytes(config, threads);
    }

    /** Most inputs of the maps that a layer multiplies by. */
    private static int mostInputs(DecoderConfig config) {
        return Math.max(config.hidden(), Math.max(config.queryChannels(), config.ffn()));
    }

    /** Most rows of a pass. */
    public int maxRows() {
        return maxRows;
    }

    /** Threads and scratch, for the layers before and behind the decoder. */
    public Workspace workspace() {
        return workspace;
    }

    /** The residual stream of a pass of {@code rows} rows [T, C]: embeddings written here need no copy. */
    public Matrix input(int rows) {
        return activations(rows).x();
    }

    /** Bytes held now. */
    public long bytes() {
        return workspace.bytes();
    }

    DecoderConfig config() {
        return config;
    }

    Activations activations(int rows) {
        if (rows < 1 || rows > maxRows) {
            throw new IllegalArgumentException("decoder workspace: rows=" + rows + ", maxRows=" + maxRows);
        }
        if (views.x().rows() != rows) {
            views = views(rows);
        }
        return views;
    }

    private Activations views(int rows) {
        return Activations.of(
                config,
                x.rows(0, rows),
                normed.rows(0, rows),
                qkv.rows(0, rows),
                attended.rows(0, rows),
                gate.rows(0, rows),
                up.rows(0, rows),
                cos.rows(0, rows),
                sin.rows(0, rows));
    }

    @Override
    public void close() {
        workspace.close();
    }
}
