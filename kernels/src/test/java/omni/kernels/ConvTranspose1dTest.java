package omni.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ConvTranspose1dTest {
    private static final long SEED = 11;

    private static final int[][] CASES = {
        // inputs, outputs, taps, stride, cutLeft, frames, cutRight
        {1, 1, 1, 1, 0, 1, 0},
        {2, 3, 4, 2, 1, 7, 1},
        {3, 5, 11, 5, 3, 40, 3},
        {4, 2, 7, 3, 2, 50, 2},
        {130, 6, 4, 2, 1, 60, 1},
        {3, 30, 12, 2, 5, 130, 5},
        {2, 2, 2, 3, 0, 9, 0},
        {2, 2, 5, 1, 2, 9, 2},
        {5, 400, 4, 4, 0, 12, 0},
        {3, 4, 7, 3, 8, 20, 11},
        {3, 4, 3, 5, 9, 20, 0},
    };

    @Test
    void agreesWithTheFormula() {
        Random random = new Random(SEED);
        for (int[] size : CASES) {
            int inputs = size[0];
            int outputs = size[1];
            int taps = size[2];
            int stride = size[3];
            int cutLeft = size[4];
            int cutRight = size[6];
            int frames = size[5];
            int outputFrames = ConvTranspose1d.outputFrames(frames, taps, stride, cutLeft, cutRight);
            assertEquals((frames - 1) * stride + taps - cutLeft - cutRight, outputFrames);
            MemorySegment x = TestMemory.normal(random, (long) inputs * frames, 1);
            MemorySegment w =
                    TestMemory.normal(random, (long) inputs * outputs * taps, (float) Math.sqrt(1.0 / inputs));
            MemorySegment bias = TestMemory.normal(random, outputs, 1);
            double[] sums = new double[outputs * outputFrames];
            for (int n = 0; n < outputs; n++) {
                for (int o = 0; o < outputFrames; o++) {
                    sums[n * outputFrames + o] = Floats.get(bias, n);
                }
                for (int c = 0; c < inputs; c++) {
                    for (int t = 0; t < frames; t++) {
                        for (int k = 0; k < taps; k++) {
                            int o = t * stride + k - cutLeft;
                            if (o >= 0 && o < outputFrames) {
                                sums[n * outputFrames + o] += (double) Floats.get(x, (long) c * frames + t)
                                        * Floats.get(w, ((long) c * outputs + n) * taps + k);
                            }
                        }
                    }
                }
            }
            float[] expected = new float[sums.length];
            for (int i = 0; i < sums.length; i++) {
                expected[i] = (float) sums[i];
            }
            String what = "inputs=" + inputs + ", outputs=" + outputs + ", taps=" + taps + ", stride=" + stride
                    + ", cutLeft=" + cutLeft + ", cutRight=" + cutRight + ", frames=" + frames + ", seed=" + SEED;
            ConvTranspose1d.Weights weights =
                    ConvTranspose1d.Weights.pack(w, 0, FloatFormat.F32, inputs, outputs, taps, stride, Arena.ofAuto());
            int units = ConvTranspose1d.units(frames, cutLeft, cutRight, weights);
            MemorySegment y = TestMemory.zeros(sums.length);
            ConvTranspose1d.run(
                    x,
                    0,
                    frames,
                    1,
                    frames,
                    weights,
                    bias,
                    0,
                    cutLeft,
                    cutRight,
                    y,
                    0,
                    outputFrames,
                    1,
                    false,
                    0,
                    units,
                    new Conv1d.Scratch());
            TestMemory.assertClose(expected, TestMemory.array(y), 0, 5e-6, what);
            // Frames as rows, unit by unit: the same bits.
            MemorySegment columns = TestMemory.zeros((long) outputFrames * (outputs + 2));
            Conv1d.Scratch scratch = new Conv1d.Scratch();
            for (int unit = units; --unit >= 0; ) {
                ConvTranspose1d.run(
                        x,
                        0,
                        frames,
                        1,
                        frames,
                        weights,
                        bias,
                        0,
                        cutLeft,
                        cutRight,
                        columns,
                        0,
                        1,
                        outputs + 2,
                        false,
                        unit,
                        unit + 1,
                        scratch);
            }
            for (int n = 0; n < outputs; n++) {
                for (int o = 0; o < outputFrames; o++) {
                    assertEquals(
                            Floats.get(y, (long) n * outputFrames + o),
                            Floats.get(columns, (long) o * (outputs + 2) + n),
                            what);
                }
            }
        }
    }

    @Test
    void predictsTheBytesOfItsWeights() {
        MemorySegment w = TestMemory.zeros(3 * 48 * 11);
        ConvTranspose1d.Weights weights =
                ConvTranspose1d.Weights.pack(w, 0, FloatFormat.F32, 3, 48, 11, 5, Arena.ofAuto());
        long bytes = 0;
        for (Conv1d.Weights phase : weights.phases) {
            bytes += phase.panels.data.byteSize();
        }
        assertEquals(bytes, ConvTranspose1d.Weights.bytes(3, 48, 11, 5));
        // 48 outputs are whole panels for every kernel.
        assertEquals(3 * 48 * 11 * 4, bytes);
    }

    @Test
    void shouldRefuseSizesThatContradictEachOther() {
        assertEquals(
                "transposed conv: frames=1, taps=2, stride=2, cutLeft=1, cutRight=1",
                assertThrows(IllegalArgumentException.class, () -> ConvTranspose1d.outputFrames(1, 2, 2, 1, 1))
                        .getMessage());
        MemorySegment x = TestMemory.zeros(10);
        ConvTranspose1d.Weights weights =
                ConvTranspose1d.Weights.pack(TestMemory.zeros(4), 0, FloatFormat.F32, 1, 1, 4, 2, Arena.ofAuto());
        assertEquals(
                "transposed conv: y: outside its memory: offset=0, n=12, floats=10",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> ConvTranspose1d.run(
                                        x,
                                        0,
                                        5,
                                        1,
                                        5,
                                        weights,
                                        null,
                                        0,
                                        0,
                                        0,
                                        x,
                                        0,
                                        12,
                                        1,
                                        false,
                                        0,
                                        1,
                                        new Conv1d.Scratch()))
                        .getMessage());
    }
}
