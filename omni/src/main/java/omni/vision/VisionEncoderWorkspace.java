package omni.vision;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import omni.engine.Matrix;
import omni.engine.SegmentAttention.Rotation;
import omni.engine.ThreadTeam;
import omni.engine.Workspace;
import omni.loader.VisionConfig;
import omni.thinker.GridThw;

/** Memory of the vision encoder for one picture or clip, whatever the clip's length. P rows, C channels. */
final class VisionEncoderWorkspace implements AutoCloseable {
    /**
     * Rows that go through a layer together: whole windows or frames as far as they fit in, so that a weight read from memory is used
     * many times while the rows stay in the cache. They do not see each other.
     */
    private static final int ROWS = 512;

    /**
     * Whole windows or frames.
     *
     * @param from their first row
     * @param to the row behind their last one
     * @param starts first row of each, counted from {@code from}, then the number of rows
     */
    @SuppressWarnings("ArrayRecordComponent") // internal; never compared
    record Piece(int from, int to, int[] starts) {}

    private final Workspace ws;
    private final PatchOrder order;
    private final int unit;
    private final int steps;
    private final Matrix patches;
    private final Matrix x;
    private final Matrix normed;
    private final Matrix qkv;
    private final Matrix gate;
    private final Matrix up;
    private final Matrix joined;
    private final Matrix cells;
    private final Rotation rotation;

    VisionEncoderWorkspace(VisionConfig c, GridThw grid, PatchOrder order, int patchValues, ThreadTeam team) {
        ws = new Workspace(team);
        this.order = order;
        unit = order.patches() / order.cells();
        steps = Math.clamp(ROWS / order.patches(), 1, grid.t());
        int rows = Math.multiplyExact(steps, order.patches());
        int together = Math.min(rows, Math.max(ROWS, longestPiece(c)));
        int few = Math.min(rows, Math.max(ROWS, unit));
        patches = ws.matrix(few / unit * unit, patchValues);
        x = ws.matrix(rows, c.hiddenSize());
        normed = ws.matrix(together, c.hiddenSize());
        qkv = ws.matrix(together, Math.multiplyExact(3, c.hiddenSize()));
        gate = ws.matrix(few, c.ffnSize());
        up = ws.matrix(few, c.ffnSize());
        int merged = Math.min(ROWS, together / unit);
        joined = ws.matrix(merged, Math.multiplyExact(unit, c.hiddenSize()));
        cells = ws.matrix(merged, c.outputSize());
        rotation = AxialRotation.of(c, order, steps, ws);
    }

    /** Bytes for a picture of so many patches, predicted. */
    static long bytesFor(VisionConfig c, int patches, int threads) {
        long unit = (long) c.mergeSize() * c.mergeSize();
        long values = (long) c.channels() * c.temporalPatchSize() * c.patchSize() * c.patchSize();
        long rows = Math.max(patches, ROWS);
        long cells = c.fullAttentionLayers().isEmpty() ? ROWS / unit : Math.min(ROWS, rows / unit);
        long together = c.fullAttentionLayers().isEmpty() ? ROWS : rows;
        long angles = c.hiddenSize() / c.heads();
        long floats = ROWS * (values + 2L * c.ffnSize())
                + rows * (c.hiddenSize() + angles)
                + together * 4L * c.hiddenSize()
                + cells * (unit * c.hiddenSize() + c.outputSize());
        int widest = (int) Math.max(Math.max(values, c.ffnSize()), unit * c.hiddenSize());
        return floats * Float.BYTES + Workspace.productBytes(ROWS, widest, threads);
    }

    private int longestPiece(VisionConfig c) {
        if (!c.fullAttentionLayers().isEmpty()) {
            return order.patches();
        }
        int[] starts = order.windowStarts();
        int longest = 0;
        for (int i = 0; i + 1 < starts.length; i++) {
            longest = Math.max(longest, starts[i + 1] - starts[i]);
        }
        return longest;
    }

    Workspace workspace() {
        return ws;
    }

    /** Temporal steps that go through the layers together. */
    int steps() {
        return steps;
    }

    /** Some patches' values, whole cells. */
    Matrix patches() {
        return patches;
    }

    /** The residual stream [P, C] of some steps. */
    Matrix input(int steps) {
        return x.rows(0, steps * order.patches());
    }

    Matrix normed(int rows) {
        return normed.rows(0, rows);
    }

    Matrix qkv(int rows) {
        return qkv.rows(0, rows);
    }

    Matrix gate() {
        return gate;
    }

    Matrix up() {
        return up;
    }

    /** Inner rows of the merger. */
    Matrix joined() {
        return joined;
    }

    /** Some cells' embeddings. */
    Matrix cells() {
        return cells;
    }

    /** Angles of some rows of the residual stream. */
    Rotation rotation(int from, int to) {
        return new Rotation(rotation.cos().rows(from, to), rotation.sin().rows(from, to));
    }

    /** The windows of some steps, as many at a time as fit in. */
    List<Piece> windows(int steps) {
        return pieces(order.windowStarts(), steps);
    }

    /** Some steps' frames, as many at a time as fit in. */
    List<Piece> frames(int steps) {
        return pieces(new int[] {0, order.patches()}, steps);
    }

    /** @param starts segments of one step */
    private static List<Piece> pieces(int[] starts, int steps) {
        int perStep = starts.length - 1;
        int[] all = new int[steps * perStep + 1];
        for (int i = 0; i < all.length; i++) {
            all[i] = i / perStep * starts[perStep] + starts[i % perStep];
        }
        List<Piece> pieces = new ArrayList<>();
        for (int first = 0; first + 1 < all.length; ) {
            int end = first + 1;
            while (end + 1 < all.length && all[end + 1] - all[first] <= ROWS) {
                end++;
            }
            int from = all[first];
            int[] own = Arrays.copyOfRange(all, first, end + 1);
            Arrays.setAll(own, i -> own[i] - from);
            pieces.add(new Piece(from, all[end], own));
            first = end;
        }
        return pieces;
    }

    @Override
    public void close() {
        ws.close();
    }
}
