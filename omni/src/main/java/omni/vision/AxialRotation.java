package omni.vision;

import java.lang.foreign.MemorySegment;
import omni.engine.Matrix;
import omni.engine.RopeSections;
import omni.engine.RopeTable;
import omni.engine.SegmentAttention.Rotation;
import omni.engine.Workspace;
import omni.loader.VisionConfig;

/**
 * Rotary angles along two axes: of the D/2 angles of a head, the first half turns with the row of a patch in its frame, the other with its
 * column; both with the frequencies {@code theta^(-2i/(D/2))} ({@code Qwen2_5OmniVisionRotaryEmbedding}; reference notes, section 8).
 */
final class AxialRotation {
    private AxialRotation() {}

    /**
     * Angles of patches in window order.
     *
     * @param steps temporal steps, which all have the same
     * @return tables [steps * patches, D/2] in memory of {@code ws}
     */
    static Rotation of(VisionConfig config, PatchOrder order, int steps, Workspace ws) {
        int half = config.hiddenSize() / config.heads() / 2;
        int rows = Math.multiplyExact(steps, order.patches());
        Matrix cos = ws.matrix(rows, half);
        Matrix sin = ws.matrix(rows, half);
        int[] y = order.rows();
        int[] x = order.columns();
        // Both axes count from 0, so the sines and cosines of one serve the other.
        int side = 1 + Math.max(y[y.length - 1], x[x.length - 1]);
        RopeTable table = new RopeTable(half, config.ropeTheta(), RopeSections.plain(half));
        Matrix axisCos = ws.matrix(side, half / 2);
        Matrix axisSin = ws.matrix(side, half / 2);
        int[] positions = new int[side];
        for (int i = 0; i < side; i++) {
            positions[i] = i;
        }
        table.fill(new int[][] {positions, positions, positions}, axisCos, axisSin);
        int unit = order.patches() / order.cells();
        for (int row = 0; row < rows; row++) {
            int inStep = row % order.patches();
            int patch = order.cell(inStep / unit) * unit + inStep % unit;
            copy(axisCos, y[patch], cos, row, 0);
            copy(axisCos, x[patch], cos, row, half / 2);
            copy(axisSin, y[patch], sin, row, 0);
            copy(axisSin, x[patch], sin, row, half / 2);
        }
        return new Rotation(cos, sin);
    }

    private static void copy(Matrix from, int fromRow, Matrix to, int toRow, int column) {
        MemorySegment.copy(
                from.data(),
                from.rowOffset(fromRow) * Float.BYTES,
                to.data(),
                (to.rowOffset(toRow) + column) * Float.BYTES,
                (long) from.cols() * Float.BYTES);
    }
}
