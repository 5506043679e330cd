package omni.engine;

/** Looks at the residual stream between layers; for tests and inspection. */
@FunctionalInterface
public interface LayerTap {
    /**
     * @param layer index of the layer that has just run
     * @param x residual stream [T, C] after it; valid only during the call, and not to be written
     */
    void afterLayer(int layer, Matrix x);
}
