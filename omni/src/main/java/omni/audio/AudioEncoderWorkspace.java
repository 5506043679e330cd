package omni.audio;

import omni.engine.Matrix;
import omni.engine.ThreadTeam;
import omni.engine.Workspace;
import omni.loader.AudioConfig;

/** Memory of the audio encoder for one sound, whatever its length. T rows behind the convolutions, C channels. */
final class AudioEncoderWorkspace implements AutoCloseable {
    /**
     * Rows that go through the layers together: several blocks, so that a weight read from memory is used many times. They do not see
     * each other. Eight blocks of the released model's 100 rows are a whole number of tiles, and half a minute is two such passes.
     */
    private static final int ROWS = 800;

    private final Workspace ws;
    private final int blocks;
    private final Matrix features;
    private final Matrix signal;
    private final Matrix convolved;
    private final Matrix gathered1;
    private final Matrix gathered2;
    private final Matrix x;
    private final Matrix normed;
    private final Matrix qkv;
    private final Matrix hidden;
    private final Matrix pairs;

    /** @param frames of the sound; a short one needs less */
    AudioEncoderWorkspace(AudioEncoder encoder, int frames, ThreadTeam team) {
        ws = new Workspace(team);
        AudioConfig c = encoder.config();
        int all = Math.ceilDiv(frames, encoder.blockFrames());
        blocks = Math.min(all, Math.max(1, ROWS / c.window()));
        int longest = Math.min(frames, encoder.blockFrames());
        int rows = Math.multiplyExact(blocks, c.window());
        features = ws.matrix(c.melBins(), longest);
        signal = ws.matrix(longest, c.melBins());
        convolved = ws.matrix(longest, c.hiddenSize());
        gathered1 = ws.matrix(longest, encoder.gatheredColumns(1));
        gathered2 = ws.matrix(c.window(), encoder.gatheredColumns(2));
        x = ws.matrix(rows, c.hiddenSize());
        normed = ws.matrix(rows, c.hiddenSize());
        qkv = ws.matrix(rows, Math.multiplyExact(3, c.hiddenSize()));
        hidden = ws.matrix(rows, c.ffnSize());
        pairs = ws.matrix(rows / 2 + 2, c.hiddenSize());
    }

    /** Bytes for a long sound, predicted. */
    static long bytesFor(AudioConfig c, int threads) {
        long block = 2L * c.window();
        long rows = Math.max(1, ROWS / c.window()) * (long) c.window();
        // Both convolutions have three taps.
        long blocks = block * (2L * c.melBins() + c.hiddenSize() + 3L * c.melBins()) + c.window() * 3L * c.hiddenSize();
        long layers = rows * (5L * c.hiddenSize() + c.ffnSize()) + (rows / 2 + 2) * c.hiddenSize();
        int widest = Math.max(c.ffnSize(), 3 * c.hiddenSize());
        return (blocks + layers) * Float.BYTES + Workspace.productBytes((int) rows, widest, threads);
    }

    Workspace workspace() {
        return ws;
    }

    /** Whole blocks that go through the layers together. */
    int blocks() {
        return blocks;
    }

    /** Features of a block [M, F]. */
    Matrix features() {
        return features;
    }

    /** The same, a frame a row [F, M]. */
    Matrix signal() {
        return signal;
    }

    /** A block behind the first convolution [F, C]. */
    Matrix convolved() {
        return convolved;
    }

    Matrix gathered1() {
        return gathered1;
    }

    Matrix gathered2() {
        return gathered2;
    }

    /** The residual stream of some blocks [rows, C]. */
    Matrix input(int rows) {
        return x.rows(0, rows);
    }

    Matrix normed(Matrix like) {
        return normed.rows(0, like.rows());
    }

    Matrix qkv(Matrix like) {
        return qkv.rows(0, like.rows());
    }

    /** Inner rows of the feed-forward part. */
    Matrix hidden() {
        return hidden;
    }

    /** Memory of {@link PairMean}. */
    Matrix pairs() {
        return pairs;
    }

    @Override
    public void close() {
        ws.close();
    }
}
