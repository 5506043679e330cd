package omni.golden;

import omni.engine.Matrix;
import omni.thinker.GridThw;
import omni.vision.PatchSource;

/**
 * Patches of a golden case.
 *
 * @param grid of one picture or clip
 * @param values patches [P, values of a patch]
 */
record StoredPatches(GridThw grid, Matrix values) implements PatchSource {
    @Override
    public int patchValues() {
        return values.cols();
    }

    @Override
    public void fill(int from, Matrix rows) {
        for (int r = 0; r < rows.rows(); r++) {
            for (int i = 0; i < rows.cols(); i++) {
                rows.set(r, i, values.get(from + r, i));
            }
        }
    }
}
