package omni.speech;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import omni.engine.Matrix;
import omni.engine.StoredFloats;
import omni.engine.Tensor;
import omni.engine.ThreadTeam;
import omni.error.ModelFormatException;
import omni.kernels.Conv1d;

/**
 * Convolution along time that keeps the number of frames; what it needs beyond the ends is the signal mirrored there. Channels are
 * rows. Weights are kept in float32, in the order of the kernel.
 */
final class SameConvolution {
    private final String name;
    private final Conv1d.Weights weights;
    private final MemorySegment bias;
    private final int dilation;

    /**
     * @param weight [N, C, taps]
     * @param bias [N]
     * @param dilation frames from one tap to the next
     * @throws ModelFormatException if a tensor has a type that is not F32, BF16 or F16
     */
    SameConvolution(Tensor weight, Tensor bias, int dilation) {
        name = weight.name();
        this.dilation = dilation;
        int outputs = Math.toIntExact(weight.size(0));
        weights = Conv1d.Weights.pack(
                weight.data(),
                0,
                StoredFloats.format(weight),
                outputs,
                Math.toIntExact(weight.size(1)),
                Math.toIntExact(weight.size(2)),
                Arena.ofAuto());
        this.bias = StoredFloats.vector(bias, outputs);
    }

    /** Output channels N. */
    int outputs() {
        return weights.outputs();
    }

    Conv1d.Weights weights() {
        return weights;
    }

    /** The fewest frames that can be mirrored as far as the taps reach. */
    int leastFrames() {
        return padRight() + 1;
    }

    /** The left half is rounded down, as in the reference, so this one is the longer. */
    private int padRight() {
        return pad() - pad() / 2;
    }

    private int pad() {
        return dilation * (weights.taps() - 1);
    }

    /**
     * Convolves.
     *
     * @param x [C, T], T at least {@link #leastFrames}
     * @param y [N, T], written; must not overlap x
     * @param scratch one for every thread
     */
    void forward(Matrix x, Matrix y, ThreadTeam team, Conv1d.Scratch[] scratch) {
        if (x.rows() != weights.inputs() || y.rows() != weights.outputs() || x.cols() != y.cols()) {
            throw new IllegalArgumentException("convolution: weight=" + name + ", inputs=" + weights.inputs()
                    + ", outputs=" + weights.outputs() + ", x=[" + x.rows() + "," + x.cols() + "], y=[" + y.rows() + ","
                    + y.cols() + "]");
        }
        int frames = x.cols();
        team.run(
                Conv1d.units(frames, weights),
                1,
                (from, to, worker) -> Conv1d.run(
                        x.data(),
                        x.offset(),
                        x.stride(),
                        1,
                        frames,
                        weights,
                        bias,
                        0,
                        1,
                        dilation,
                        pad() / 2,
                        padRight(),
                        Conv1d.Padding.REFLECT,
                        y.data(),
                        y.offset(),
                        y.stride(),
                        1,
                        false,
                        from,
                        to,
                        scratch[worker]));
    }
}
