package omni.engine;

import java.lang.foreign.MemorySegment;
import omni.error.ModelFormatException;
import omni.kernels.RmsNorm;

/** Root-mean-square normalisation with its weight. */
public final class RmsNormLayer {
    /** Rows a thread takes at a time: a few microseconds of work, more than handing it over costs. */
    private static final int GRAIN = 8;

    private final MemorySegment weight;
    private final int channels;
    private final float eps;

    /**
     * @param weight [C]
     * @param channels C
     * @param eps added to the mean square
     * @throws ModelFormatException if the weight has another shape, or a type that is not F32, BF16 or F16
     */
    public RmsNormLayer(Tensor weight, int channels, float eps) {
        this.weight = StoredFloats.vector(weight, channels);
        this.channels = channels;
        this.eps = eps;
    }

    /**
     * @param x [T, C]
     * @param y [T, C], written; may be {@code x}
     */
    public void forward(Matrix x, Matrix y, Workspace ws) {
        if (x.cols() != channels || y.cols() != channels || x.rows() != y.rows()) {
            throw new IllegalArgumentException("rms norm: channels=" + channels + ", x=[" + x.rows() + "," + x.cols()
                    + "], y=[" + y.rows() + "," + y.cols() + "]");
        }
        ws.team()
                .run(
                        x.rows(),
                        GRAIN,
                        (from, to, worker) -> RmsNorm.rows(
                                x.data(),
                                x.rowOffset(from),
                                x.stride(),
                                weight,
                                0,
                                eps,
                                y.data(),
                                y.rowOffset(from),
                                y.stride(),
                                to - from,
                                channels));
    }
}
