package omni.perception;

import omni.engine.LayerTap;
import omni.engine.Matrix;

/** Counts embeddings by the rows that went through an encoder's layers: some rows go through all layers, then the next ones. */
final class LayerProgress implements LayerTap {
    private final int layers;
    private final long rows;
    private final int tokens;
    private final Progress progress;
    private long done;

    /**
     * @param layers of the encoder
     * @param rows that will go through each
     * @param tokens embeddings that they become
     */
    LayerProgress(int layers, long rows, int tokens, Progress progress) {
        this.layers = layers;
        this.rows = rows;
        this.tokens = tokens;
        this.progress = progress;
    }

    @Override
    public void afterLayer(int layer, Matrix x) {
        double passed = done + x.rows() * (layer + 1.0) / layers;
        progress.reached((int) Math.min(tokens, tokens * passed / rows));
        if (layer == layers - 1) {
            done += x.rows();
        }
    }
}
