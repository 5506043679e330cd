package omni.kernels;

import java.lang.foreign.MemorySegment;

/**
 * BigVGAN's activation (Lee et al., "BigVGAN", ICLR 2023, section 3.2; Ziyin et al., "Neural Networks Fail to Learn Periodic Functions",
 * 2020): {@code snake(v) = v + b sin^2(a v)} with a frequency a and a magnitude b per channel, between a filter that doubles
 * the rate and one that halves it again, so that the harmonics which the sine makes do not fold back.
 *
 * <p>With the filter f of {@link #TAPS} taps and x, v continued beyond their ends by their first and last values:
 * {@code up[u] = 2 sum_j f[u + 5 - 2 j] x[j]}, {@code v = snake(up)}, {@code y[t] = sum_k f[k] v[2 t + k - 5]}.
 *
 * <p>Fused: neither the doubled signal nor its activation is ever in memory as a whole. An output depends on {@link #REACH} frames on
 * either side and on nothing else, so a signal gives the same bits whole or in pieces.
 */
public final class AntiAliasedSnake {
    /** Taps of both filters. */
    public static final int TAPS = 12;

    /** Frames on either side of an output that it depends on. */
    public static final int REACH = 5;

    /** Cut off at half the original band, as the reference does for a ratio of 2. */
    private static final float[] FILTER = KaiserSinc.filter(0.25, 0.3, TAPS);

    private static final AntiAliasedSnakeKernel KERNEL =
            KernelProvider.vector() ? new VectorAntiAliasedSnake() : new ScalarAntiAliasedSnake();

    /** Memory that one thread needs. Its content does not matter between calls. */
    public static final class Scratch {
        final float[] signal;
        final float[] even;
        final float[] odd;
        final float[] frequency;
        final float[] magnitude;

        /** Rows where the signal begins and ends, below 0 or beyond the block if that is elsewhere. */
        int first;

        int last;

        /** Bits of the largest angle of a block. */
        int largest;

        public Scratch() {
            this(KERNEL);
        }

        Scratch(AntiAliasedSnakeKernel kernel) {
            signal = new float[kernel.scratchSignal()];
            even = new float[kernel.scratchDoubled()];
            odd = new float[kernel.scratchDoubled()];
            frequency = new float[kernel.scratchParameters()];
            magnitude = new float[kernel.scratchParameters()];
        }
    }

    private AntiAliasedSnake() {}

    /** The filter of both directions. */
    public static float[] filter() {
        return FILTER.clone();
    }

    /** Bytes of a {@link Scratch}. */
    public static long scratchBytes() {
        return (KERNEL.scratchSignal() + 2L * (KERNEL.scratchDoubled() + KERNEL.scratchParameters())) * Float.BYTES;
    }

    /**
     * Outputs {@code from} (inclusive) to {@code to} (exclusive).
     *
     * @param x signal [T, C], frames {@code xStride} floats apart
     * @param frames T
     * @param frequency a [C]
     * @param magnitude b [C]
     * @param channels C
     * @param y [to - from, C], frames {@code yStride} floats apart; must not overlap x
     * @param scratch of this thread alone
     * @throws IllegalArgumentException if there are no such frames or an operand does not lie inside its memory
     */
    public static void run(
            MemorySegment x,
            long xOffset,
            int xStride,
            int frames,
            MemorySegment frequency,
            long frequencyOffset,
            MemorySegment magnitude,
            long magnitudeOffset,
            int channels,
            MemorySegment y,
            long yOffset,
            int yStride,
            int from,
            int to,
            Scratch scratch) {
        Floats.require(
                from >= 0 && from <= to && to <= frames && channels >= 0,
                "snake: from=" + from + ", to=" + to + ", frames=" + frames + ", channels=" + channels);
        Floats.checkRows("snake: x", x, xOffset, xStride, frames, channels);
        Floats.check("snake: frequency", frequency, frequencyOffset, channels);
        Floats.check("snake: magnitude", magnitude, magnitudeOffset, channels);
        Floats.checkRows("snake: y", y, yOffset, yStride, to - from, channels);
        KERNEL.run(
                x,
                xOffset,
                xStride,
                frames,
                frequency,
                frequencyOffset,
                magnitude,
                magnitudeOffset,
                channels,
                FILTER,
                y,
                yOffset,
                yStride,
                from,
                to,
                scratch);
    }
}
