package omni.kernels;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The convolution of {@link Conv1d} with stride 1 by minimal filtering (Winograd, "Arithmetic Complexity of Computations", 1980;
 * Lavin and Gray, "Fast Algorithms for Convolutional Neural Networks", 2016): F(4,4) gives 4 neighbouring outputs of 4 taps with 7
 * multiplications instead of 16. With c channels on either side these are 7 matrix products of half the work, and what comes
 * before and behind them grows only with the number of samples.
 *
 * <p>4 outputs of a tile lie {@code dilation} frames apart, so {@code 4 * dilation} frames are a span of as many tiles. Taps are taken
 * by fours: a window of 7 frames and its transform serve tap block j of one tile and tap block j - 1 of the next. With the matrices A, B, G of the
 * points 0, 1, -1, 2, -2, 1/2 and infinity: {@code y = A^T sum over c and j of (G w[c, j]) (B^T x[c, tile + j])}.
 *
 * <p>An output is computed from all frames that its tile sees, and rounding depends on all of them: the same bits need the same
 * tiles, so pieces of a signal have to begin and end at multiples of a span. The error is about five times that of {@link Conv1d}
 * (relative to the largest output, root mean square, measured on random data: 5e-7 for 768 channels and 11 taps).
 */
public final class WinogradConv1d {
    /** Outputs of a tile. */
    public static final int TILE = 4;

    /** Taps that are taken together. */
    static final int BLOCK = 4;

    /** Frames of a window, multiplications of a tile, and points of the transform. */
    static final int POINTS = TILE + BLOCK - 1;

    private static final WinogradConv1dKernel KERNEL =
            KernelProvider.vector() ? new VectorWinogradConv1d() : new ScalarWinogradConv1d();

    /** Weights as the products read them: for each point a matrix, whose rows are blocks of taps and in a block channels. Made once at load. */
    public static final class Weights {
        final Panels[] points = new Panels[POINTS];
        final int outputs;
        final int inputs;
        final int taps;

        private Weights(int outputs, int inputs, int taps, Panels.Cut cut, Arena memory) {
            this.outputs = outputs;
            this.inputs = inputs;
            this.taps = taps;
            for (int p = 0; p < POINTS; p++) {
                points[p] = new Panels(Math.multiplyExact(inputs, blocks(taps)), outputs, cut, memory);
            }
        }

        /**
         * Transforms weights stored as [outputs, inputs, taps].
         *
         * @param w memory that holds them, at any alignment
         * @param byteOffset bytes before the first
         * @param memory where the result is to live
         * @throws IllegalArgumentException if a size is not positive or the weights do not lie inside {@code w}
         */
        public static Weights pack(
                MemorySegment w, long byteOffset, FloatFormat format, int outputs, int inputs, int taps, Arena memory) {
            return pack(w, byteOffset, format, outputs, inputs, taps, KERNEL.cut(), memory);
        }

        static Weights pack(
                MemorySegment w,
                long byteOffset,
                FloatFormat format,
                int outputs,
                int inputs,
                int taps,
                Panels.Cut cut,
                Arena memory) {
            try (Arena stored = Arena.ofConfined()) {
                MemorySegment floats = Conv1d.Weights.widen(w, byteOffset, format, outputs, inputs, taps, stored);
                Weights weights = new Weights(outputs, inputs, taps, cut, memory);
                // A panel at a time through arrays: nothing is compiled yet when a model is loaded, and only these are
                // fast then.
                int row = inputs * taps;
                float[] panel = new float[cut.columns() * row];
                float[][] transformed = new float[POINTS][cut.columns() * inputs];
                for (int from = 0; from < outputs; from += cut.columns()) {
                    int used = Math.min(outputs - from, cut.columns());
                    MemorySegment.copy(floats, Floats.LAYOUT, 4L * from * row, panel, 0, used * row);
                    int width = cut.width(from, outputs);
                    if (used < width) {
                        for (float[] point : transformed) {
                            Arrays.fill(point, 0);
                        }
                    }
                    for (int j = 0; j < blocks(taps); j++) {
                        for (int n = 0; n < used; n++) {
                            transform(panel, n * row, inputs, taps, j * BLOCK, transformed, n, width);
                        }
                        for (int p = 0; p < POINTS; p++) {
                            weights.points[p].set(from, j * inputs, inputs, transformed[p]);
                        }
                    }
                }
                return weights;
            }
        }

        /** Taps {@code first} to {@code first + BLOCK} of all channels of one output, at all points. */
        private static void transform(
                float[] w, int row, int inputs, int taps, int first, float[][] points, int column, int width) {
            for (int c = 0; c < inputs; c++) {
                int at = row + c * taps;
                double w0 = tap(w, at, first, taps);
                double w1 = tap(w, at, first + 1, taps);
                double w2 = tap(w, at, first + 2, taps);
                double w3 = tap(w, at, first + 3, taps);
                int out = c * width + column;
                // G: the values of the polynomial w0 + w1 z + w2 z^2 + w3 z^3 at the points, times factors that leave
                // the other two matrices with small whole numbers and a few powers of two.
                points[0][out] = (float) (w0 / 4);
                points[1][out] = (float) ((w0 + w2 + (w1 + w3)) / -6);
                points[2][out] = (float) ((w0 + w2 - (w1 + w3)) / 18);
                points[3][out] = (float) ((w0 + 4 * w2 + (2 * w1 + 8 * w3)) / 72);
                points[4][out] = (float) ((w0 + 4 * w2 - (2 * w1 + 8 * w3)) / 120);
                points[5][out] = (float) ((8 * w0 + 4 * w1 + 2 * w2 + w3) * (4 / 45.));
                points[6][out] = (float) (w3 / 2);
            }
        }

        private static double tap(float[] w, int row, int k, int taps) {
            return k < taps ? w[row + k] : 0;
        }

        private static int blocks(int taps) {
            return Math.ceilDiv(taps, BLOCK);
        }

        /** Blocks of taps. */
        int blocks() {
            return blocks(taps);
        }

        /** Bytes of such weights. */
        public static long bytes(int outputs, int inputs, int taps) {
            return POINTS * Panels.bytes(Math.multiplyExact(inputs, blocks(taps)), outputs, KERNEL.cut());
        }

        public int outputs() {
            return outputs;
        }

        public int inputs() {
            return inputs;
        }

        public int taps() {
            return taps;
        }
    }

    /**
     * A signal's windows at all points; reused from convolution to convolution. On the Java heap, for the reason given in
     * {@link MatMul.Packed}.
     */
    public static final class Windows {
        float[] data = {};
        int outputFrames;
        int dilation;
        int inputs;
        int blocks;

        /** Tiles of one phase: of the frames with the same rest when divided by the dilation. */
        int tiles;

        /**
         * Takes the shape of the next convolution and grows if need be; the content is undefined until all windows are transformed.
         *
         * @param outputFrames of the convolution, at least 1
         * @param dilation frames from one tap to the next
         * @throws IllegalArgumentException if a size is not positive or the windows are too large for one array
         */
        public void shape(int outputFrames, int dilation, Weights weights) {
            reserve((int) size(outputFrames, dilation, weights.inputs, weights.taps));
            this.outputFrames = outputFrames;
            this.dilation = dilation;
            inputs = weights.inputs;
            blocks = weights.blocks();
            tiles = tiles(outputFrames, dilation);
        }

        /** Grows to {@code floats}, so that smaller convolutions do not allocate. */
        public void reserve(int floats) {
            if (data.length < floats) {
                data = new float[floats];
            }
        }

        private static int tiles(int outputFrames, int dilation) {
            return Math.ceilDiv(outputFrames, TILE * dilation);
        }

        private static long size(int outputFrames, int dilation, int inputs, int taps) {
            Floats.require(
                    outputFrames > 0 && dilation > 0 && dilation <= Integer.MAX_VALUE / TILE,
                    "winograd conv: outputFrames=" + outputFrames + ", dilation=" + dilation);
            long rows = (tiles(outputFrames, dilation) + Weights.blocks(taps) - 1L) * dilation;
            long size = Math.multiplyExact(POINTS * rows, (long) inputs);
            Floats.require(
                    size <= Integer.MAX_VALUE - 64L,
                    "winograd conv: outputFrames=" + outputFrames + ", inputs=" + inputs
                            + "; convolve fewer frames at a time");
            return size;
        }

        /** Bytes that windows of such a convolution hold. */
        public static long bytes(int outputFrames, int dilation, int inputs, int taps) {
            return size(outputFrames, dilation, inputs, taps) * Float.BYTES;
        }

        /** Number of windows, for splitting {@link WinogradConv1d#transform} over threads. */
        public int rows() {
            return phaseRows() * dilation;
        }

        /** Windows of one phase. */
        int phaseRows() {
            return tiles + blocks - 1;
        }

        /** Floats of one point. */
        int plane() {
            return rows() * inputs;
        }

        /** Bytes held. */
        public long bytes() {
            return (long) data.length * Float.BYTES;
        }
    }

    private WinogradConv1d() {}

    /** Multiplications of such a convolution, as a share of those of a direct one. */
    public static double share(int taps) {
        return (double) POINTS * Weights.blocks(taps) / (TILE * taps);
    }

    /** Grows memory to what convolutions of at most so many channels need, by this class or by {@link Conv1d}. */
    public static void reserve(Conv1d.Scratch scratch, int inputs) {
        scratch.reserve();
        KERNEL.reserve(scratch, inputs);
    }

    /** Bytes of such memory. */
    public static long scratchBytes(int inputs) {
        return Conv1d.scratchBytes(KERNEL.scratchRows(inputs), KERNEL.scratchPanel(), KERNEL.scratchSums());
    }

    /**
     * Transforms windows {@code from} (inclusive) to {@code to} (exclusive) of a signal.
     *
     * @param x signal [T, C], frames {@code xStride} floats apart
     * @param frames T; beyond either end are zeros
     * @param first the frame that tap 0 of output 0 sees, negative before the signal
     * @param windows receives them; has its shape already
     * @param to at most {@link Windows#rows}
     * @param scratch of this thread alone
     * @throws IllegalArgumentException if the signal does not lie inside its memory or there are no such windows
     */
    public static void transform(
            MemorySegment x,
            long xOffset,
            int xStride,
            int frames,
            int first,
            Windows windows,
            int from,
            int to,
            Conv1d.Scratch scratch) {
        transform(KERNEL, x, xOffset, xStride, frames, first, windows, from, to, scratch);
    }

    static void transform(
            WinogradConv1dKernel kernel,
            MemorySegment x,
            long xOffset,
            int xStride,
            int frames,
            int first,
            Windows windows,
            int from,
            int to,
            Conv1d.Scratch scratch) {
        Floats.checkRows("winograd conv: x", x, xOffset, xStride, frames, windows.inputs);
        Floats.require(
                from >= 0 && from <= to && to <= windows.rows(),
                "winograd conv: from=" + from + ", to=" + to + ", windows=" + windows.rows());
        kernel.reserve(scratch, windows.inputs);
        for (int row = from; row < to; row++) {
            kernel.transform(x, xOffset, xStride, frames, first + frame(windows, row), windows, row, scratch);
        }
    }

    /** First frame of a window, counted from that of window 0. */
    private static int frame(Windows windows, int row) {
        int phase = row / windows.phaseRows();
        int step = row - phase * windows.phaseRows();
        return phase + step * TILE * windows.dilation;
    }

    /** Number of units of {@link #multiply}, for splitting it over threads. */
    public static int units(Windows windows, Weights weights) {
        return units(KERNEL, windows, weights);
    }

    static int units(WinogradConv1dKernel kernel, Windows windows, Weights weights) {
        return Math.multiplyExact(
                groups(kernel, windows, weights), Math.ceilDiv(weights.outputs, kernel.unitOutputs()));
    }

    /** Groups of about as many tiles each. */
    private static int groups(WinogradConv1dKernel kernel, Windows windows, Weights weights) {
        return Math.ceilDiv(windows.tiles * windows.dilation, kernel.unitTiles(weights));
    }

    /**
     * Multiplies and transforms back.
     *
     * @param windows of the signal, all transformed
     * @param weights with which the windows were shaped
     * @param bias [N]
     * @param y output [outputFrames, N], frames {@code yStride} floats apart
     * @param accumulate whether the result is added to what y holds
     * @param unitFrom first unit to compute, inclusive
     * @param unitTo last unit, exclusive; at most {@link #units}
     * @param scratch of this thread alone
     * @throws IllegalArgumentException if sizes contradict each other or an operand does not lie inside its memory
     */
    public static void multiply(
            Windows windows,
            Weights weights,
            @Nullable MemorySegment bias,
            long biasOffset,
            MemorySegment y,
            long yOffset,
            int yStride,
            boolean accumulate,
            int unitFrom,
            int unitTo,
            Conv1d.Scratch scratch) {
        multiply(
                KERNEL, windows, weights, bias, biasOffset, y, yOffset, yStride, accumulate, unitFrom, unitTo, scratch);
    }

    static void multiply(
            WinogradConv1dKernel kernel,
            Windows windows,
            Weights weights,
            @Nullable MemorySegment bias,
            long biasOffset,
            MemorySegment y,
            long yOffset,
            int yStride,
            boolean accumulate,
            int unitFrom,
            int unitTo,
            Conv1d.Scratch scratch) {
        Floats.require(
                windows.inputs == weights.inputs && windows.blocks == weights.blocks(),
                "winograd conv: windows=[" + windows.outputFrames + "," + windows.inputs + "], weights=["
                        + weights.outputs + "," + weights.inputs + "," + weights.taps + "]");
        Floats.checkRows("winograd conv: y", y, yOffset, yStride, windows.outputFrames, weights.outputs);
        if (bias != null) {
            Floats.check("winograd conv: bias", bias, biasOffset, weights.outputs);
        }
        int units = units(kernel, windows, weights);
        Floats.require(
                unitFrom >= 0 && unitFrom <= unitTo && unitTo <= units,
                "winograd conv: unitFrom=" + unitFrom + ", unitTo=" + unitTo + ", units=" + units);
        kernel.reserve(scratch, weights.inputs);
        int columns = Math.ceilDiv(weights.outputs, kernel.unitOutputs());
        int tiles = windows.tiles * windows.dilation;
        int groups = groups(kernel, windows, weights);
        for (int unit = unitFrom; unit < unitTo; unit++) {
            int n = unit % columns * kernel.unitOutputs();
            int group = unit / columns;
            kernel.block(
                    windows,
                    weights,
                    bias,
                    biasOffset,
                    y,
                    yOffset,
                    yStride,
                    accumulate,
                    n,
                    Math.min(weights.outputs, n + kernel.unitOutputs()),
                    (int) ((long) tiles * group / groups),
                    (int) ((long) tiles * (group + 1) / groups),
                    scratch);
        }
    }

    /** Output frame of the first of a tile's 4 outputs. */
    static int outputFrame(Windows windows, int tile) {
        int phase = tile / windows.tiles;
        int step = tile - phase * windows.tiles;
        return phase + step * TILE * windows.dilation;
    }

    /** Window that tap block 0 of a tile sees; block j sees the one j later. */
    static int window(Windows windows, int tile) {
        int phase = tile / windows.tiles;
        return tile + phase * (windows.blocks - 1);
    }
}
