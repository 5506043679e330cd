package omni.kernels;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import org.jspecify.annotations.Nullable;

/**
 * An implicit matrix product: what the taps of an output frame see is a row, the weights of an output are a column, and both are brought
 * block by block of the depth (taps times channels) to where {@link Tiles} multiplies them. So strides, dilations and padding cost
 * nothing beyond the copy of the rows, which all outputs of a unit share.
 */
final class VectorConv1d implements Conv1dKernel {
    /** Frames of a unit: enough that copying a panel, 12 KiB with AVX2, is a few percent of multiplying with it. */
    private static final int FRAMES = 192;

    /** Outputs of a unit, whole panels of 2 or 3 vectors. Their sums and the rows, 144 KiB each with 256-bit vectors, stay in the L2 cache. */
    private static final int OUTPUTS = 24 * Vectors.LANES;

    private static final int L = Vectors.LANES;
    private static final int D = Tiles.DEPTH;

    static final Panels.Cut CUT = new Panels.Cut(Tiles.COLUMNS, L);

    @Override
    public Panels.Cut cut() {
        return CUT;
    }

    @Override
    public int scratchRows() {
        return FRAMES * D;
    }

    @Override
    public int scratchPanel() {
        return D * Tiles.COLUMNS;
    }

    @Override
    public int scratchSums() {
        return OUTPUTS * FRAMES;
    }

    @Override
    public int unitFrames() {
        return FRAMES;
    }

    @Override
    public int unitOutputs() {
        return OUTPUTS;
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
        Panels panels = weights.panels;
        int rows = frameTo - frameFrom;
        int start = first + frameFrom * stride;
        Arrays.fill(scratch.sums, 0, (int) CUT.padded(outputTo - outputFrom) * FRAMES, 0);
        for (int d = 0; d < panels.depth; d += D) {
            int depth = Math.min(D, panels.depth - d);
            if (xChannelStride == 1) {
                gatherChannels(
                        x,
                        xOffset,
                        xFrameStride,
                        frames,
                        weights,
                        stride,
                        dilation,
                        start,
                        padding,
                        rows,
                        d,
                        depth,
                        scratch.rows);
            } else {
                gatherFrames(
                        x,
                        xOffset,
                        xChannelStride,
                        xFrameStride,
                        frames,
                        weights,
                        stride,
                        dilation,
                        start,
                        padding,
                        rows,
                        d,
                        depth,
                        scratch.rows);
            }
            for (int n = outputFrom; n < outputTo; n += Tiles.COLUMNS) {
                int width = CUT.width(n, panels.columns);
                int padded = Math.ceilDiv(rows, Tiles.height(width)) * Tiles.height(width);
                panels.copy(n, d, depth, scratch.panel);
                Tiles.multiply(
                        scratch.rows,
                        0,
                        padded,
                        scratch.panel,
                        0,
                        width,
                        depth,
                        scratch.sums,
                        (n - outputFrom) * FRAMES,
                        0);
            }
        }
        for (int n = outputFrom; n < outputTo; n += Tiles.COLUMNS) {
            int width = CUT.width(n, panels.columns);
            int used = Math.min(width, outputTo - n);
            int sum = (n - outputFrom) * FRAMES;
            long at = yOffset + (long) n * yChannelStride + (long) frameFrom * yFrameStride;
            if (yChannelStride == 1) {
                writeChannels(
                        scratch.sums, sum, width, rows, used, bias, biasOffset + n, y, at, yFrameStride, accumulate);
            } else {
                writeFrames(
                        scratch.sums,
                        sum,
                        width,
                        rows,
                        used,
                        bias,
                        biasOffset + n,
                        y,
                        at,
                        yChannelStride,
                        yFrameStride,
                        accumulate);
            }
        }
    }

    /** Columns {@code from} to {@code from + depth} of the rows, {@link Tiles#DEPTH} floats apart; channels of x are adjacent. */
    private static void gatherChannels(
            MemorySegment x,
            long xOffset,
            int xFrameStride,
            int frames,
            Conv1d.Weights weights,
            int stride,
            int dilation,
            int start,
            Conv1d.Padding padding,
            int rows,
            int from,
            int depth,
            float[] to) {
        int inputs = weights.inputs;
        int last = start + (rows - 1) * stride + (weights.taps - 1) * dilation;
        if (start >= 0 && last < frames && (weights.taps == 1 || xFrameStride * (long) dilation == inputs)) {
            // The taps of a row lie one behind the other.
            for (int r = 0; r < rows; r++) {
                long at = xOffset + (long) (start + r * stride) * xFrameStride + from;
                MemorySegment.copy(x, Floats.LAYOUT, at * Float.BYTES, to, r * D, depth);
            }
            return;
        }
        for (int d = from; d < from + depth; ) {
            int k = d / inputs;
            int c = d - k * inputs;
            int count = Math.min(inputs - c, from + depth - d);
            for (int r = 0; r < rows; r++) {
                int frame = ScalarConv1d.frame(start + r * stride + k * dilation, frames, padding);
                int out = r * D + d - from;
                if (frame < 0) {
                    Arrays.fill(to, out, out + count, 0);
                } else {
                    long at = xOffset + (long) frame * xFrameStride + c;
                    MemorySegment.copy(x, Floats.LAYOUT, at * Float.BYTES, to, out, count);
                }
            }
            d += count;
        }
    }

    /** The same for channels that are not adjacent: usually frames are. */
    private static void gatherFrames(
            MemorySegment x,
            long xOffset,
            int xChannelStride,
            int xFrameStride,
            int frames,
            Conv1d.Weights weights,
            int stride,
            int dilation,
            int start,
            Conv1d.Padding padding,
            int rows,
            int from,
            int depth,
            float[] to) {
        x = Floats.offHeap(x);
        for (int d = 0; d < depth; d++) {
            int k = (from + d) / weights.inputs;
            long channel = xOffset + (long) (from + d - k * weights.inputs) * xChannelStride;
            for (int r = 0; r < rows; r++) {
                int frame = ScalarConv1d.frame(start + r * stride + k * dilation, frames, padding);
                to[r * D + d] = frame < 0 ? 0 : Floats.get(x, channel + (long) frame * xFrameStride);
            }
        }
    }

    /** Sums [rows, width] plus bias to {@code used} adjacent channels of y. */
    static void writeChannels(
            float[] sums,
            int sum,
            int width,
            int rows,
            int used,
            @Nullable MemorySegment bias,
            long biasOffset,
            MemorySegment y,
            long yOffset,
            int yFrameStride,
            boolean accumulate) {
        y = Floats.offHeap(y);
        for (int n = 0; n < used; n += L) {
            VectorMask<Float> mask = VectorFunctions.first(Math.min(L, used - n));
            FloatVector b =
                    bias == null ? FloatVector.zero(Vectors.F32) : VectorFunctions.load(bias, biasOffset + n, mask);
            if (n + L <= used) {
                for (int r = 0; r < rows; r++) {
                    long at = yOffset + (long) r * yFrameStride + n;
                    FloatVector v = FloatVector.fromArray(Vectors.F32, sums, sum + r * width + n)
                            .add(b);
                    VectorFunctions.store(
                            accumulate ? VectorFunctions.load(y, at).add(v) : v, y, at);
                }
            } else {
                for (int r = 0; r < rows; r++) {
                    long at = yOffset + (long) r * yFrameStride + n;
                    FloatVector v = FloatVector.fromArray(Vectors.F32, sums, sum + r * width + n)
                            .add(b);
                    FloatVector old = VectorFunctions.load(y, at, mask);
                    VectorFunctions.store(accumulate ? old.add(v) : v, y, at, mask);
                }
            }
        }
    }

    private static void writeFrames(
            float[] sums,
            int sum,
            int width,
            int rows,
            int used,
            @Nullable MemorySegment bias,
            long biasOffset,
            MemorySegment y,
            long yOffset,
            int yChannelStride,
            int yFrameStride,
            boolean accumulate) {
        y = Floats.offHeap(y);
        for (int n = 0; n < used; n++) {
            float b = bias == null ? 0 : Floats.get(bias, biasOffset + n);
            for (int r = 0; r < rows; r++) {
                long at = yOffset + (long) n * yChannelStride + (long) r * yFrameStride;
                float v = sums[sum + r * width + n] + b;
                Floats.set(y, at, accumulate ? Floats.get(y, at) + v : v);
            }
        }
    }
}
