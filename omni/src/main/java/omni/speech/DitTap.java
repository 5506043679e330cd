package omni.speech;

import omni.engine.LayerTap;
import omni.engine.Matrix;

/** Looks into an evaluation of the diffusion transformer; for tests and inspection. What the first layer is given is shown as layer -1. */
@FunctionalInterface
public interface DitTap extends LayerTap {
    /**
     * @param layer index of the layer
     * @param out what its attention adds to the residual stream, before the gate [batch * F, C]; valid only during the call
     */
    default void afterAttention(int layer, Matrix out) {}
}
