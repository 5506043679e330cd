package omni.speech;

import omni.engine.Linear;
import omni.engine.Matrix;
import omni.kernels.Activation;
import omni.kernels.Elementwise;
import omni.kernels.LayerNorm;
import org.jspecify.annotations.Nullable;

/**
 * A layer of the diffusion transformer, a DiT block with adaLN-Zero (Peebles and Xie, 2023, section 3.2): norms whose scale and shift,
 * and gates of both branches, are functions of the solver's time:
 *
 * <pre>
 * x += gate1 * attention(norm(x) * (1 + scale1) + shift1)
 * x += gate2 * feedForward(norm(x) * (1 + scale2) + shift2)
 * </pre>
 *
 * @param modulation [6C, C]: of SiLU(time), in the order shift1, scale1, gate1, shift2, scale2, gate2
 * @param attention within blocks
 * @param expand [inner, C]
 * @param contract [C, inner]
 */
record DitLayer(Linear modulation, BlockAttention attention, Linear expand, Linear contract) {
    /** The norms have neither weight nor bias. */
    private static final float EPS = 1e-6f;

    /**
     * Advances the workspace's residual stream.
     *
     * @param modulated the layer's modulation at the solver's time [1, 6C]
     * @param past for the attention
     * @param layer index, for the tap
     */
    void forward(
            DitWorkspace ws, Matrix modulated, BlockAttention.@Nullable Past past, int layer, @Nullable DitTap tap) {
        norm(ws, part(modulated, 1), part(modulated, 0));
        attention.forward(ws, past);
        if (tap != null) {
            tap.afterAttention(layer, ws.branch().rows(0, ws.rows()));
        }
        addGated(ws, part(modulated, 2));
        norm(ws, part(modulated, 4), part(modulated, 3));
        feedForward(ws);
        addGated(ws, part(modulated, 5));
    }

    /** One of the six vectors [1, C]. */
    private static Matrix part(Matrix modulated, int i) {
        int channels = modulated.cols() / 6;
        return modulated.cols(i * channels, (i + 1) * channels);
    }

    /** {@code normed = norm(x) * (1 + scale) + shift}. */
    static void norm(DitWorkspace ws, Matrix scale, Matrix shift) {
        Matrix x = ws.x();
        Matrix y = ws.normed();
        ws.rows(
                x.rows(),
                row -> LayerNorm.adaptive(
                        x.data(),
                        x.rowOffset(row),
                        x.stride(),
                        scale.data(),
                        scale.offset(),
                        shift.data(),
                        shift.offset(),
                        EPS,
                        y.data(),
                        y.rowOffset(row),
                        y.stride(),
                        1,
                        x.cols()));
    }

    private static void addGated(DitWorkspace ws, Matrix gate) {
        Matrix x = ws.x();
        Matrix branch = ws.branch();
        ws.rows(
                x.rows(),
                row -> Elementwise.addMul(
                        branch.data(),
                        branch.rowOffset(row),
                        gate.data(),
                        gate.offset(),
                        x.data(),
                        x.rowOffset(row),
                        x.cols()));
    }

    /** {@code branch = contract(gelu(expand(normed)))}, GELU in the tanh form; in pieces of about one size, as long as the scratch allows. */
    private void feedForward(DitWorkspace ws) {
        Matrix y = ws.normed();
        Matrix out = ws.branch();
        int pieces = Math.ceilDiv(y.rows(), ws.inner().rows());
        for (int i = 0; i < pieces; i++) {
            int from = (int) ((long) y.rows() * i / pieces);
            int to = (int) (y.rows() * (i + 1L) / pieces);
            Matrix inner = ws.inner().rows(0, to - from);
            expand.forward(y.rows(from, to), inner, ws.workspace());
            ws.rows(
                    inner.rows(),
                    row -> Activation.geluTanh(
                            inner.data(), inner.rowOffset(row), inner.data(), inner.rowOffset(row), inner.cols()));
            contract.forward(inner, out.rows(from, to), ws.workspace());
        }
    }
}
