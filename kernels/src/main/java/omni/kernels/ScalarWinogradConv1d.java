package omni.kernels;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/** The definition. */
final class ScalarWinogradConv1d implements WinogradConv1dKernel {
    private static final int POINTS = WinogradConv1d.POINTS;

    /** B^T: a window's 7 frames to 7 points. */
    private static final double[][] FRAMES_TO_POINTS = {
        {4, -8, -5, 10, 1, -2, 0},
        {0, 4, -4, -9, 1, 2, 0},
        {0, -4, 12, -7, -3, 2, 0},
        {0, 2, -3, -4, 3, 2, 0},
        {0, 2, -5, 0, 5, -2, 0},
        {0, 4, 0, -5, 0, 1, 0},
        {0, -4, 8, 5, -10, -1, 2},
    };

    /** A^T: 7 points to a tile's 4 outputs, the values of {1, z, z^2, z^3} at them. */
    private static final double[][] POINTS_TO_OUTPUTS = {
        {1, 1, 1, 1, 1, 1, 0},
        {0, 1, -1, 2, -2, 1 / 2., 0},
        {0, 1, 1, 4, 4, 1 / 4., 0},
        {0, 1, -1, 8, -8, 1 / 8., 1},
    };

    @Override
    public Panels.Cut cut() {
        return ScalarConv1d.CUT;
    }

    @Override
    public int scratchRows(int inputs) {
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
    public int unitTiles(WinogradConv1d.Weights weights) {
        return 16;
    }

    @Override
    public int unitOutputs() {
        return 16;
    }

    @Override
    public void transform(
            MemorySegment x,
            long xOffset,
            int xStride,
            int frames,
            int frame,
            WinogradConv1d.Windows windows,
            int row,
            Conv1d.Scratch scratch) {
        for (int c = 0; c < windows.inputs; c++) {
            for (int p = 0; p < POINTS; p++) {
                double sum = 0;
                for (int i = 0; i < POINTS; i++) {
                    int t = frame + i * windows.dilation;
                    double value = t < 0 || t >= frames ? 0 : Floats.get(x, xOffset + (long) t * xStride + c);
                    sum += FRAMES_TO_POINTS[p][i] * value;
                }
                windows.data[p * windows.plane() + row * windows.inputs + c] = (float) sum;
            }
        }
    }

    @Override
    public void block(
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
            Conv1d.Scratch scratch) {
        double[] sums = new double[POINTS];
        for (int tile = tileFrom; tile < tileTo; tile++) {
            int row = WinogradConv1d.window(windows, tile) * windows.inputs;
            int frame = WinogradConv1d.outputFrame(windows, tile);
            for (int n = outputFrom; n < outputTo; n++) {
                for (int p = 0; p < POINTS; p++) {
                    sums[p] = 0;
                    for (int d = 0; d < weights.points[p].depth; d++) {
                        sums[p] += (double) windows.data[p * windows.plane() + row + d] * weights.points[p].get(d, n);
                    }
                }
                for (int i = 0; i < WinogradConv1d.TILE; i++) {
                    int t = frame + i * windows.dilation;
                    if (t >= windows.outputFrames) {
                        break;
                    }
                    double sum = bias == null ? 0 : Floats.get(bias, biasOffset + n);
                    for (int p = 0; p < POINTS; p++) {
                        sum += POINTS_TO_OUTPUTS[i][p] * sums[p];
                    }
                    long at = yOffset + (long) t * yStride + n;
                    Floats.set(y, at, (float) (accumulate ? Floats.get(y, at) + sum : sum));
                }
            }
        }
    }
}
