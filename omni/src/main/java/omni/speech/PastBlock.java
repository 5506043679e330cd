package omni.speech;

import omni.engine.Matrix;
import omni.engine.Workspace;
import omni.kernels.Elementwise;
import omni.loader.DitConfig;

/**
 * Keys and values of the block before a chunk, as its own solve has left them: one set for every layer that looks back and every
 * evaluation of the solver. So the chunk sees its past exactly as if both had been solved together, and pays nothing for it.
 *
 * <p>An evaluation reads the set of the block before, and then writes its own last block over it.
 */
final class PastBlock {
    private final int frames;
    private final int layers;
    private final int batch;
    private final Matrix memory;
    private boolean present;

    /** @param evaluations of the function in a solve */
    PastBlock(DitConfig config, int batch, int evaluations, Workspace ws) {
        frames = config.blockSize();
        layers = config.lookBackwardLayers().size();
        this.batch = batch;
        memory = ws.matrix(rows(config, batch, evaluations), config.heads() * config.headDim());
    }

    /** Bytes of it, predicted. */
    static long bytesFor(DitConfig config, int batch, int evaluations) {
        return (long) rows(config, batch, evaluations) * config.heads() * config.headDim() * Float.BYTES;
    }

    private static int rows(DitConfig config, int batch, int evaluations) {
        int sets = Math.multiplyExact(evaluations, config.lookBackwardLayers().size());
        return Math.multiplyExact(sets, Math.multiplyExact(2 * batch, config.blockSize()));
    }

    /** Frames that are seen before those of a pass: none before the first chunk, then a block. */
    int frames() {
        return present ? frames : 0;
    }

    /** Whether there is a block to be seen by the next chunk. */
    void present(boolean present) {
        this.present = present;
    }

    /** Keys [block, H * D] for evaluation {@code evaluation} of layer number {@code layer} among those that look back. */
    Matrix keys(int evaluation, int layer, int prediction) {
        return set(evaluation, layer, 2 * prediction);
    }

    Matrix values(int evaluation, int layer, int prediction) {
        return set(evaluation, layer, 2 * prediction + 1);
    }

    private Matrix set(int evaluation, int layer, int which) {
        int set = (evaluation * layers + layer) * 2 * batch + which;
        return memory.rows(set * frames, (set + 1) * frames);
    }

    /** Copies rows between matrices of one width. */
    static void copy(Matrix from, Matrix to) {
        for (int r = 0; r < to.rows(); r++) {
            Elementwise.copy(from.data(), from.rowOffset(r), to.data(), to.rowOffset(r), to.cols());
        }
    }
}
