package omni.speech;

import omni.engine.Matrix;
import omni.kernels.Activation;

/** A layer of a time delay neural network, TDNN: {@code relu(convolution(x))}. Channels are rows. */
record TimeDelayLayer(SameConvolution convolution) {
    /**
     * @param x [C, T]
     * @param y [N, T], written; must not overlap x
     */
    void forward(Matrix x, Matrix y, SpeakerEncoderWorkspace ws) {
        convolution.forward(x, y, ws.team(), ws.convolutions());
        ws.rows(y.rows(), c -> Activation.relu(y.data(), y.rowOffset(c), y.data(), y.rowOffset(c), y.cols()));
    }
}
