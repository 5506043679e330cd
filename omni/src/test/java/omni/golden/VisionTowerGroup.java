package omni.golden;

import java.util.ArrayList;
import java.util.List;
import omni.engine.Cancellation;
import omni.engine.Matrix;
import omni.engine.ThreadTeam;
import omni.engine.Workspace;
import omni.loader.Architecture;
import omni.loader.Checkpoint;
import omni.thinker.GridThw;
import omni.vision.PatchOrder;
import omni.vision.VisionEncoder;

/** From patches to embeddings of cells, with the orders and the steps on the way. */
final class VisionTowerGroup extends TensorGroup {
    private static final int THREADS = 2;

    VisionTowerGroup() {
        super("vision_tower");
    }

    @Override
    protected void run(TensorCase one, GoldenFolder goldens) {
        GoldenFolder.Model model = goldens.model(Architecture.QWEN2_5_OMNI, name());
        try (Checkpoint checkpoint = Checkpoint.open(model.path());
                ThreadTeam team = new ThreadTeam(THREADS);
                Workspace memory = new Workspace(team)) {
            LayerRecord layers = new LayerRecord();
            VisionEncoder encoder =
                    VisionEncoder.load(model.config(), checkpoint).observedBy(layers);
            List<GridThw> grids = CaseMedia.grids(one.ints("grid_thw"));
            int[] cells = compareOrders(one, encoder, grids);
            Matrix values = AudioTowerGroup.matrix(one, "pixel_values", memory);
            Matrix out = encode(encoder, values, grids, memory);
            AudioTowerGroup.compareRows(one, "patch_embed", inInputOrder(layers.after(-1), cells));
            AudioTowerGroup.compareRows(one, "after_block_0", layers.after(0));
            AudioTowerGroup.compareRows(one, "before_merger", layers.afterLast());
            AudioTowerGroup.compareRows(one, "output", out.toArray());
        }
    }

    /** Compares what the grids alone decide; returns the window order of all cells. */
    private static int[] compareOrders(TensorCase one, VisionEncoder encoder, List<GridThw> grids) {
        List<Integer> positions = new ArrayList<>();
        List<Integer> index = new ArrayList<>();
        List<Integer> frames = new ArrayList<>(List.of(0));
        List<Integer> windows = new ArrayList<>(List.of(0));
        int cells = 0;
        int patches = 0;
        for (GridThw grid : grids) {
            PatchOrder order = encoder.order(grid);
            int[] starts = order.windowStarts();
            for (int step = 0; step < grid.t(); step++) {
                for (int i = 0; i < order.patches(); i++) {
                    positions.add(order.rows()[i]);
                    positions.add(order.columns()[i]);
                }
                for (int cell : order.windowIndex()) {
                    index.add(cells + cell);
                }
                for (int w = 1; w < starts.length; w++) {
                    windows.add(patches + starts[w]);
                }
                cells += order.cells();
                patches += order.patches();
                frames.add(patches);
            }
        }
        one.compare("position_ids", ints(positions), patches, 2);
        one.compare("window_index", ints(index), cells);
        one.compare("cu_seqlens", ints(frames), frames.size());
        one.compare("cu_window_seqlens", ints(windows), windows.size());
        return ints(index);
    }

    private static int[] ints(List<Integer> list) {
        return list.stream().mapToInt(i -> i).toArray();
    }

    /** @param cells cell k of the rows is cell {@code cells[k]} of the result */
    private static float[] inInputOrder(float[] rows, int[] cells) {
        int width = rows.length / cells.length;
        float[] out = new float[rows.length];
        for (int k = 0; k < cells.length; k++) {
            System.arraycopy(rows, k * width, out, cells[k] * width, width);
        }
        return out;
    }

    /**
     * Embeddings of pictures and clips, one after the other.
     *
     * @param values patches of all
     */
    static Matrix encode(VisionEncoder encoder, Matrix values, List<GridThw> grids, Workspace memory) {
        Matrix out = memory.matrix(grids.stream().mapToInt(encoder::tokens).sum(), encoder.channels());
        int patch = 0;
        int row = 0;
        for (GridThw grid : grids) {
            int n = grid.t() * grid.h() * grid.w();
            int end = row + encoder.tokens(grid);
            StoredPatches patches = new StoredPatches(grid, values.rows(patch, patch + n));
            encoder.encode(patches, out.rows(row, end), memory.team(), new Cancellation());
            patch += n;
            row = end;
        }
        if (patch != values.rows()) {
            throw new IllegalStateException("patches of all grids=" + patch + ", stored=" + values.rows());
        }
        return out;
    }
}
