package omni.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class Conv1dTest {
    private static final long SEED = 10;
    private static final Conv1dKernel[] KERNELS = {new VectorConv1d(), new ScalarConv1d()};

    /** Signal, weights and geometry of one convolution; channels are rows of x and y. */
    private static final class Case {
        final int inputs;
        final int outputs;
        final int taps;
        final int stride;
        final int dilation;
        final int padLeft;
        final int padRight;
        final int frames;
        final Conv1d.Padding padding;
        final int outputFrames;
        final MemorySegment x;
        final MemorySegment w;
        final MemorySegment bias;
        final Conv1d.Weights weights;

        Case(
                int inputs,
                int outputs,
                int taps,
                int stride,
                int dilation,
                int padLeft,
                int padRight,
                int frames,
                Conv1d.Padding padding) {
            this.inputs = inputs;
            this.outputs = outputs;
            this.taps = taps;
            this.stride = stride;
            this.dilation = dilation;
            this.padLeft = padLeft;
            this.padRight = padRight;
            this.frames = frames;
            this.padding = padding;
            Random random = new Random(SEED);
            outputFrames = Conv1d.outputFrames(frames, taps, stride, dilation, padLeft, padRight);
            x = TestMemory.normal(random, (long) inputs * frames, 1);
            w = TestMemory.normal(random, (long) outputs * inputs * taps, (float) Math.sqrt(1.0 / (inputs * taps)));
            bias = TestMemory.normal(random, outputs, 1);
            weights =
                    Conv1d.Weights.pack(w, 0, FloatFormat.F32, outputs, inputs, taps, VectorConv1d.CUT, Arena.ofAuto());
        }

        float signal(int c, int i) {
            if (i < 0 || i >= frames) {
                switch (padding) {
                    case ZERO -> {
                        return 0;
                    }
                    case REFLECT -> i = i < 0 ? -i : 2 * frames - 2 - i;
                    case REPLICATE -> i = i < 0 ? 0 : frames - 1;
                }
            }
            return Floats.get(x, (long) c * frames + i);
        }

        MemorySegment expected(boolean withBias) {
            MemorySegment y = TestMemory.zeros((long) outputs * outputFrames);
            for (int n = 0; n < outputs; n++) {
                for (int t = 0; t < outputFrames; t++) {
                    double sum = withBias ? Floats.get(bias, n) : 0;
                    for (int c = 0; c < inputs; c++) {
                        for (int k = 0; k < taps; k++) {
                            sum += (double) Floats.get(w, ((long) n * inputs + c) * taps + k)
                                    * signal(c, t * stride + k * dilation - padLeft);
                        }
                    }
                    Floats.set(y, (long) n * outputFrames + t, (float) sum);
                }
            }
            return y;
        }

        MemorySegment through(Conv1dKernel kernel, @Nullable MemorySegment b) {
            MemorySegment y = TestMemory.zeros((long) outputs * outputFrames);
            Conv1dKernel.run(
                    kernel,
                    x,
                    0,
                    frames,
                    1,
                    frames,
                    weights,
                    b,
                    0,
                    stride,
                    dilation,
                    -padLeft,
                    padding,
                    outputFrames,
                    y,
                    0,
                    outputFrames,
                    1,
                    false,
                    0,
                    Conv1dKernel.units(kernel, outputFrames, weights),
                    new Conv1d.Scratch());
            return y;
        }

        @Override
        public String toString() {
            return "inputs=" + inputs + ", outputs=" + outputs + ", taps=" + taps + ", stride=" + stride + ", dilation="
                    + dilation + ", padLeft=" + padLeft + ", padRight=" + padRight + ", frames=" + frames + ", padding="
                    + padding + ", seed=" + SEED;
        }
    }

    private static final Conv1d.Padding ZERO = Conv1d.Padding.ZERO;
    private static final Conv1d.Padding REFLECT = Conv1d.Padding.REFLECT;
    private static final Conv1d.Padding REPLICATE = Conv1d.Padding.REPLICATE;

    private static final Case[] CASES = {
        new Case(1, 1, 1, 1, 1, 0, 0, 1, ZERO),
        new Case(2, 3, 3, 1, 1, 1, 1, 5, ZERO),
        new Case(5, 7, 3, 1, 2, 2, 2, 33, REFLECT),
        new Case(5, 7, 5, 1, 4, 8, 8, 9, REFLECT),
        new Case(3, 4, 7, 1, 1, 3, 3, 2, REPLICATE),
        new Case(3, 30, 11, 1, 5, 25, 25, 207, ZERO),
        new Case(24, 24, 11, 1, 3, 15, 15, 100, REPLICATE),
        new Case(8, 25, 3, 2, 1, 1, 1, 200, ZERO),
        new Case(8, 9, 4, 3, 2, 0, 2, 97, REFLECT),
        new Case(128, 17, 3, 1, 1, 1, 1, 64, ZERO),
        new Case(129, 5, 3, 1, 1, 1, 1, 40, ZERO),
        new Case(300, 400, 2, 1, 1, 1, 0, 30, ZERO),
        new Case(4, 4, 3, 1, 100, 100, 100, 120, ZERO),
        new Case(2, 2, 5, 40, 1, 4, 4, 500, ZERO),
        new Case(2, 3, 200, 1, 1, 60, 60, 150, ZERO),
    };

    @Test
    void agreesWithTheFormula() {
        for (Case c : CASES) {
            for (Conv1dKernel kernel : KERNELS) {
                String what = kernel.getClass().getSimpleName() + ": " + c;
                TestMemory.assertClose(c.expected(true), c.through(kernel, c.bias), 0, 3e-6, what);
                TestMemory.assertClose(c.expected(false), c.through(kernel, null), 0, 3e-6, "no bias, " + what);
            }
        }
    }

    @Test
    void takesAnyLayoutUnitByUnitAndAccumulates() {
        for (Case c : CASES) {
            MemorySegment rows = c.through(kernelInUse(), c.bias);
            int xStride = c.inputs + 2;
            int yStride = c.outputs + 1;
            MemorySegment x = TestMemory.zeros(3 + (long) c.frames * xStride);
            for (int t = 0; t < c.frames; t++) {
                for (int i = 0; i < c.inputs; i++) {
                    Floats.set(x, 3 + (long) t * xStride + i, c.signal(i, t));
                }
            }
            MemorySegment y = TestMemory.zeros(1 + (long) c.outputFrames * yStride);
            Elementwise.fill(y, 0, 0.5f, (int) (y.byteSize() / 4));
            Conv1d.Scratch scratch = new Conv1d.Scratch();
            for (int unit = Conv1d.units(c.outputFrames, c.weights); --unit >= 0; ) {
                Conv1d.run(
                        x,
                        3,
                        1,
                        xStride,
                        c.frames,
                        c.weights,
                        c.bias,
                        0,
                        c.stride,
                        c.dilation,
                        c.padLeft,
                        c.padRight,
                        c.padding,
                        y,
                        1,
                        1,
                        yStride,
                        false,
                        unit,
                        unit + 1,
                        scratch);
            }
            for (int t = 0; t < c.outputFrames; t++) {
                for (int n = 0; n < c.outputs; n++) {
                    assertEquals(
                            Floats.get(rows, (long) n * c.outputFrames + t),
                            Floats.get(y, 1 + (long) t * yStride + n),
                            "t=" + t + ", n=" + n + ", " + c);
                }
                assertEquals(0.5f, Floats.get(y, (long) t * yStride), "in front of frame " + t);
            }
            MemorySegment twice = TestMemory.copy(rows);
            Conv1d.run(
                    c.x,
                    0,
                    c.frames,
                    1,
                    c.frames,
                    c.weights,
                    c.bias,
                    0,
                    c.stride,
                    c.dilation,
                    c.padLeft,
                    c.padRight,
                    c.padding,
                    twice,
                    0,
                    c.outputFrames,
                    1,
                    true,
                    0,
                    Conv1d.units(c.outputFrames, c.weights),
                    scratch);
            Elementwise.scale(rows, 0, 2, rows, 0, c.outputs * c.outputFrames);
            TestMemory.assertClose(rows, twice, 2e-7, 1e-7, "accumulated: " + c);
        }
    }

    private static Conv1dKernel kernelInUse() {
        return KernelProvider.vector() ? KERNELS[0] : KERNELS[1];
    }

    @Test
    void givesTheSameBitsInOverlappingPieces() {
        Random random = new Random(SEED);
        Case c = new Case(140, 10, 7, 1, 3, 0, 0, 500, ZERO);
        MemorySegment whole = c.through(kernelInUse(), c.bias);
        Conv1d.Scratch scratch = new Conv1d.Scratch();
        for (int from = 0; from < c.outputFrames; ) {
            int count = Math.min(c.outputFrames - from, 1 + random.nextInt(150));
            int needed = count + 6 * 3;
            MemorySegment y = TestMemory.zeros((long) c.outputs * count);
            Conv1d.run(
                    c.x,
                    from,
                    c.frames,
                    1,
                    needed,
                    c.weights,
                    c.bias,
                    0,
                    1,
                    3,
                    0,
                    0,
                    ZERO,
                    y,
                    0,
                    count,
                    1,
                    false,
                    0,
                    Conv1d.units(count, c.weights),
                    scratch);
            for (int n = 0; n < c.outputs; n++) {
                TestMemory.assertClose(
                        TestMemory.array(whole, (long) n * c.outputFrames + from, count),
                        TestMemory.array(y, (long) n * count, count),
                        0,
                        0,
                        "from=" + from + ", seed=" + SEED);
            }
            from += count;
        }
    }

    @Test
    void readsWeightsInEveryFormat() {
        Random random = new Random(SEED);
        int size = 3 * 130 * 2;
        MemorySegment floats = TestMemory.normal(random, size, 1);
        for (FloatFormat format : FloatFormat.values()) {
            MemorySegment stored = Arena.ofAuto().allocate(1 + 4L * size);
            Convert.fromF32(floats, 0, format, stored, 1, size);
            MemorySegment widened = TestMemory.zeros(size);
            Convert.toF32(stored, 1, format, widened, 0, size);
            Conv1d.Weights w = Conv1d.Weights.pack(stored, 1, format, 3, 130, 2, Arena.ofAuto());
            for (int n = 0; n < 3; n++) {
                for (int c = 0; c < 130; c++) {
                    for (int k = 0; k < 2; k++) {
                        assertEquals(
                                Floats.get(widened, (n * 130L + c) * 2 + k),
                                w.get(n, c, k),
                                format + ", n=" + n + ", c=" + c + ", k=" + k);
                    }
                }
            }
        }
    }

    @Test
    void aNaNReachesTheFramesThatSeeIt() {
        for (Conv1dKernel kernel : KERNELS) {
            Case c = new Case(3, 4, 3, 1, 2, 2, 2, 50, ZERO);
            Floats.set(c.x, 20, Float.NaN);
            MemorySegment y = c.through(kernel, null);
            for (int i = 0; i < 200; i++) {
                int t = i % 50;
                boolean sees = t == 18 || t == 20 || t == 22;
                assertEquals(sees, Float.isNaN(Floats.get(y, i)), "t=" + t);
            }
        }
    }

    private static String refusal(Runnable call) {
        return String.valueOf(
                assertThrows(IllegalArgumentException.class, call::run).getMessage());
    }

    @Test
    void shouldRefuseSizesThatContradictEachOther() {
        Case c = CASES[1];
        Conv1d.Scratch scratch = new Conv1d.Scratch();
        assertEquals(
                "conv: the signal is too short or too long: frames=2, padLeft=0, padRight=0, taps=3, dilation=1",
                refusal(() -> Conv1d.outputFrames(2, 3, 1, 1, 0, 0)));
        assertEquals(
                "conv: frames=2, taps=3, stride=0, dilation=1, padLeft=0, padRight=0",
                refusal(() -> Conv1d.outputFrames(2, 3, 0, 1, 0, 0)));
        assertEquals(
                "conv: too few frames to reflect: frames=2, padLeft=2, padRight=2",
                refusal(() -> Conv1d.run(
                        c.x, 0, 5, 1, 2, c.weights, null, 0, 1, 1, 2, 2, REFLECT, c.x, 0, 4, 1, false, 0, 1, scratch)));
        assertEquals(
                "conv: x: outside its memory: offset=1, n=10, floats=10",
                refusal(() -> Conv1d.run(
                        c.x, 1, 5, 1, 5, c.weights, null, 0, 1, 1, 1, 1, ZERO, c.x, 0, 5, 1, false, 0, 1, scratch)));
        assertEquals(
                "conv: x: elements overlap: channelStride=4, frameStride=1, channels=2, frames=5",
                refusal(() -> Conv1d.run(
                        c.x, 0, 4, 1, 5, c.weights, null, 0, 1, 1, 1, 1, ZERO, c.x, 0, 5, 1, false, 0, 1, scratch)));
        assertEquals(
                "conv: unitFrom=0, unitTo=2, units=1",
                refusal(() -> Conv1d.run(
                        c.x,
                        0,
                        5,
                        1,
                        5,
                        c.weights,
                        null,
                        0,
                        1,
                        1,
                        1,
                        1,
                        ZERO,
                        TestMemory.zeros(15),
                        0,
                        5,
                        1,
                        false,
                        0,
                        2,
                        scratch)));
        assertEquals(
                "conv: weights=[0,1,1]",
                refusal(() -> Conv1d.Weights.pack(c.w, 0, FloatFormat.F32, 0, 1, 1, Arena.ofAuto())));
    }
}
