package omni.engine;

import java.lang.foreign.MemorySegment;
import omni.error.ModelFormatException;
import omni.kernels.LayerNorm;

/** Layer normalisation with its weight and bias. */
public final class LayerNormLayer {
    /** Rows a thread takes at a time: a few microseconds of work, more than handing it over costs. */
    private static final int GRAIN = 8;

    private final MemorySegment weight;
    private final MemorySegment bias;
    private final int channels;
    private final float eps;

    /**
     * @param weight [C]
     * @param bias [C]
     * @param channels C
     * @param eps added to the variance
     * @throws ModelFormatException if a tensor has another shape, or a type that is not F32, BF16 or F16
     */
    public LayerNormLayer(Tensor weight, Tensor bias, int channels, float eps) {
        this.weight = StoredFloats.vector(weight, channels);
        this.bias = StoredFloats.vector(bias, channels);
        this.channels = channels;
        this.eps = eps;
    }

    /**
     * @param x [T, C]
     * @param y [T, C], written; may be {@code x}
     */
    public void forward(Matrix x, Matrix y, Workspace ws) {
        if (x.cols() != channels || y.cols() != channels || x.rows() != y.rows()) {
            throw new IllegalArgumentException("layer norm: channels=" + channels + ", x=[" + x.rows() + "," + x.cols()
                    + "], y=[" + y.rows() + "," + y.cols() + "]");
        }
        ws.team()
                .run(
                        x.rows(),
                        GRAIN,
                        (from, to, worker) -> LayerNorm.rows(
                                x.data(),
                                x.rowOffset(from),
                                x.stride(),
                                weight,
                                0,
                                bias,
                                0,
                                eps,
                                y.data(),
                                y.rowOffset(from),
                                y.stride(),
                                to - from,
                                channels));
    }
}
