package omni.kernels;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/** The definition. */
final class ScalarConv1d implements Conv1dKernel {
    static final Panels.Cut CUT = new Panels.Cut(16, 1);

    @Override
    public Panels.Cut cut() {
        return CUT;
    }

    @Override
    public int scratchRows() {
        return 0;
    }

    @Override
    public int scratchPanel() {
        return 0;
    }

    @Override
    public int scratchSums() {
        return 0;
    }

    @Override
    public int unitFrames() {
        return 64;
    }

    @Override
    public int unitOutputs() {
        return 16;
    }

    @Override
    public void block(
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
            Conv1d.Scratch scratch) {
        for (int n = outputFrom; n < outputTo; n++) {
            for (int t = frameFrom; t < frameTo; t++) {
                double sum = bias == null ? 0 : Floats.get(bias, biasOffset + n);
                for (int k = 0; k < weights.taps; k++) {
                    int frame = frame(first + t * stride + k * dilation, frames, padding);
                    for (int c = 0; c < weights.inputs && frame >= 0; c++) {
                        long at = xOffset + (long) c * xChannelStride + (long) frame * xFrameStride;
                        sum += (double) weights.get(n, c, k) * Floats.get(x, at);
                    }
                }
                long at = yOffset + (long) n * yChannelStride + (long) t * yFrameStride;
                Floats.set(y, at, (float) (accumulate ? Floats.get(y, at) + sum : sum));
            }
        }
    }

    /** The frame of the signal that stands for frame {@code i}, or -1 for a zero. */
    static int frame(int i, int frames, Conv1d.Padding padding) {
        if (i >= 0 && i < frames) {
            return i;
        }
        return switch (padding) {
            case ZERO -> -1;
            case REFLECT -> i < 0 ? -i : 2 * (frames - 1) - i;
            case REPLICATE -> i < 0 ? 0 : frames - 1;
        };
    }
}
