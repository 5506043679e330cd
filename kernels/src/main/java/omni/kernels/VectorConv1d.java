package omni.kernels;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import org.jspecify.annotations.Nullable;

/**
 * An implicit matrix product: a window of the signal is copied once into rows of {@link #WIDTH} floats, padding included, and every tap
 * reads it from there, shifted. A stride s > 1 splits each row into s phases, which makes the shifts of a tap contiguous again.
 *
 * <p>For every block of input channels and every {@link #ROWS} outputs, a tile of 3 outputs by 3 vectors of frames runs over all taps and
 * channels with its sums in registers (9 sums, 3 + 3 operands: what C2 keeps in 16 registers).
 */
final class VectorConv1d implements Conv1dKernel {
    /** Floats of a row of the window. With {@link Conv1d.Weights#BLOCK} rows it stays in the L2 cache. */
    private static final int WIDTH = 160;

    /** Most output frames of a unit: whole triples of vectors for every width. */
    private static final int FRAMES = 96;

    /** Outputs of a unit; the window is copied once for all of them. */
    private static final int OUTPUTS = 384;

    /** Outputs whose weights are copied at a time; every tile's height divides it. */
    private static final int ROWS = 24;

    private static final int BLOCK = Conv1d.Weights.BLOCK;
    private static final int L = Vectors.LANES;
    private static final ScalarConv1d SCALAR = new ScalarConv1d();

    @Override
    public void reserve(Conv1d.Scratch scratch, Conv1d.Weights weights) {
        // A tile may read a few vectors behind the last row.
        scratch.signal = atLeast(scratch.signal, BLOCK * WIDTH + 3 * L);
        scratch.weights =
                atLeast(scratch.weights, Math.multiplyExact(ROWS * Math.min(BLOCK, weights.inputs), weights.taps));
        scratch.sums = atLeast(scratch.sums, OUTPUTS * FRAMES);
    }

    private static float[] atLeast(float[] array, int size) {
        return array.length >= size ? array : new float[size];
    }

    /** Output frames that a window serves: what is left of a phase behind the last tap's shift. */
    private static int capacity(int stride, int dilation, int taps) {
        long shift = (taps - 1L) * dilation / stride;
        return (int) Math.max(0, Math.min(FRAMES, WIDTH / stride - shift));
    }

    @Override
    public int unitFrames(int stride, int dilation, int taps) {
        int capacity = capacity(stride, dilation, taps);
        return capacity < L ? SCALAR.unitFrames(stride, dilation, taps) : capacity / L * L;
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
        if (capacity(stride, dilation, weights.taps) < L) {
            // Strides and dilations that no window holds; none of the models has them.
            SCALAR.block(
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
                    outputFrom,
                    outputTo,
                    frameFrom,
                    frameTo,
                    scratch);
            return;
        }
        int taps = weights.taps;
        int columns = frameTo - frameFrom;
        int vectors = (columns + L - 1) / L;
        Arrays.fill(scratch.sums, 0, (outputTo - outputFrom) * FRAMES, 0);
        int from = first + frameFrom * stride;
        int length = (columns - 1) * stride + (taps - 1) * dilation + 1;
        for (int c = 0; c < weights.inputs; c += BLOCK) {
            int depth = Math.min(BLOCK, weights.inputs - c);
            copyWindow(
                    x,
                    xOffset + (long) c * xChannelStride,
                    xChannelStride,
                    xFrameStride,
                    frames,
                    padding,
                    depth,
                    from,
                    length,
                    stride,
                    scratch.signal);
            for (int n = outputFrom; n < outputTo; n += ROWS) {
                int rows = Math.min(ROWS, outputTo - n);
                long at = weights.index(n, c, 0);
                MemorySegment.copy(
                        weights.data, Floats.LAYOUT, at * Float.BYTES, scratch.weights, 0, rows * taps * depth);
                multiply(
                        scratch.weights,
                        rows,
                        taps,
                        depth,
                        scratch.signal,
                        vectors,
                        stride,
                        dilation,
                        scratch.sums,
                        (n - outputFrom) * FRAMES);
            }
        }
        for (int n = outputFrom; n < outputTo; n++) {
            float b = bias == null ? 0 : Floats.get(bias, biasOffset + n);
            long at = yOffset + (long) n * yChannelStride + (long) frameFrom * yFrameStride;
            int row = (n - outputFrom) * FRAMES;
            if (yFrameStride == 1) {
                writeAdjacent(scratch.sums, row, b, y, at, columns, accumulate);
            } else {
                writeApart(scratch.sums, row, b, y, at, yFrameStride, columns, accumulate);
            }
        }
    }

    /** Frames {@code from .. from + length - 1} of {@code channels} channels; frame i goes to phase {@code i % stride}. */
    private static void copyWindow(
            MemorySegment x,
            long xOffset,
            int xChannelStride,
            int xFrameStride,
            int frames,
            Conv1d.Padding padding,
            int channels,
            int from,
            int length,
            int stride,
            float[] to) {
        boolean inside = from >= 0 && from + length <= frames;
        if (inside && xFrameStride == 1 && stride == 1) {
            for (int c = 0; c < channels; c++) {
                long at = xOffset + (long) c * xChannelStride + from;
                MemorySegment.copy(x, Floats.LAYOUT, at * Float.BYTES, to, c * WIDTH, length);
            }
            return;
        }
        int phaseWidth = WIDTH / stride;
        for (int i = 0; i < length; i++) {
            int frame = ScalarConv1d.frame(from + i, frames, padding);
            int column = i % stride * phaseWidth + i / stride;
            if (frame < 0) {
                for (int c = 0; c < channels; c++) {
                    to[c * WIDTH + column] = 0;
                }
            } else {
                copyFrame(x, xOffset + (long) frame * xFrameStride, xChannelStride, channels, to, column);
            }
        }
    }

    private static void copyFrame(
            MemorySegment x, long xOffset, int xChannelStride, int channels, float[] to, int column) {
        x = Floats.offHeap(x);
        if (xChannelStride == 1) {
            for (int c = 0; c < channels; c++) {
                to[column + c * WIDTH] = Floats.get(x, xOffset + c);
            }
        } else {
            for (int c = 0; c < channels; c++) {
                to[column + c * WIDTH] = Floats.get(x, xOffset + (long) c * xChannelStride);
            }
        }
    }

    /** {@code sums[row][t] += sum_k sum_c weights[row][k][c] signal[c][shift(k) + t]}; some rows and columns more than asked. */
    private static void multiply(
            float[] weights,
            int rows,
            int taps,
            int depth,
            float[] signal,
            int vectors,
            int stride,
            int dilation,
            float[] sums,
            int sum) {
        int v = 0;
        for (; v + 3 <= vectors; v += 3) {
            for (int row = 0; row < rows; row += 3) {
                tile3x3(
                        weights,
                        row * taps * depth,
                        taps,
                        depth,
                        signal,
                        v * L,
                        stride,
                        dilation,
                        sums,
                        sum + row * FRAMES + v * L);
            }
        }
        for (; v < vectors; v++) {
            for (int row = 0; row < rows; row += 8) {
                tile8x1(
                        weights,
                        row * taps * depth,
                        taps,
                        depth,
                        signal,
                        v * L,
                        stride,
                        dilation,
                        sums,
                        sum + row * FRAMES + v * L);
            }
        }
    }

    private static FloatVector load(float[] x, int offset) {
        return FloatVector.fromArray(Vectors.F32, x, offset);
    }

    private static FloatVector splat(float x) {
        return FloatVector.broadcast(Vectors.F32, x);
    }

    private static void add(FloatVector sum, float[] sums, int offset) {
        load(sums, offset).add(sum).intoArray(sums, offset);
    }

    private static void tile3x3(
            float[] weights,
            int weight,
            int taps,
            int depth,
            float[] signal,
            int column,
            int stride,
            int dilation,
            float[] sums,
            int sum) {
        int row = taps * depth;
        FloatVector s00 = FloatVector.zero(Vectors.F32);
        FloatVector s01 = s00;
        FloatVector s02 = s00;
        FloatVector s10 = s00;
        FloatVector s11 = s00;
        FloatVector s12 = s00;
        FloatVector s20 = s00;
        FloatVector s21 = s00;
        FloatVector s22 = s00;
        for (int k = 0; k < taps; k++) {
            int shift = k * dilation;
            int b = column + shift % stride * (WIDTH / stride) + shift / stride;
            int w0 = weight + k * depth;
            int w1 = w0 + row;
            int w2 = w1 + row;
            for (int c = 0; c < depth; c++) {
                int at = b + c * WIDTH;
                FloatVector b0 = load(signal, at);
                FloatVector b1 = load(signal, at + L);
                FloatVector b2 = load(signal, at + 2 * L);
                FloatVector a0 = splat(weights[w0 + c]);
                s00 = b0.fma(a0, s00);
                s01 = b1.fma(a0, s01);
                s02 = b2.fma(a0, s02);
                FloatVector a1 = splat(weights[w1 + c]);
                s10 = b0.fma(a1, s10);
                s11 = b1.fma(a1, s11);
                s12 = b2.fma(a1, s12);
                FloatVector a2 = splat(weights[w2 + c]);
                s20 = b0.fma(a2, s20);
                s21 = b1.fma(a2, s21);
                s22 = b2.fma(a2, s22);
            }
        }
        add(s00, sums, sum);
        add(s01, sums, sum + L);
        add(s02, sums, sum + 2 * L);
        add(s10, sums, sum + FRAMES);
        add(s11, sums, sum + FRAMES + L);
        add(s12, sums, sum + FRAMES + 2 * L);
        add(s20, sums, sum + 2 * FRAMES);
        add(s21, sums, sum + 2 * FRAMES + L);
        add(s22, sums, sum + 2 * FRAMES + 2 * L);
    }

    private static void tile8x1(
            float[] weights,
            int weight,
            int taps,
            int depth,
            float[] signal,
            int column,
            int stride,
            int dilation,
            float[] sums,
            int sum) {
        int row = taps * depth;
        FloatVector s0 = FloatVector.zero(Vectors.F32);
        FloatVector s1 = s0;
        FloatVector s2 = s0;
        FloatVector s3 = s0;
        FloatVector s4 = s0;
        FloatVector s5 = s0;
        FloatVector s6 = s0;
        FloatVector s7 = s0;
        for (int k = 0; k < taps; k++) {
            int shift = k * dilation;
            int b = column + shift % stride * (WIDTH / stride) + shift / stride;
            int w0 = weight + k * depth;
            int w1 = w0 + row;
            int w2 = w1 + row;
            int w3 = w2 + row;
            int w4 = w3 + row;
            int w5 = w4 + row;
            int w6 = w5 + row;
            int w7 = w6 + row;
            for (int c = 0; c < depth; c++) {
                FloatVector b0 = load(signal, b + c * WIDTH);
                s0 = b0.fma(splat(weights[w0 + c]), s0);
                s1 = b0.fma(splat(weights[w1 + c]), s1);
                s2 = b0.fma(splat(weights[w2 + c]), s2);
                s3 = b0.fma(splat(weights[w3 + c]), s3);
                s4 = b0.fma(splat(weights[w4 + c]), s4);
                s5 = b0.fma(splat(weights[w5 + c]), s5);
                s6 = b0.fma(splat(weights[w6 + c]), s6);
                s7 = b0.fma(splat(weights[w7 + c]), s7);
            }
        }
        add(s0, sums, sum);
        add(s1, sums, sum + FRAMES);
        add(s2, sums, sum + 2 * FRAMES);
        add(s3, sums, sum + 3 * FRAMES);
        add(s4, sums, sum + 4 * FRAMES);
        add(s5, sums, sum + 5 * FRAMES);
        add(s6, sums, sum + 6 * FRAMES);
        add(s7, sums, sum + 7 * FRAMES);
    }

    private static void writeAdjacent(
            float[] sums, int row, float bias, MemorySegment y, long yOffset, int columns, boolean accumulate) {
        y = Floats.offHeap(y);
        for (int t = 0; t < columns; t++) {
            float sum = sums[row + t] + bias;
            Floats.set(y, yOffset + t, accumulate ? Floats.get(y, yOffset + t) + sum : sum);
        }
    }

    private static void writeApart(
            float[] sums,
            int row,
            float bias,
            MemorySegment y,
            long yOffset,
            int yFrameStride,
            int columns,
            boolean accumulate) {
        y = Floats.offHeap(y);
        for (int t = 0; t < columns; t++) {
            long at = yOffset + (long) t * yFrameStride;
            float sum = sums[row + t] + bias;
            Floats.set(y, at, accumulate ? Floats.get(y, at) + sum : sum);
        }
    }
}
