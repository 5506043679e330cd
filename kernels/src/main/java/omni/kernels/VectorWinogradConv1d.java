package omni.kernels;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import org.jspecify.annotations.Nullable;

/** Channels in the lanes; the 7 products by {@link Tiles}, with tiles as rows. */
final class VectorWinogradConv1d implements WinogradConv1dKernel {
    /** Most tiles of a unit: enough that reading a panel from memory takes little beside multiplying with it. */
    private static final int TILES = 192;

    /** Most tiles of a unit whose weights stay in a cache, so that there are units enough for all threads. */
    private static final int CACHED_TILES = 64;

    /** What counts as staying in a cache: a few cores share a last level of some 16 MiB and more. */
    private static final long CACHED_BYTES = 8 << 20;

    /** Outputs of a unit, whole panels of 2 or 3 vectors. */
    private static final int OUTPUTS = 12 * Vectors.LANES;

    private static final int L = Vectors.LANES;
    private static final int D = Tiles.DEPTH;
    private static final int POINTS = WinogradConv1d.POINTS;

    @Override
    public Panels.Cut cut() {
        return VectorConv1d.CUT;
    }

    /** A block's rows, or a window; of its last vector, if channels do not fill it, the transform is made behind the window. */
    @Override
    public int scratchRows(int inputs) {
        return Math.max(TILES * D, Math.multiplyExact(POINTS, padded(inputs) + L));
    }

    @Override
    public int scratchPanel() {
        return D * Tiles.COLUMNS;
    }

    @Override
    public int scratchSums() {
        return POINTS * OUTPUTS * TILES;
    }

    private static int padded(int channels) {
        return Math.multiplyExact(Math.ceilDiv(channels, L), L);
    }

    @Override
    public int unitTiles(WinogradConv1d.Weights weights) {
        long bytes = POINTS * weights.points[0].data.byteSize();
        return bytes > CACHED_BYTES ? TILES : CACHED_TILES;
    }

    @Override
    public int unitOutputs() {
        return OUTPUTS;
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
        int inputs = windows.inputs;
        int stride = padded(inputs);
        float[] window = scratch.rows;
        for (int i = 0; i < POINTS; i++) {
            int t = frame + i * windows.dilation;
            if (t < 0 || t >= frames) {
                Arrays.fill(window, i * stride, i * stride + inputs, 0);
            } else {
                long at = xOffset + (long) t * xStride;
                MemorySegment.copy(x, Floats.LAYOUT, at * Float.BYTES, window, i * stride, inputs);
            }
        }
        int bound = Vectors.F32.loopBound(inputs);
        int at = row * inputs;
        transform(window, stride, 0, bound, windows.data, at, windows.plane());
        if (bound < inputs) {
            int tail = POINTS * stride;
            transform(window, stride, bound, inputs, window, tail - bound, L);
            for (int p = 0; p < POINTS; p++) {
                System.arraycopy(window, tail + p * L, windows.data, at + p * windows.plane() + bound, inputs - bound);
            }
        }
    }

    /**
     * B^T of channels {@code from} to {@code to} of a window, whole vectors. The rows of points 1 and -1, and those of 2 and -2, share a polynomial of degree 4,
     * taken at two neighbouring frames; those of 0 and infinity are made of three shifts of the one of 1/2.
     */
    private static void transform(float[] window, int stride, int from, int to, float[] out, int at, int plane) {
        int i2 = 2 * stride;
        int i3 = 3 * stride;
        int i4 = 4 * stride;
        int i5 = 5 * stride;
        int i6 = 6 * stride;
        int o1 = at + plane;
        int o2 = o1 + plane;
        int o3 = o2 + plane;
        int o4 = o3 + plane;
        int o5 = o4 + plane;
        int o6 = o5 + plane;
        for (int c = from; c < to; c += L) {
            FloatVector d0 = load(window, c);
            FloatVector d1 = load(window, c + stride);
            FloatVector d2 = load(window, c + i2);
            FloatVector d3 = load(window, c + i3);
            FloatVector d4 = load(window, c + i4);
            FloatVector d5 = load(window, c + i5);
            FloatVector d6 = load(window, c + i6);
            FloatVector half = half(d1, d3, d5);
            half.intoArray(out, o5 + c);
            half.fma(splat(-2), half(d0, d2, d4)).intoArray(out, at + c);
            half(d2, d4, d6).fma(splat(2), half.neg()).intoArray(out, o6 + c);
            FloatVector one = one(d1, d2, d3, d4);
            FloatVector oneNext = one(d2, d3, d4, d5);
            oneNext.add(one).intoArray(out, o1 + c);
            oneNext.sub(one).intoArray(out, o2 + c);
            FloatVector two = two(d1, d2, d3, d4);
            FloatVector twoNext = two(d2, d3, d4, d5);
            two.fma(splat(2), twoNext).intoArray(out, o3 + c);
            two.fma(splat(2), twoNext.neg()).intoArray(out, o4 + c);
        }
    }

    private static FloatVector half(FloatVector a, FloatVector b, FloatVector c) {
        return b.fma(splat(-5), a.fma(splat(4), c));
    }

    private static FloatVector one(FloatVector a, FloatVector b, FloatVector c, FloatVector d) {
        return b.fma(splat(-8), d.fma(splat(2), a.fma(splat(4), c.neg())));
    }

    private static FloatVector two(FloatVector a, FloatVector b, FloatVector c, FloatVector d) {
        return b.fma(splat(-2), d.fma(splat(2), a.sub(c)));
    }

    private static FloatVector load(float[] x, int offset) {
        return FloatVector.fromArray(Vectors.F32, x, offset);
    }

    private static FloatVector splat(float x) {
        return FloatVector.broadcast(Vectors.F32, x);
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
        int rows = tileTo - tileFrom;
        int columns = (int) VectorConv1d.CUT.padded(outputTo - outputFrom);
        // Sums of a point: panel after panel, TILES rows each.
        int plane = columns * TILES;
        Arrays.fill(scratch.sums, 0, POINTS * plane, 0);
        for (int p = 0; p < POINTS; p++) {
            Panels panels = weights.points[p];
            int source = p * windows.plane();
            for (int d = 0; d < panels.depth; d += D) {
                int depth = Math.min(D, panels.depth - d);
                for (int r = 0; r < rows; r++) {
                    int at = source + WinogradConv1d.window(windows, tileFrom + r) * windows.inputs + d;
                    System.arraycopy(windows.data, at, scratch.rows, r * D, depth);
                }
                for (int n = outputFrom; n < outputTo; n += Tiles.COLUMNS) {
                    int width = VectorConv1d.CUT.width(n, panels.columns);
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
                            p * plane + (n - outputFrom) * TILES,
                            0);
                }
            }
        }
        for (int n = outputFrom; n < outputTo; n += L) {
            int panel = (n - outputFrom) / Tiles.COLUMNS * Tiles.COLUMNS;
            int width = VectorConv1d.CUT.width(outputFrom + panel, weights.outputs);
            int sum = panel * TILES + (n - outputFrom - panel);
            write(
                    windows,
                    scratch.sums,
                    sum,
                    width,
                    plane,
                    bias,
                    biasOffset,
                    y,
                    yOffset,
                    yStride,
                    accumulate,
                    n,
                    Math.min(L, weights.outputs - n),
                    tileFrom,
                    rows);
        }
    }

    /** A^T of one vector of outputs for all tiles of a unit; {@code used} of its lanes are outputs. */
    private static void write(
            WinogradConv1d.Windows windows,
            float[] sums,
            int sum,
            int width,
            int plane,
            @Nullable MemorySegment bias,
            long biasOffset,
            MemorySegment y,
            long yOffset,
            int yStride,
            boolean accumulate,
            int n,
            int used,
            int tileFrom,
            int tiles) {
        VectorMask<Float> mask = VectorFunctions.first(used);
        FloatVector b = bias == null ? splat(0) : VectorFunctions.load(bias, biasOffset + n, mask);
        long step = (long) windows.dilation * yStride;
        for (int r = 0; r < tiles; r++) {
            int s = sum + r * width;
            FloatVector p1 = load(sums, s + plane);
            FloatVector p2 = load(sums, s + 2 * plane);
            FloatVector p3 = load(sums, s + 3 * plane);
            FloatVector p4 = load(sums, s + 4 * plane);
            FloatVector p5 = load(sums, s + 5 * plane);
            FloatVector even1 = p1.add(p2);
            FloatVector odd1 = p1.sub(p2);
            FloatVector even2 = p3.add(p4);
            FloatVector odd2 = p3.sub(p4);
            FloatVector y0 = load(sums, s).add(p5).add(even1.add(even2)).add(b);
            FloatVector y1 = p5.fma(splat(0.5f), odd2.fma(splat(2), odd1)).add(b);
            FloatVector y2 = p5.fma(splat(0.25f), even2.fma(splat(4), even1)).add(b);
            FloatVector y3 = p5.fma(splat(0.125f), odd2.fma(splat(8), odd1))
                    .add(load(sums, s + 6 * plane))
                    .add(b);
            int frame = WinogradConv1d.outputFrame(windows, tileFrom + r);
            long at = yOffset + (long) frame * yStride + n;
            int left = windows.outputFrames - 1 - frame;
            if (left < 0) {
                continue;
            }
            store(y0, y, at, accumulate, mask, used);
            if (left >= windows.dilation) {
                store(y1, y, at + step, accumulate, mask, used);
            }
            if (left >= 2L * windows.dilation) {
                store(y2, y, at + 2 * step, accumulate, mask, used);
            }
            if (left >= 3L * windows.dilation) {
                store(y3, y, at + 3 * step, accumulate, mask, used);
            }
        }
    }

    private static void store(
            FloatVector v, MemorySegment y, long at, boolean accumulate, VectorMask<Float> mask, int used) {
        if (used == L) {
            VectorFunctions.store(accumulate ? VectorFunctions.load(y, at).add(v) : v, y, at);
        } else {
            FloatVector old = VectorFunctions.load(y, at, mask);
            VectorFunctions.store(accumulate ? old.add(v) : v, y, at, mask);
        }
    }
}
