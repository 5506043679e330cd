package omni.kernels;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/** The two halves of {@link WinogradConv1d}. */
interface WinogradConv1dKernel {
    /** How the weights are cut into panels. */
    Panels.Cut cut();

    /** Floats that a thread needs for rows of windows. */
    int scratchRows(int inputs);

    /** Floats that a thread needs for a panel of weights. */
    int scratchPanel();

    /** Floats that a thread needs for sums. */
    int scratchSums();

    default void reserve(Conv1d.Scratch scratch, int inputs) {
        scratch.reserve(scratchRows(inputs), scratchPanel(), scratchSums());
    }

    /** Most tiles of a unit, at least 1. */
    int unitTiles(WinogradConv1d.Weights weights);

    /** Outputs of a unit, a multiple of a panel's columns. */
    int unitOutputs();

    /** Window {@code row}, whose 7 frames are {@code frame + i * dilation}: {@code B^T x} of every channel. */
    void transform(
            MemorySegment x,
            long xOffset,
            int xStride,
            int frames,
            int frame,
            WinogradConv1d.Windows windows,
            int row,
            Conv1d.Scratch scratch);

    /** Outputs {@code outputFrom <= n < outputTo} of tiles {@code tileFrom <= tile < tileTo}; of the last tiles only frames that y has. */
    void block(
            WinogradConv1d.Windows windows,
            WinogradConv1d.Weights weights,
            @Nullable MemorySegment bias,
            long biasOffset,
            MemorySegment y,
            long yOffset,
            int yStride,
            boolean accumulate,
            int outputFrom,
            int outputTo,
            int tileFrom,
            int tileTo,
            Conv1d.Scratch scratch);
}
