package omni.vision;

import omni.engine.FeedForward;
import omni.engine.Matrix;
import omni.engine.RmsNormLayer;
import omni.engine.Workspace;

/**
 * One embedding of each cell of patches: every patch normalised, the patches of a cell joined, a linear map, GELU, a linear map
 * ({@code Qwen2_5OmniPatchMerger} in the reference).
 *
 * @param norm of a patch
 * @param feedForward of a cell
 */
record PatchMerger(RmsNormLayer norm, FeedForward feedForward) {
    /**
     * @param x patches [P, C], cell by cell
     * @param y scratch [P, C], rows adjacent
     * @param hidden scratch [any, inner width]
     * @param cells receives embeddings [P / patches of a cell, N]
     */
    void forward(Matrix x, Matrix y, Matrix hidden, Matrix cells, Workspace ws) {
        norm.forward(x, y, ws);
        int joined = x.rows() / cells.rows() * x.cols();
        feedForward.forward(new Matrix(y.data(), y.offset(), cells.rows(), joined, joined), hidden, cells, ws);
    }
}
