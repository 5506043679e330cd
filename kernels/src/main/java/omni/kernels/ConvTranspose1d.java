package omni.kernels;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * Transposed convolution along time: {@code y[n,o] = b[n] + sum_c sum w[c,n,k] x[c,t]} over all t and k with
 * {@code t * stride + k - cutLeft = o}.
 *
 * <p>Outputs whose number leaves the same rest when divided by the stride use the same taps. So it is {@code stride} plain convolutions
 * with the taps reversed, each giving every stride-th frame, and has the properties of {@link Conv1d}.
 */
public final class ConvTranspose1d {
    private static final Conv1dKernel KERNEL = KernelProvider.vector() ? new VectorConv1d() : new ScalarConv1d();

    /** Weights in the order the kernel reads, in float32. Made once at load for one stride. */
    public static final class Weights {
        final Conv1d.Weights[] phases;
        final int stride;
        final int inputs;
        final int outputs;
        final int taps;

        private Weights(Conv1d.Weights[] phases, int inputs, int outputs, int taps) {
            this.phases = phases;
            this.stride = phases.length;
            this.inputs = inputs;
            this.outputs = outputs;
            this.taps = taps;
        }

        /**
         * Reads weights stored as [inputs, outputs, taps].
         *
         * @param w memory that holds them, at any alignment
         * @param byteOffset bytes before the first
         * @param stride output frames per frame of the signal
         * @param memory where the result is to live
         * @throws IllegalArgumentException if a size is not positive or the weights do not lie inside {@code w}
         */
        public static Weights pack(
                MemorySegment w,
                long byteOffset,
                FloatFormat format,
                int inputs,
                int outputs,
                int taps,
                int stride,
                Arena memory) {
            Floats.require(stride > 0, "transposed conv: stride=" + stride);
            Conv1d.Weights[] phases = new Conv1d.Weights[stride];
            try (Arena stored = Arena.ofConfined()) {
                MemorySegment floats = Conv1d.Weights.widen(w, byteOffset, format, inputs, outputs, taps, stored);
                for (int p = 0; p < stride; p++) {
                    int phase = p;
                    // A phase without taps has one of zeros.
                    int count = Math.max(1, phaseTaps(taps, stride, p));
                    phases[p] = new Conv1d.Weights(outputs, inputs, count, KERNEL.cut(), memory, (n, c, j) -> {
                        int k = phase + stride * (count - 1 - j);
                        return k < taps ? Floats.get(floats, ((long) c * outputs + n) * taps + k) : 0;
                    });
                }
            }
            return new Weights(phases, inputs, outputs, taps);
        }

        private static int phaseTaps(int taps, int stride, int phase) {
            return Math.max(0, Math.ceilDiv(taps - phase, stride));
        }

        /** Bytes of such weights. */
        public static long bytes(int inputs, int outputs, int taps, int stride) {
            long bytes = 0;
            for (int p = 0; p < stride; p++) {
                bytes += Conv1d.Weights.bytes(outputs, inputs, Math.max(1, phaseTaps(taps, stride, p)));
            }
            return bytes;
        }

        public int inputs() {
            return inputs;
        }

        public int outputs() {
            return outputs;
        }

        public int taps() {
            return taps;
        }

        public int stride() {
            return stride;
        }
    }

    private ConvTranspose1d() {}

    /**
     * Frames of the output: {@code (T - 1) * stride + taps - cutLeft - cutRight}.
     *
     * @throws IllegalArgumentException if there is none or a size makes no sense
     */
    public static int outputFrames(int frames, int taps, int stride, int cutLeft, int cutRight) {
        long out = (frames - 1L) * stride + taps - cutLeft - cutRight;
        Floats.require(
                frames > 0
                        && taps > 0
                        && stride > 0
                        && cutLeft >= 0
                        && cutRight >= 0
                        && out > 0
                        && out <= Integer.MAX_VALUE,
                "transposed conv: frames=" + frames + ", taps=" + taps + ", stride=" + stride + ", cutLeft=" + cutLeft
                        + ", cutRight=" + cutRight);
        return (int) out;
    }

    /** First frame number m, counted in steps of the stride, whose output of this phase is not cut off. */
    private static int firstStep(int phase, int stride, int cutLeft) {
        return Math.max(0, Math.ceilDiv(cutLeft - phase, stride));
    }

    /** Output frames of a phase. */
    private static int phaseFrames(int phase, int stride, int cutLeft, int outputFrames) {
        return Math.max(
                0, Math.floorDiv(outputFrames - 1 + cutLeft - phase, stride) - firstStep(phase, stride, cutLeft) + 1);
    }

    /** Number of units for a signal of {@code frames}. */
    public static int units(int frames, int cutLeft, int cutRight, Weights weights) {
        int outputFrames = outputFrames(frames, weights.taps, weights.stride, cutLeft, cutRight);
        int units = 0;
        for (int p = 0; p < weights.stride; p++) {
            int count = phaseFrames(p, weights.stride, cutLeft, outputFrames);
            units = Math.addExact(units, Conv1dKernel.units(KERNEL, count, weights.phases[p]));
        }
        return units;
    }

    /**
     * Convolves.
     *
     * @param x signal [C,T]: element (c, t) at {@code xOffset + c * xChannelStride + t * xFrameStride}
     * @param frames T
     * @param weights [C,N,taps], packed for a stride
     * @param bias [N], null for zeros
     * @param cutLeft frames cut off at the beginning of the output: the padding, for all of a signal
     * @param cutRight frames cut off at its end
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
            int cutLeft,
            int cutRight,
            MemorySegment y,
            long yOffset,
            int yChannelStride,
            int yFrameStride,
            boolean accumulate,
            int unitFrom,
            int unitTo,
            Conv1d.Scratch scratch) {
        int stride = weights.stride;
        int outputFrames = outputFrames(frames, weights.taps, stride, cutLeft, cutRight);
        Conv1d.checkGrid("transposed conv: x", x, xOffset, xChannelStride, xFrameStride, weights.inputs, frames);
        Conv1d.checkGrid("transposed conv: y", y, yOffset, yChannelStride, yFrameStride, weights.outputs, outputFrames);
        if (bias != null) {
            Floats.check("transposed conv: bias", bias, biasOffset, weights.outputs);
        }
        int units = units(frames, cutLeft, cutRight, weights);
        Floats.require(
                unitFrom >= 0 && unitFrom <= unitTo && unitTo <= units,
                "transposed conv: unitFrom=" + unitFrom + ", unitTo=" + unitTo + ", units=" + units);
        int unit = 0;
        for (int p = 0; p < stride; p++) {
            Conv1d.Weights phase = weights.phases[p];
            int count = phaseFrames(p, stride, cutLeft, outputFrames);
            int step = firstStep(p, stride, cutLeft);
            int end = unit + Conv1dKernel.units(KERNEL, count, phase);
            int from = Math.max(unit, unitFrom);
            int to = Math.min(end, unitTo);
            if (from < to) {
                Conv1dKernel.run(
                        KERNEL,
                        x,
                        xOffset,
                        xChannelStride,
                        xFrameStride,
                        frames,
                        phase,
                        bias,
                        biasOffset,
                        1,
                        1,
                        step - (phase.taps - 1),
                        Conv1d.Padding.ZERO,
                        count,
                        y,
                        yOffset + ((long) step * stride + p - cutLeft) * yFrameStride,
                        yChannelStride,
                        Math.multiplyExact(stride, yFrameStride),
                        accumulate,
                        from - unit,
                        to - unit,
                        scratch);
            }
            unit = end;
        }
    }
}
