package omni.vision;

import omni.engine.Matrix;
import omni.thinker.GridThw;

/** Where the vision encoder takes its patches from, as they are needed; {@link PatchGrid} is one. */
public interface PatchSource {
    /** Temporal steps, rows and columns of patches. */
    GridThw grid();

    /** Values of a patch: channels * frames * side * side. */
    int patchValues();

    /**
     * Makes some of the patches: step by step, in a step by cells row by row, in a cell row by row. May be called by several threads
     * for rows of their own.
     *
     * @param from number of the first patch
     * @param values receives patches [P, {@link #patchValues}], as many as it has rows
     * @throws IllegalArgumentException if there are no such patches or the rows are of another length
     */
    void fill(int from, Matrix values);
}
