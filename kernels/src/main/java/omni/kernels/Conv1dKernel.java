package omni.kernels;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/** A rectangle of {@link Conv1d}'s output. */
interface Conv1dKernel {
    void reserve(Conv1d.Scratch scratch, Conv1d.Weights weights);

    /** Output frames of a unit, at least 1. */
    int unitFrames(int stride, int dilation, int taps);

    /** Outputs of a unit, at least 1. */
    int unitOutputs();

    /**
     * Output (n, t) of {@code outputFrom <= n < outputTo}, {@code frameFrom <= t < frameTo}: tap k reads frame
     * {@code first + t * stride + k * dilation} of the signal, which {@code padding} continues beyond its ends.
     */
    void block(
            MemorySegment x,
            long xOffset,
            int xChannelStride,
            int xFrameStride,
            int frames,
            Conv1d.Weights weights,
            @Nullable MemorySegment bias,
            long biasOffset,
            int stride,
            int dilation,
            int first,
            Conv1d.Padding padding,
            MemorySegment y,
            long yOffset,
            int yChannelStride,
            int yFrameStride,
            boolean accumulate,
            int outputFrom,
            int outputTo,
            int frameFrom,
            int frameTo,
            Conv1d.Scratch scratch);

    static int units(Conv1dKernel kernel, int outputFrames, int stride, int dilation, Conv1d.Weights weights) {
        int columns = Math.ceilDiv(outputFrames, kernel.unitFrames(stride, dilation, weights.taps));
        return Math.multiplyExact(columns, Math.ceilDiv(weights.outputs, kernel.unitOutputs()));
    }

    /** Units {@code unitFrom} to {@code unitTo} of all of the output. */
    static void run(
            Conv1dKernel kernel,
            MemorySegment x,
            long xOffset,
            int xChannelStride,
            int xFrameStride,
            int frames,
            Conv1d.Weights weights,
            @Nullable MemorySegment bias,
            long biasOffset,
            int stride,
            int dilation,
            int first,
            Conv1d.Padding padding,
            int outputFrames,
            MemorySegment y,
            long yOffset,
            int yChannelStride,
            int yFrameStride,
            boolean accumulate,
            int unitFrom,
            int unitTo,
            Conv1d.Scratch scratch) {
        int units = units(kernel, outputFrames, stride, dilation, weights);
        Floats.require(
                unitFrom >= 0 && unitFrom <= unitTo && unitTo <= units,
                "conv: unitFrom=" + unitFrom + ", unitTo=" + unitTo + ", units=" + units);
        kernel.reserve(scratch, weights);
        int height = kernel.unitOutputs();
        int width = kernel.unitFrames(stride, dilation, weights.taps);
        int rows = Math.ceilDiv(weights.outputs, height);
        for (int unit = unitFrom; unit < unitTo; unit++) {
            int n = unit % rows * height;
            int t = unit / rows * width;
            kernel.block(
                    x,
                    xOffset,
                    xChannelStride,
                    xFrameStride,
                    frames,
                    weights,
                    bias,
                    biasOffset,
                    stride,
                    dilation,
                    first,
                    padding,
                    y,
                    yOffset,
                    yChannelStride,
                    yFrameStride,
                    accumulate,
                    n,
                    Math.min(weights.outputs, n + height),
                    t,
                    Math.min(outputFrames, t + width),
                    scratch);
        }
    }
}
