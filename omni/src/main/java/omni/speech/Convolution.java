package omni.speech;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import omni.engine.StoredFloats;
import omni.engine.Tensor;
import omni.kernels.Conv1d;
import omni.kernels.FloatFormat;
import omni.kernels.WinogradConv1d;
import org.jspecify.annotations.Nullable;

/** Weights of one of the vocoder's convolutions, in the order of the kernel that computes it. */
final class Convolution {
    private final ConvolutionShape shape;
    private final Conv1d.@Nullable Weights direct;
    private final WinogradConv1d.@Nullable Weights tiled;
    private final @Nullable MemorySegment bias;

    /**
     * @param weight [N, I, taps]
     * @param bias [N], or null
     * @param memory where the weights are to live
     */
    Convolution(ConvolutionShape shape, Tensor weight, @Nullable Tensor bias, Arena memory) {
        this.shape = shape;
        FloatFormat format = StoredFloats.format(weight);
        int n = shape.outputs();
        int i = shape.inputs();
        int k = shape.taps();
        direct = shape.tiled() ? null : Conv1d.Weights.pack(weight.data(), 0, format, n, i, k, memory);
        tiled = shape.tiled() ? WinogradConv1d.Weights.pack(weight.data(), 0, format, n, i, k, memory) : null;
        this.bias = bias == null ? null : StoredFloats.vector(bias, n);
    }

    ConvolutionShape shape() {
        return shape;
    }

    Conv1d.@Nullable Weights direct() {
        return direct;
    }

    WinogradConv1d.@Nullable Weights tiled() {
        return tiled;
    }

    @Nullable
    MemorySegment bias() {
        return bias;
    }
}
