package omni.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class WinogradConv1dTest {
    private static final long SEED = 12;
    private static final WinogradConv1dKernel[] KERNELS = {new VectorWinogradConv1d(), new ScalarWinogradConv1d()};

    /** A convolution of all of a signal; frames are rows of x and y. */
    private static final class Case {
        final int inputs;
        final int outputs;
        final int taps;
        final int dilation;
        final int pad;
        final int frames;
        final MemorySegment x;
        final MemorySegment w;
        final MemorySegment bias;
        final WinogradConv1d.Weights weights;

        Case(int inputs, int outputs, int taps, int dilation, int pad, int frames) {
            this.inputs = inputs;
            this.outputs = outputs;
            this.taps = taps;
            this.dilation = dilation;
            this.pad = pad;
            this.frames = frames;
            Random random = new Random(SEED);
            x = TestMemory.normal(random, (long) frames * inputs, 1);
            w = TestMemory.normal(random, (long) outputs * inputs * taps, (float) Math.sqrt(1.0 / (inputs * taps)));
            bias = TestMemory.normal(random, outputs, 1);
            weights = WinogradConv1d.Weights.pack(
                    w, 0, FloatFormat.F32, outputs, inputs, taps, VectorConv1d.CUT, Arena.ofAuto());
        }

        int outputFrames() {
            return frames + 2 * pad - (taps - 1) * dilation;
        }

        MemorySegment expected() {
            MemorySegment y = TestMemory.zeros((long) outputFrames() * outputs);
            for (int t = 0; t < outputFrames(); t++) {
                for (int n = 0; n < outputs; n++) {
                    double sum = Floats.get(bias, n);
                    for (int c = 0; c < inputs; c++) {
                        for (int k = 0; k < taps; k++) {
                            int i = t + k * dilation - pad;
                            if (i >= 0 && i < frames) {
                                sum += (double) Floats.get(w, ((long) n * inputs + c) * taps + k)
                                        * Floats.get(x, (long) i * inputs + c);
                            }
                        }
                    }
                    Floats.set(y, (long) t * outputs + n, (float) sum);
                }
            }
            return y;
        }

        MemorySegment through(WinogradConv1dKernel kernel, @Nullable MemorySegment b) {
            MemorySegment y = TestMemory.zeros((long) outputFrames() * outputs);
            WinogradConv1d.Windows windows = new WinogradConv1d.Windows();
            Conv1d.Scratch scratch = new Conv1d.Scratch();
            windows.shape(outputFrames(), dilation, weights);
            WinogradConv1d.transform(kernel, x, 0, inputs, frames, -pad, windows, 0, windows.rows(), scratch);
            WinogradConv1d.multiply(
                    kernel,
                    windows,
                    weights,
                    b,
                    0,
                    y,
                    0,
                    outputs,
                    false,
                    0,
                    WinogradConv1d.units(kernel, windows, weights),
                    scratch);
            return y;
        }

        @Override
        public String toString() {
            return "inputs=" + inputs + ", outputs=" + outputs + ", taps=" + taps + ", dilation=" + dilation + ", pad="
                    + pad + ", frames=" + frames + ", seed=" + SEED;
        }
    }

    private static final Case[] CASES = {
        new Case(1, 1, 1, 1, 0, 1),
        new Case(1, 1, 4, 1, 0, 7),
        new Case(2, 3, 3, 1, 1, 5),
        new Case(8, 8, 4, 1, 2, 33),
        new Case(5, 7, 7, 2, 6, 33),
        new Case(17, 30, 11, 5, 25, 7),
        new Case(24, 24, 11, 3, 15, 100),
        new Case(33, 49, 5, 1, 2, 207),
        new Case(3, 200, 9, 4, 0, 60),
        new Case(96, 96, 7, 1, 3, 420),
        new Case(129, 5, 3, 7, 7, 90),
    };

    @Test
    void agreesWithTheFormula() {
        for (Case c : CASES) {
            MemorySegment expected = c.expected();
            for (WinogradConv1dKernel kernel : KERNELS) {
                String what = kernel.getClass().getSimpleName() + ": " + c;
                TestMemory.assertClose(expected, c.through(kernel, c.bias), 0, 1.5e-5, what);
            }
        }
    }

    @Test
    void isAsAccurateAsItsDocumentationSays() {
        Case c = new Case(768, 24, 11, 1, 5, 200);
        float[] expected = TestMemory.array(c.expected());
        float[] actual = TestMemory.array(c.through(new VectorWinogradConv1d(), c.bias));
        double largest = 0;
        double squares = 0;
        for (int i = 0; i < expected.length; i++) {
            largest = Math.max(largest, Math.abs(expected[i]));
            squares += Math.pow((double) actual[i] - expected[i], 2);
        }
        double error = Math.sqrt(squares / expected.length) / largest;
        assertTrue(error < 5e-7, "error=" + error + ", " + c);
    }

    @Test
    void takesStridesAndAccumulatesUnitByUnit() {
        for (Case c : CASES) {
            MemorySegment plain = c.through(kernelInUse(), c.bias);
            int xStride = c.inputs + 3;
            int yStride = c.outputs + 2;
            MemorySegment x = TestMemory.zeros(5 + (long) c.frames * xStride);
            for (int t = 0; t < c.frames; t++) {
                for (int i = 0; i < c.inputs; i++) {
                    Floats.set(x, 5 + (long) t * xStride + i, Floats.get(c.x, (long) t * c.inputs + i));
                }
            }
            MemorySegment y = TestMemory.zeros(1 + (long) c.outputFrames() * yStride);
            Elementwise.fill(y, 0, 0.5f, (int) (y.byteSize() / 4));
            WinogradConv1d.Weights weights =
                    WinogradConv1d.Weights.pack(c.w, 0, FloatFormat.F32, c.outputs, c.inputs, c.taps, Arena.ofAuto());
            WinogradConv1d.Windows windows = new WinogradConv1d.Windows();
            // A larger one first: what it left must not matter.
            windows.shape(c.outputFrames() + 100, c.dilation, weights);
            Arrays.fill(windows.data, Float.NaN);
            windows.shape(c.outputFrames(), c.dilation, weights);
            Conv1d.Scratch scratch = new Conv1d.Scratch();
            for (int row = windows.rows(); --row >= 0; ) {
                WinogradConv1d.transform(x, 5, xStride, c.frames, -c.pad, windows, row, row + 1, scratch);
            }
            for (boolean accumulate : new boolean[] {false, true}) {
                for (int unit = WinogradConv1d.units(windows, weights); --unit >= 0; ) {
                    WinogradConv1d.multiply(
                            windows, weights, c.bias, 0, y, 1, yStride, accumulate, unit, unit + 1, scratch);
                }
                for (int t = 0; t < c.outputFrames(); t++) {
                    for (int n = 0; n < c.outputs; n++) {
                        float once = Floats.get(plain, (long) t * c.outputs + n);
                        assertEquals(
                                accumulate ? once + once : once,
                                Floats.get(y, 1 + (long) t * yStride + n),
                                "accumulate=" + accumulate + ", t=" + t + ", n=" + n + ", " + c);
                    }
                    if (t + 1 < c.outputFrames()) {
                        assertEquals(0.5f, Floats.get(y, 1 + (long) t * yStride + c.outputs), "behind frame " + t);
                    }
                }
            }
        }
    }

    private static WinogradConv1dKernel kernelInUse() {
        return KernelProvider.vector() ? KERNELS[0] : KERNELS[1];
    }

    @Test
    void givesTheSameBitsInPiecesOfWholeSpans() {
        Random random = new Random(SEED);
        Case c = new Case(40, 50, 7, 3, 0, 500);
        MemorySegment whole = c.through(kernelInUse(), c.bias);
        WinogradConv1d.Weights weights =
                WinogradConv1d.Weights.pack(c.w, 0, FloatFormat.F32, c.outputs, c.inputs, c.taps, Arena.ofAuto());
        Conv1d.Scratch scratch = new Conv1d.Scratch();
        WinogradConv1d.Windows windows = new WinogradConv1d.Windows();
        int span = WinogradConv1d.TILE * c.dilation;
        for (int from = 0; from < c.outputFrames(); ) {
            int count = Math.min(c.outputFrames() - from, span * (1 + random.nextInt(9)));
            MemorySegment y = TestMemory.zeros((long) count * c.outputs);
            windows.shape(count, c.dilation, weights);
            WinogradConv1d.transform(
                    c.x, (long) from * c.inputs, c.inputs, c.frames - from, 0, windows, 0, windows.rows(), scratch);
            WinogradConv1d.multiply(
                    windows,
                    weights,
                    c.bias,
                    0,
                    y,
                    0,
                    c.outputs,
                    false,
                    0,
                    WinogradConv1d.units(windows, weights),
                    scratch);
            TestMemory.assertClose(
                    TestMemory.array(whole, (long) from * c.outputs, count * c.outputs),
                    TestMemory.array(y),
                    0,
                    0,
                    "from=" + from + ", seed=" + SEED);
            from += count;
        }
    }

    @Test
    void aNaNReachesTheTilesThatSeeItAndNoOther() {
        for (WinogradConv1dKernel kernel : KERNELS) {
            Case c = new Case(3, 4, 3, 1, 1, 50);
            Floats.set(c.x, 20 * 3L + 1, Float.NaN);
            MemorySegment y = c.through(kernel, null);
            for (int i = 0; i < 200; i++) {
                int t = i / 4;
                // The windows of tiles 16..19 and 20..23 are frames 15..21 and 19..25.
                assertEquals(t >= 16 && t < 24, Float.isNaN(Floats.get(y, i)), "t=" + t + ", " + kernel.getClass());
            }
        }
    }

    @Test
    void predictsItsBytes() {
        WinogradConv1d.Weights weights = WinogradConv1d.Weights.pack(
                TestMemory.zeros(50 * 10 * 11), 0, FloatFormat.F32, 50, 10, 11, Arena.ofAuto());
        long bytes = 0;
        for (Panels panels : weights.points) {
            bytes += panels.data.byteSize();
        }
        assertEquals(bytes, WinogradConv1d.Weights.bytes(50, 10, 11));
        WinogradConv1d.Windows windows = new WinogradConv1d.Windows();
        windows.shape(100, 3, weights);
        assertEquals(windows.bytes(), WinogradConv1d.Windows.bytes(100, 3, 10, 11));
    }

    private static String refusal(Runnable call) {
        return String.valueOf(
                assertThrows(IllegalArgumentException.class, call::run).getMessage());
    }

    @Test
    void shouldRefuseSizesThatContradictEachOther() {
        Case c = CASES[2];
        WinogradConv1d.Weights weights =
                WinogradConv1d.Weights.pack(c.w, 0, FloatFormat.F32, c.outputs, c.inputs, c.taps, Arena.ofAuto());
        WinogradConv1d.Windows windows = new WinogradConv1d.Windows();
        Conv1d.Scratch scratch = new Conv1d.Scratch();
        assertEquals("winograd conv: outputFrames=0, dilation=1", refusal(() -> windows.shape(0, 1, weights)));
        assertEquals(
                "winograd conv: outputFrames=2000000000, inputs=2; convolve fewer frames at a time",
                refusal(() -> windows.shape(2_000_000_000, 1, weights)));
        windows.shape(5, 1, weights);
        assertEquals(
                "winograd conv: from=0, to=3, windows=2",
                refusal(() -> WinogradConv1d.transform(c.x, 0, 2, 5, -1, windows, 0, 3, scratch)));
        assertEquals(
                "winograd conv: x: outside its memory: offset=1, stride=2, rows=5, columns=2, floats=10",
                refusal(() -> WinogradConv1d.transform(c.x, 1, 2, 5, -1, windows, 0, 2, scratch)));
        assertEquals(
                "winograd conv: y: outside its memory: offset=0, stride=3, rows=5, columns=3, floats=14",
                refusal(() -> WinogradConv1d.multiply(
                        windows, weights, c.bias, 0, TestMemory.zeros(14), 0, 3, false, 0, 1, scratch)));
        assertEquals(
                "winograd conv: windows=[5,2], weights=[3,5,3]",
                refusal(() -> WinogradConv1d.multiply(
                        windows,
                        WinogradConv1d.Weights.pack(TestMemory.zeros(45), 0, FloatFormat.F32, 3, 5, 3, Arena.ofAuto()),
                        c.bias,
                        0,
                        TestMemory.zeros(15),
                        0,
                        3,
                        false,
                        0,
                        1,
                        scratch)));
        assertEquals(
                "winograd conv: unitFrom=0, unitTo=2, units=1",
                refusal(() -> WinogradConv1d.multiply(
                        windows, weights, c.bias, 0, TestMemory.zeros(15), 0, 3, false, 0, 2, scratch)));
    }
}
