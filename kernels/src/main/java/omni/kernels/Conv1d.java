package omni.kernels;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * Convolution along time (cross-correlation, as networks mean it):
 * {@code y[n,t] = b[n] + sum_c sum_k w[n,c,k] x[c, t * stride + k * dilation - padLeft]}.
 *
 * <p>Channels may be rows or columns on either side: element (c, t) lies at {@code offset + c * channelStride + t * frameStride}. Channels
 * adjacent (channelStride 1) is faster.
 *
 * <p>Work is counted in units that a caller may spread over threads in any way; each thread needs a {@link Scratch}. Each output is one
 * sum in an order that depends on the shape of the weights only, so a signal gives the same bits whole or in overlapping pieces.
 */
public final class Conv1d {
    private static final Conv1dKernel KERNEL = KernelProvider.vector() ? new VectorConv1d() : new ScalarConv1d();

    /** What lies outside the signal. */
    public enum Padding {
        /** Zeros. */
        ZERO,
        /** The signal mirrored at its first and last frame, which are not repeated. */
        REFLECT,
        /** The first or last frame. */
        REPLICATE
    }

    /** Weights in the order the kernel reads, in float32: rows of outputs, tap after tap and in a tap channel after channel. Made once at load. */
    public static final class Weights {
        final Panels panels;
        final int outputs;
        final int inputs;
        final int taps;

        /** One weight. */
        interface Source {
            float weight(int output, int input, int tap);
        }

        Weights(int outputs, int inputs, int taps, Panels.Cut cut, Arena memory, Source source) {
            this.outputs = outputs;
            this.inputs = inputs;
            this.taps = taps;
            panels = new Panels(Math.multiplyExact(inputs, taps), outputs, cut, memory);
            // Outputs innermost: writes are adjacent, and of the weights as stored only as many rows are open as a
            // panel has columns.
            for (int from = 0; from < outputs; from += cut.columns()) {
                int to = Math.min(outputs, from + cut.columns());
                for (int c = 0; c < inputs; c++) {
                    for (int k = 0; k < taps; k++) {
                        long at = panels.index(k * inputs + c, from);
                        for (int n = from; n < to; n++) {
                            Floats.set(panels.data, at + n - from, source.weight(n, c, k));
                        }
                    }
                }
            }
        }

        /**
         * Reads weights stored as [outputs, inputs, taps].
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
                MemorySegment floats = widen(w, byteOffset, format, outputs, inputs, taps, stored);
                return new Weights(
                        outputs,
                        inputs,
                        taps,
                        cut,
                        memory,
                        (n, c, k) -> Floats.get(floats, ((long) n * inputs + c) * taps + k));
            }
        }

        /** Weights of three sizes as adjacent floats. */
        static MemorySegment widen(
                MemorySegment w, long byteOffset, FloatFormat format, int a, int b, int c, Arena memory) {
            Floats.require(a > 0 && b > 0 && c > 0, "conv: weights=[" + a + "," + b + "," + c + "]");
            int n = Math.multiplyExact(Math.multiplyExact(a, b), c);
            MemorySegment floats = memory.allocate((long) n * Float.BYTES, 64);
            Convert.toF32(w, byteOffset, format, floats, 0, n);
            return floats;
        }

        /** Bytes of such weights. */
        public static long bytes(int outputs, int inputs, int taps) {
            return Panels.bytes(Math.multiplyExact(inputs, taps), outputs, KERNEL.cut());
        }

        float get(int output, int input, int tap) {
            return panels.get(tap * inputs + input, output);
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

    /** Memory that one thread needs. It grows as asked and its content does not matter between calls. */
    public static final class Scratch {
        float[] rows = {};
        float[] panel = {};
        float[] sums = {};

        /** Grows to what any convolution needs, so that none allocates. */
        public void reserve() {
            KERNEL.reserve(this);
        }

        void reserve(int rows, int panel, int sums) {
            this.rows = this.rows.length >= rows ? this.rows : new float[rows];
            this.panel = this.panel.length >= panel ? this.panel : new float[panel];
            this.sums = this.sums.length >= sums ? this.sums : new float[sums];
        }

        /** Bytes held. */
        public long bytes() {
            return ((long) rows.length + panel.length + sums.length) * Float.BYTES;
        }
    }

    private Conv1d() {}

    /** Bytes of a scratch that was reserved for this class and for more. */
    static long scratchBytes(int rows, int panel, int sums) {
        return ((long) Math.max(rows, KERNEL.scratchRows())
                        + Math.max(panel, KERNEL.scratchPanel())
                        + Math.max(sums, KERNEL.scratchSums()))
                * Float.BYTES;
    }

    /**
     * Frames of the output: those whose taps all lie inside the padded signal.
     *
     * @throws IllegalArgumentException if there is none or a size makes no sense
     */
    public static int outputFrames(int frames, int taps, int stride, int dilation, int padLeft, int padRight) {
        Floats.require(
                frames > 0 && taps > 0 && stride > 0 && dilation > 0 && padLeft >= 0 && padRight >= 0,
                "conv: frames=" + frames + ", taps=" + taps + ", stride=" + stride + ", dilation=" + dilation
                        + ", padLeft=" + padLeft + ", padRight=" + padRight);
        long span = (taps - 1L) * dilation + 1;
        long padded = (long) frames + padLeft + padRight;
        Floats.require(
                padded >= span && padded <= Integer.MAX_VALUE,
                "conv: the signal is too short or too long: frames=" + frames + ", padLeft=" + padLeft + ", padRight="
                        + padRight + ", taps=" + taps + ", dilation=" + dilation);
        return (int) ((padded - span) / stride + 1);
    }

    /** Number of units of a convolution that gives {@code outputFrames}: blocks of frames times blocks of outputs. */
    public static int units(int outputFrames, Weights weights) {
        return Conv1dKernel.units(KERNEL, outputFrames, weights);
    }

    /**
     * Convolves.
     *
     * @param x signal [C,T]; strides in floats
     * @param frames T
     * @param weights [N,C,taps]
     * @param bias [N], null for zeros
     * @param stride frames of the signal from one output frame to the next
     * @param dilation frames of the signal from one tap to the next
     * @param padLeft frames put before the signal
     * @param padRight frames put behind it
     * @param padding what these hold; for {@link Padding#REFLECT} fewer than T
     * @param y output [N, {@link #outputFrames}]; must not overlap an input
     * @param accumulate whether the result is added to what y holds
     * @param unitFrom first unit to compute, inclusive
     * @param unitTo last unit, exclusive; at most {@link #units}
     * @param scratch of this thread alone
     * @throws IllegalArgumentException if sizes contradict each other or an operand does not lie inside its memory
     */
    public static void run(
            MemorySegment x,
            long xOffset,
            int xChannelStride,
            int xFrameStride,
            int frames,
            Weights weights,
            @Nullable MemorySegment bias,
            long biasOffset,
            int stride,
            int dilation,
            int padLeft,
            int padRight,
            Padding padding,
            MemorySegment y,
            long yOffset,
            int yChannelStride,
            int yFrameStride,
            boolean accumulate,
            int unitFrom,
            int unitTo,
            Scratch scratch) {
        int outputFrames = outputFrames(frames, weights.taps, stride, dilation, padLeft, padRight);
        Floats.require(
                padding != Padding.REFLECT || Math.max(padLeft, padRight) < frames,
                "conv: too few frames to reflect: frames=" + frames + ", padLeft=" + padLeft + ", padRight="
                        + padRight);
        checkGrid("conv: x", x, xOffset, xChannelStride, xFrameStride, weights.inputs, frames);
        checkGrid("conv: y", y, yOffset, yChannelStride, yFrameStride, weights.outputs, outputFrames);
        if (bias != null) {
            Floats.check("conv: bias", bias, biasOffset, weights.outputs);
        }
        Conv1dKernel.run(
                KERNEL,
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
                -padLeft,
                padding,
                outputFrames,
                y,
                yOffset,
                yChannelStride,
                yFrameStride,
                accumulate,
                unitFrom,
                unitTo,
                scratch);
    }

    /** @throws IllegalArgumentException unless all elements lie inside the memory, at places of their own */
    static void checkGrid(
            String what, MemorySegment x, long offset, int channelStride, int frameStride, int channels, int frames) {
        boolean distinct = channelStride >= 1
                && frameStride >= 1
                && (channelStride >= (frames - 1L) * frameStride + 1
                        || frameStride >= (channels - 1L) * channelStride + 1);
        Floats.require(
                distinct,
                what + ": elements overlap: channelStride=" + channelStride + ", frameStride=" + frameStride
                        + ", channels=" + channels + ", frames=" + frames);
        Floats.check(what, x, offset, (channels - 1L) * channelStride + (frames - 1L) * frameStride + 1);
    }
}
