package omni.vision;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.concurrent.CancellationException;
import omni.engine.Cancellation;
import omni.engine.LayerTap;
import omni.engine.Linear;
import omni.engine.Matrix;
import omni.engine.ThreadTeam;
import omni.error.ModelFormatException;
import omni.loader.Checkpoint;
import omni.loader.ModelConfig;
import omni.loader.VisionConfig;
import omni.thinker.GridThw;
import omni.vision.VisionEncoderWorkspace.Piece;
import org.jspecify.annotations.Nullable;

/**
 * From patches to one embedding per cell of 2 x 2 patches (Qwen2.5-VL Technical Report, section 2.1.1; Qwen2.5-Omni Technical Report,
 * section 2.2; reference notes, section 8). Patches are mapped to C channels and put in window order; most layers attend within windows,
 * some within the whole frame, all with rotary positions along rows and columns. A merger joins the patches of a cell, and the cells go
 * back to their order.
 *
 * <p>No row sees another temporal step, so steps run one after the other, or some small ones together: memory does not grow with a
 * clip's length.
 *
 * <p>Immutable and safe for use by several threads. Weights stay in the checkpoint's mapped files; closing the checkpoint ends the encoder.
 */
public final class VisionEncoder {
    /** Cells that a thread fills or moves at a time. */
    private static final int GRAIN = 4;

    private final VisionConfig config;
    private final Linear projection;
    private final List<VisionEncoderLayer> layers;
    private final PatchMerger merger;
    private final @Nullable LayerTap tap;

    VisionEncoder(
            VisionConfig config,
            Linear projection,
            List<VisionEncoderLayer> layers,
            PatchMerger merger,
            @Nullable LayerTap tap) {
        this.config = config;
        this.projection = projection;
        this.layers = List.copyOf(layers);
        this.merger = merger;
        this.tap = tap;
    }

    /**
     * The vision encoder of a checkpoint.
     *
     * @throws ModelFormatException if a tensor is absent, contradicts the configuration or has an element type that cannot be computed
     *     with
     * @throws IllegalArgumentException if the model does not see
     */
    public static VisionEncoder load(ModelConfig config, Checkpoint checkpoint) {
        return new VisionEncoderLoader(config, checkpoint).load();
    }

    /**
     * The same encoder, which shows its residual stream to {@code tap} after the patch projection, as layer -1, and after each layer; in
     * window order, some steps at a time.
     */
    public VisionEncoder observedBy(LayerTap tap) {
        return new VisionEncoder(config, projection, layers, merger, tap);
    }

    /** Width C of an embedding. */
    public int channels() {
        return config.outputSize();
    }

    /**
     * Bytes of scratch for a picture, or for a clip of any length, predicted.
     *
     * @param patches of the picture, or of a frame of the clip
     */
    public static long scratchBytes(VisionConfig config, int patches, int threads) {
        return VisionEncoderWorkspace.bytesFor(config, patches, threads);
    }

    /**
     * Embeddings of a picture or clip: one per cell.
     *
     * @throws IllegalArgumentException if rows or columns do not make whole cells
     */
    public int tokens(GridThw grid) {
        return grid.tokens(config.mergeSize());
    }

    /** The orders of the patches of one temporal step. */
    public PatchOrder order(GridThw grid) {
        int merge = config.mergeSize();
        return new PatchOrder(grid.h(), grid.w(), merge, config.windowSize() / config.patchSize() / merge);
    }

    /**
     * Encodes a picture or clip.
     *
     * @param out receives embeddings [{@link #tokens}, C], step by step, cells row by row
     * @throws IllegalArgumentException if a shape does not fit
     * @throws CancellationException if cancelled; part of the output is written then
     */
    public void encode(PatchSource patches, Matrix out, ThreadTeam team, Cancellation cancellation) {
        GridThw grid = patches.grid();
        if (out.rows() != tokens(grid) || out.cols() != channels() || patches.patchValues() != projection.inputs()) {
            throw new IllegalArgumentException("vision encoder: grid=[" + grid.t() + "," + grid.h() + "," + grid.w()
                    + "], merge=" + config.mergeSize() + ", patchValues=" + patches.patchValues() + ", expected="
                    + projection.inputs() + ", out=[" + out.rows() + "," + out.cols() + "], channels=" + channels());
        }
        PatchOrder order = order(grid);
        try (VisionEncoderWorkspace ws = new VisionEncoderWorkspace(config, grid, order, projection.inputs(), team)) {
            for (int step = 0; step < grid.t(); ) {
                int n = Math.min(ws.steps(), grid.t() - step);
                Matrix x = ws.input(n);
                project(patches, step, order, x, ws, cancellation);
                show(-1, x);
                List<Piece> windows = ws.windows(n);
                List<Piece> frames = ws.frames(n);
                for (int i = 0; i < layers.size(); i++) {
                    VisionEncoderLayer layer = layers.get(i);
                    for (Piece piece : layer.wholeFrames() ? frames : windows) {
                        cancellation.check();
                        forward(layer, piece, x, ws);
                    }
                    show(i, x);
                }
                int from = step * order.cells();
                merge(x, order, out.rows(from, from + n * order.cells()), ws, cancellation);
                step += n;
            }
        }
    }

    /** Patches from the source to x in window order, mapped to C channels. */
    private void project(
            PatchSource patches,
            int step,
            PatchOrder order,
            Matrix x,
            VisionEncoderWorkspace ws,
            Cancellation cancellation) {
        int unit = unit();
        for (int row = 0; row < x.rows(); row += ws.patches().rows()) {
            cancellation.check();
            int n = Math.min(ws.patches().rows(), x.rows() - row);
            Matrix values = ws.patches().rows(0, n);
            int first = row / unit;
            ws.workspace().team().run(n / unit, GRAIN, (from, to, worker) -> {
                for (int k = from; k < to; k++) {
                    int at = cell(order, first + k) + step * order.cells();
                    patches.fill(at * unit, values.rows(k * unit, (k + 1) * unit));
                }
            });
            projection.forward(values, x.rows(row, row + n), ws.workspace());
        }
    }

    private static void forward(VisionEncoderLayer layer, Piece piece, Matrix x, VisionEncoderWorkspace ws) {
        Matrix rows = x.rows(piece.from(), piece.to());
        layer.forward(
                rows,
                ws.normed(rows.rows()),
                ws.qkv(rows.rows()),
                ws.gate(),
                ws.up(),
                piece.starts(),
                ws.rotation(piece.from(), piece.to()),
                ws.workspace());
    }

    /** Rows in window order to embeddings of cells in input order. */
    private void merge(Matrix x, PatchOrder order, Matrix out, VisionEncoderWorkspace ws, Cancellation cancellation) {
        int unit = unit();
        for (int k = 0; k < out.rows(); k += ws.cells().rows()) {
            cancellation.check();
            int n = Math.min(ws.cells().rows(), out.rows() - k);
            Matrix cells = ws.cells().rows(0, n);
            Matrix rows = x.rows(k * unit, (k + n) * unit);
            merger.forward(rows, ws.normed(rows.rows()), ws.joined(), cells, ws.workspace());
            int first = k;
            ws.workspace().team().run(n, GRAIN, (from, to, worker) -> {
                for (int c = from; c < to; c++) {
                    MemorySegment.copy(
                            cells.data(),
                            cells.rowOffset(c) * Float.BYTES,
                            out.data(),
                            out.rowOffset(cell(order, first + c)) * Float.BYTES,
                            (long) out.cols() * Float.BYTES);
                }
            });
        }
    }

    /** The cell of the input order that is cell {@code k} of the window order, counted over several steps. */
    private static int cell(PatchOrder order, int k) {
        return k / order.cells() * order.cells() + order.cell(k % order.cells());
    }

    /** Patches of a cell. */
    private int unit() {
        return config.mergeSize() * config.mergeSize();
    }

    private void show(int layer, Matrix x) {
        if (tap != null) {
            tap.afterLayer(layer, x);
        }
    }
}
