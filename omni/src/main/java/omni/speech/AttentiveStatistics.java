package omni.speech;

import omni.engine.Matrix;
import omni.kernels.Elementwise;
import omni.kernels.Pooling;
import omni.kernels.Softmax;
import omni.kernels.VectorMath;
import org.jspecify.annotations.Nullable;

/**
 * Mean and deviation over time, to which every frame contributes as much as the attention says, for each feature its own share (ECAPA
 * paper, section 2.2, equations 4 to 6). The attention sees the features beside their plain mean and deviation, so that it knows the
 * whole recording: {@code a = softmax_t(out(tanh(in([x; mean; deviation]))))}.
 *
 * @param in [A, 3C, 1]
 * @param out [C, A, 1]
 */
record AttentiveStatistics(TimeDelayLayer in, SameConvolution out) {
    /** Variances below are taken for this. */
    private static final float FLOOR = 1e-12f;

    /** Reads the workspace's aggregated features, writes its pooled ones. */
    void forward(SpeakerEncoderWorkspace ws) {
        Matrix context = ws.aggregated();
        int channels = context.rows() / 3;
        int frames = context.cols();
        Matrix x = context.rows(0, channels);
        Matrix pooled = ws.pooled();
        Matrix weights = ws.weights();
        ws.rows(channels, c -> {
            statistics(x, c, null, pooled);
            Elementwise.fill(context.data(), context.rowOffset(channels + c), pooled.get(0, c), frames);
            float deviation = pooled.get(0, channels + c);
            Elementwise.fill(context.data(), context.rowOffset(2 * channels + c), deviation, frames);
        });
        Matrix attention = ws.attention();
        in.forward(context, attention, ws);
        ws.rows(attention.rows(), a -> {
            long row = attention.rowOffset(a);
            VectorMath.tanh(attention.data(), row, attention.data(), row, frames);
        });
        out.forward(attention, weights, ws.team(), ws.convolutions());
        ws.rows(channels, c -> {
            Softmax.rows(weights.data(), weights.rowOffset(c), weights.stride(), 1, frames);
            statistics(x, c, weights, pooled);
        });
    }

    private static void statistics(Matrix x, int c, @Nullable Matrix weights, Matrix pooled) {
        Pooling.statistics(
                x.data(),
                x.rowOffset(c),
                x.stride(),
                weights == null ? null : weights.data(),
                weights == null ? 0 : weights.rowOffset(c),
                weights == null ? 0 : weights.stride(),
                1,
                x.cols(),
                FLOOR,
                pooled.data(),
                pooled.offset() + c,
                pooled.data(),
                pooled.offset() + x.rows() + c);
    }
}
