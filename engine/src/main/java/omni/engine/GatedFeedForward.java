package omni.engine;

import omni.error.ModelFormatException;
import omni.kernels.Activation;

/** SwiGLU with biases: {@code down(silu(gate(x)) * up(x))} (Shazeer 2020, equation 6). */
public final class GatedFeedForward {
    private static final int GRAIN = 4;

    private final Linear[] gateUp;
    private final Linear down;

    /**
     * @param gate [F, C]
     * @param up [F, C]
     * @param down [C, F]
     * @throws ModelFormatException if the maps do not fit each other
     */
    public GatedFeedForward(Linear gate, Linear up, Linear down) {
        Shapes.check(up, gate.outputs(), gate.inputs());
        Shapes.check(down, gate.inputs(), gate.outputs());
        gateUp = new Linear[] {gate, up};
        this.down = down;
    }

    /** Inner width F. */
    public int inner() {
        return down.inputs();
    }

    /**
     * {@code y += down(silu(gate(x)) * up(x))}, as many rows at a time as the scratch has.
     *
     * @param x [T, C]
     * @param gateScratch [any, F]
     * @param upScratch as large
     * @param y [T, C]; must not overlap x
     */
    public void forwardAdd(Matrix x, Matrix gateScratch, Matrix upScratch, Matrix y, Workspace ws) {
        for (int from = 0; from < x.rows(); from += gateScratch.rows()) {
            int n = Math.min(x.rows() - from, gateScratch.rows());
            Matrix gate = gateScratch.rows(0, n);
            Matrix up = upScratch.rows(0, n);
            Linear.forward(x.rows(from, from + n), gateUp, new Matrix[] {gate, up}, ws);
            ws.team().run(n, GRAIN, (first, last, worker) -> {
                for (int t = first; t < last; t++) {
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
            down.forwardAdd(gate, y.rows(from, from + n), ws);
        }
    }
}
