package omni.kernels;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/** A rectangle of {@link Conv1d}'s output. */
interface Conv1dKernel {
    /** How the weights are cut into panels. */
    Panels.Cut cut();

    /** Floats that a thread needs for rows of the signal. */
    int scratchRows();

    /** Floats that a thread needs for a panel of weights. */
    int scratchPanel();

    /** Floats that a thread needs for sums. */
    int scratchSums();

    /** Grows memory to what any convolution needs. */
    default void reserve(Conv1d.Scratch scratch) {
        scratch.reserve(scratchRows(), scratchPanel(), scratchSums());
    }

    /** Most output frames of a unit, at least 1. */
    int unitFrames();

    /** Outputs of a unit, a multiple of a panel's columns. */
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

    static int units(Conv1dKernel kernel, int outputFrames, Conv1d.Weights weights) {
        return Math.multiplyExact(
                Math.ceilDiv(outputFrames, kernel.unitFrames()), Math.ceilDiv(weights.outputs, kernel.unitOutputs()));
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
        int units = units(kernel, outputFrames, weights);
        Floats.require(
                unitFrom >= 0 && unitFrom <= unitTo && unitTo <= units,
                "conv: unitFrom=" + unitFrom + ", unitTo=" + unitTo + ", units=" + units);
        kernel.reserve(scratch);
        int height = kernel.unitOutputs();
        int rows = Math.ceilDiv(weights.outputs, height);
        int groups = Math.ceilDiv(outputFrames, kernel.unitFrames());
        for (int unit = unitFrom; unit < unitTo; unit++) {
            int n = unit % rows * height;
            int group = unit / rows;
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
                    (int) ((long) outputFrames * group / groups),
                    (int) ((long) outputFrames * (group + 1) / groups),
                    scratch);
        }
    }
}
