package omni.engine;

import omni.error.ModelFormatException;
import omni.kernels.Activation;

/**
 * The feed-forward block of a decoder layer, SwiGLU: {@code down(silu(gate(x)) * up(x))} (Shazeer 2020; {@code Qwen2MLP} in the
 * reference).
 */
public final class Mlp {
    private static final int GRAIN = 4;

    private final Linear[] gateUp;
    private final Linear down;

    /**
     * @param gate [F, C]
     * @param up [F, C]
     * @param down [C, F]
     * @throws ModelFormatException if the maps do not fit the configuration
     */
    public Mlp(DecoderConfig config, Linear gate, Linear up, Linear down) {
        Shapes.check(gate, config.ffn(), config.hidden());
        Shapes.check(up, config.ffn(), config.hidden());
        Shapes.check(down, config.hidden(), config.ffn());
        gateUp = new Linear[] {gate, up};
        this.down = down;
    }

    /** {@code a.x += mlp(a.normed)}. */
    void forward(Activations a, Workspace ws) {
        Matrix gate = a.gate();
        Matrix up = a.up();
        Linear.forward(a.normed(), gateUp, a.gateUp(), ws);
        ws.team().run(gate.rows(), GRAIN, (from, to, worker) -> {
            for (int t = from; t < to; t++) {
                Activation.siluMul(
                        gate.data(),
                        gate.rowOffset(t),
                        up.data(),
                        up.rowOffset(t),
                        gate.data(),
                        gate.rowOffset(t),
                        gate.cols());
            }
        });
        down.forwardAdd(gate, a.x(), ws);
    }
}
