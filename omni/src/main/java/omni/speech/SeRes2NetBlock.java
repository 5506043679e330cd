package omni.speech;

import omni.engine.Matrix;

/**
 * A block of the speaker encoder, SE-Res2Block (ECAPA paper, section 2.1): layer, Res2Net, layer, squeeze-excitation, and the
 * block's input added.
 */
record SeRes2NetBlock(TimeDelayLayer in, Res2NetBlock res2net, TimeDelayLayer out, SqueezeExcitation excitation) {
    /**
     * @param x [C, T]
     * @param y [C, T], written; must not overlap x
     */
    void forward(Matrix x, Matrix y, SpeakerEncoderWorkspace ws) {
        Matrix inner = ws.inner(x.rows());
        Matrix parts = ws.parts(x.rows());
        in.forward(x, inner, ws);
        res2net.forward(inner, parts, ws);
        out.forward(parts, inner, ws);
        excitation.forward(inner, x, y, ws);
    }
}
