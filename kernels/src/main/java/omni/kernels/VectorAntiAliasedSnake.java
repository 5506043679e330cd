package omni.kernels;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * Channels in the lanes, a cache line of them at a time and a block of frames: what lies between the signal and the output stays in
 * the L1 cache. The doubled signal is held as its frames of even and of odd number, so that neither filter needs a shuffle.
 */
final class VectorAntiAliasedSnake implements AntiAliasedSnakeKernel {
    /** Outputs of a block. */
    private static final int FRAMES = 64;

    /** Channels of a block: 64 bytes, whole vectors for every width. */
    private static final int WIDTH = 16;

    /** Frames before an output whose doubled frames it may need, and as many behind it. */
    private static final int MARGIN = 3;

    private static final int L = Vectors.LANES;

    /** Bits of the largest |a v| that {@link VectorFunctions#sinSquaredNear} takes; those of NaN and infinity are larger. */
    private static final int NEAR = Float.floatToRawIntBits(VectorFunctions.TRIGONOMETRIC_MAX);

    /**
     * A step in the L1 cache. Steps are called from one place that sees at least three of them, which keeps C2 from inlining: with all of
     * them in one method it gives up inlining vector operations halfway, boxes their results, and takes four times as long.
     */
    private interface Phase {
        void run(AntiAliasedSnake.Scratch scratch, float[] filter, int rows, int lane);
    }

    private static final Phase[] NEARBY = {
        VectorAntiAliasedSnake::upsample, VectorAntiAliasedSnake::activate, VectorAntiAliasedSnake::extend
    };

    private static final Phase[] FAR = {
        VectorAntiAliasedSnake::upsample, VectorAntiAliasedSnake::activateFar, VectorAntiAliasedSnake::extend
    };

    @Override
    public int scratchSignal() {
        return (FRAMES + 4 * MARGIN) * WIDTH;
    }

    @Override
    public int scratchDoubled() {
        return (FRAMES + 2 * MARGIN) * WIDTH;
    }

    @Override
    public int scratchParameters() {
        return L;
    }

    @Override
    public void run(
            MemorySegment x,
            long xOffset,
            int xStride,
            int frames,
            MemorySegment frequency,
            long frequencyOffset,
            MemorySegment magnitude,
            long magnitudeOffset,
            int channels,
            float[] filter,
            MemorySegment y,
            long yOffset,
            int yStride,
            int from,
            int to,
            AntiAliasedSnake.Scratch scratch) {
        for (int t = from; t < to; t += FRAMES) {
            int count = Math.min(FRAMES, to - t);
            int rows = count + 2 * MARGIN;
            for (int c = 0; c < channels; c += WIDTH) {
                for (int lane = 0; lane < WIDTH && c + lane < channels; lane += L) {
                    int used = Math.min(L, channels - c - lane);
                    load(
                            x,
                            xOffset + c + lane,
                            xStride,
                            frames,
                            t - 2 * MARGIN,
                            rows + 2 * MARGIN,
                            used,
                            scratch.signal,
                            lane);
                    parameter(frequency, frequencyOffset + c + lane, used, scratch.frequency);
                    parameter(magnitude, magnitudeOffset + c + lane, used, scratch.magnitude);
                    scratch.first = MARGIN - t;
                    scratch.last = frames - 1 + MARGIN - t;
                    through(NEARBY, scratch, filter, rows, lane);
                    if (scratch.largest > NEAR) {
                        through(FAR, scratch, filter, rows, lane);
                    }
                    downsample(
                            scratch.even,
                            scratch.odd,
                            count,
                            filter,
                            y,
                            yOffset + (long) (t - from) * yStride + c + lane,
                            yStride,
                            used,
                            lane);
                }
            }
        }
    }

    private static void parameter(MemorySegment x, long offset, int used, float[] to) {
        VectorFunctions.load(x, offset, VectorFunctions.first(used)).intoArray(to, 0);
    }

    /** Frames {@code from} to {@code from + rows}, continued beyond the ends of the signal; unused lanes are zero. */
    private static void load(
            MemorySegment x,
            long xOffset,
            int xStride,
            int frames,
            int from,
            int rows,
            int used,
            float[] signal,
            int lane) {
        x = Floats.offHeap(x);
        if (used == L) {
            for (int i = 0; i < rows; i++) {
                long frame = Math.clamp(from + (long) i, 0, frames - 1);
                VectorFunctions.load(x, xOffset + frame * xStride).intoArray(signal, i * WIDTH + lane);
            }
            return;
        }
        VectorMask<Float> mask = VectorFunctions.first(used);
        for (int i = 0; i < rows; i++) {
            long frame = Math.clamp(from + (long) i, 0, frames - 1);
            VectorFunctions.load(x, xOffset + frame * xStride, mask).intoArray(signal, i * WIDTH + lane);
        }
    }

    private static FloatVector at(float[] x, int offset) {
        return FloatVector.fromArray(Vectors.F32, x, offset);
    }

    private static FloatVector splat(float x) {
        return FloatVector.broadcast(Vectors.F32, x);
    }

    private static void through(Phase[] phases, AntiAliasedSnake.Scratch scratch, float[] filter, int rows, int lane) {
        for (Phase phase : phases) {
            phase.run(scratch, filter, rows, lane);
        }
    }

    /**
     * Doubled frames 2 s and 2 s + 1, s counting from MARGIN frames before the first output: the taps of odd number over frames s - 3 to
     * s + 2, those of even number over s - 2 to s + 3. The filter is symmetric, f[k] = f[11 - k].
     */
    private static void upsample(AntiAliasedSnake.Scratch scratch, float[] f, int rows, int lane) {
        float[] x = scratch.signal;
        float[] even = scratch.even;
        float[] odd = scratch.odd;
        FloatVector f0 = splat(2 * f[0]);
        FloatVector f1 = splat(2 * f[1]);
        FloatVector f2 = splat(2 * f[2]);
        FloatVector f3 = splat(2 * f[3]);
        FloatVector f4 = splat(2 * f[4]);
        FloatVector f5 = splat(2 * f[5]);
        for (int s = 0; s < rows; s++) {
            int i = s * WIDTH + lane;
            FloatVector x0 = at(x, i);
            FloatVector x1 = at(x, i + WIDTH);
            FloatVector x2 = at(x, i + 2 * WIDTH);
            FloatVector x3 = at(x, i + 3 * WIDTH);
            FloatVector x4 = at(x, i + 4 * WIDTH);
            FloatVector x5 = at(x, i + 5 * WIDTH);
            FloatVector x6 = at(x, i + 6 * WIDTH);
            x0.mul(f0)
                    .add(x1.mul(f2))
                    .add(x2.fma(f4, x3.mul(f5)))
                    .add(x4.fma(f3, x5.mul(f1)))
                    .intoArray(even, i);
            x1.mul(f1)
                    .add(x2.mul(f3))
                    .add(x3.fma(f5, x4.mul(f4)))
                    .add(x5.fma(f2, x6.mul(f0)))
                    .intoArray(odd, i);
        }
    }

    /** {@code v += b sin^2(a v)}, right while |a v| is not large. Keeps the bits of the largest |a v|. */
    private static void activate(AntiAliasedSnake.Scratch scratch, float[] f, int rows, int lane) {
        FloatVector a = at(scratch.frequency, 0);
        FloatVector b = at(scratch.magnitude, 0);
        IntVector largest = IntVector.zero(Vectors.I32);
        for (int half = 0; half < 2; half++) {
            float[] doubled = half == 0 ? scratch.even : scratch.odd;
            for (int s = 0; s < rows; s++) {
                int i = s * WIDTH + lane;
                FloatVector v = at(doubled, i);
                FloatVector angle = v.mul(a);
                largest = largest.max(angle.reinterpretAsInts().and(Integer.MAX_VALUE));
                VectorFunctions.sinSquaredNear(angle).fma(b, v).intoArray(doubled, i);
            }
        }
        scratch.largest = largest.reduceLanes(VectorOperators.MAX);
    }

    /** The same for angles of any size. */
    private static void activateFar(AntiAliasedSnake.Scratch scratch, float[] f, int rows, int lane) {
        FloatVector a = at(scratch.frequency, 0);
        FloatVector b = at(scratch.magnitude, 0);
        for (int half = 0; half < 2; half++) {
            float[] doubled = half == 0 ? scratch.even : scratch.odd;
            for (int s = 0; s < rows; s++) {
                int i = s * WIDTH + lane;
                FloatVector v = at(doubled, i);
                VectorFunctions.sinSquaredFar(v.mul(a)).fma(b, v).intoArray(doubled, i);
            }
        }
    }

    /** Continues the activation beyond the signal's ends: before its first doubled frame, which is even, and behind its last, odd one. */
    private static void extend(AntiAliasedSnake.Scratch scratch, float[] f, int rows, int lane) {
        float[] even = scratch.even;
        float[] odd = scratch.odd;
        int first = scratch.first * WIDTH + lane;
        for (int s = 0; s < Math.min(scratch.first, rows); s++) {
            at(even, first).intoArray(even, s * WIDTH + lane);
            at(even, first).intoArray(odd, s * WIDTH + lane);
        }
        int last = scratch.last * WIDTH + lane;
        for (int s = Math.max(scratch.last + 1, 0); s < rows; s++) {
            at(odd, last).intoArray(even, s * WIDTH + lane);
            at(odd, last).intoArray(odd, s * WIDTH + lane);
        }
    }

    /** Output t: the taps of odd number over the even frames t - 2 to t + 3, those of even number over the odd frames t - 3 to t + 2. */
    private static void downsample(
            float[] even,
            float[] odd,
            int count,
            float[] f,
            MemorySegment y,
            long yOffset,
            int yStride,
            int used,
            int lane) {
        y = Floats.offHeap(y);
        FloatVector f0 = splat(f[0]);
        FloatVector f1 = splat(f[1]);
        FloatVector f2 = splat(f[2]);
        FloatVector f3 = splat(f[3]);
        FloatVector f4 = splat(f[4]);
        FloatVector f5 = splat(f[5]);
        VectorMask<Float> mask = VectorFunctions.first(used);
        for (int t = 0; t < count; t++) {
            int i = t * WIDTH + lane;
            FloatVector e = at(even, i + WIDTH)
                    .mul(f1)
                    .add(at(even, i + 2 * WIDTH).mul(f3))
                    .add(at(even, i + 3 * WIDTH).fma(f5, at(even, i + 4 * WIDTH).mul(f4)))
                    .add(at(even, i + 5 * WIDTH).fma(f2, at(even, i + 6 * WIDTH).mul(f0)));
            FloatVector o = at(odd, i)
                    .mul(f0)
                    .add(at(odd, i + WIDTH).mul(f2))
                    .add(at(odd, i + 2 * WIDTH).fma(f4, at(odd, i + 3 * WIDTH).mul(f5)))
                    .add(at(odd, i + 4 * WIDTH).fma(f3, at(odd, i + 5 * WIDTH).mul(f1)));
            if (used == L) {
                VectorFunctions.store(e.add(o), y, yOffset + (long) t * yStride);
            } else {
                VectorFunctions.store(e.add(o), y, yOffset + (long) t * yStride, mask);
            }
        }
    }
}
