package omni.speech;

import omni.engine.Linear;
import omni.engine.Matrix;
import omni.kernels.Activation;
import omni.kernels.Elementwise;
import omni.kernels.Reduce;

/**
 * A gate for every channel, opened by the means over time of all of them: {@code s = sigmoid(expand(relu(squeeze(mean_t x))))} (Hu et
 * al., "Squeeze-and-Excitation Networks", 2018, section 3; equations 2 and 3 of the ECAPA paper).
 *
 * @param squeeze [S, C]
 * @param expand [C, S]
 */
record SqueezeExcitation(Linear squeeze, Linear expand) {
    /**
     * {@code y = x * s + residual}, row by row.
     *
     * @param x [C, T]
     * @param residual [C, T]
     * @param y [C, T], written
     */
    void forward(Matrix x, Matrix residual, Matrix y, SpeakerEncoderWorkspace ws) {
        int frames = x.cols();
        Matrix gates = ws.gates(expand.outputs());
        Matrix squeezed = ws.squeezed();
        ws.rows(x.rows(), c -> gates.set(0, c, Reduce.sum(x.data(), x.rowOffset(c), frames) / frames));
        squeeze.forward(gates, squeezed, ws.workspace());
        Activation.relu(squeezed.data(), squeezed.offset(), squeezed.data(), squeezed.offset(), squeezed.cols());
        expand.forward(squeezed, gates, ws.workspace());
        Activation.sigmoid(gates.data(), gates.offset(), gates.data(), gates.offset(), gates.cols());
        ws.rows(x.rows(), c -> {
            Elementwise.copy(residual.data(), residual.rowOffset(c), y.data(), y.rowOffset(c), frames);
            Elementwise.axpy(gates.get(0, c), x.data(), x.rowOffset(c), y.data(), y.rowOffset(c), frames);
        });
    }
}
