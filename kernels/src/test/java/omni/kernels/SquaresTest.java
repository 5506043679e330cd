package omni.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class SquaresTest {
    private static final int SIDE = Squares.SIDE;

    private static MemorySegment counted(int floats) {
        MemorySegment x = TestMemory.zeros(floats);
        for (int i = 0; i < floats; i++) {
            Floats.set(x, i, i + 1);
        }
        return x;
    }

    @Test
    void rowsBecomeColumnsOfAPanelAndNothingElseIsWritten() {
        assumeTrue(Squares.whole(SIDE) == SIDE, "vectors of 128 bits hold no row of a square");
        for (int inputs : new int[] {0, SIDE, 5 * SIDE}) {
            int stride = 5 * SIDE + 3;
            int width = 2 * SIDE + 1;
            MemorySegment x = counted(SIDE * stride);
            float[] panel = new float[2 + inputs * width + SIDE];
            float[] expected = panel.clone();
            for (int i = 0; i < inputs; i++) {
                for (int t = 0; t < SIDE; t++) {
                    expected[2 + i * width + t] = Floats.get(x, t * stride + i);
                }
            }
            Squares.pack(x, stride * (long) Float.BYTES, inputs, panel, 2, width);
            assertEquals(Arrays.toString(expected), Arrays.toString(panel), "inputs=" + inputs);
        }
    }

    @Test
    void columnsAndTheBiasBecomeRowsOrAreAddedToThem() {
        assumeTrue(Squares.whole(SIDE) == SIDE, "vectors of 128 bits hold no row of a square");
        for (boolean add : new boolean[] {false, true}) {
            for (int outputs : new int[] {0, SIDE, 3 * SIDE}) {
                int stride = 3 * SIDE + 2;
                int width = 2 * SIDE;
                float[] c = new float[1 + 3 * SIDE * width];
                for (int i = 0; i < c.length; i++) {
                    c[i] = 1000 + i;
                }
                MemorySegment bias = counted(3 * SIDE);
                MemorySegment y = counted(SIDE * stride);
                MemorySegment expected = counted(SIDE * stride);
                for (int u = 0; u < SIDE; u++) {
                    for (int r = 0; r < outputs; r++) {
                        float sum = c[1 + r * width + u] + Floats.get(bias, r);
                        float before = add ? Floats.get(y, u * stride + r) : 0;
                        Floats.set(expected, u * stride + r, before + sum);
                    }
                }
                Squares.store(c, 1, width, bias, outputs, y, stride * (long) Float.BYTES, add);
                assertEquals(-1, expected.mismatch(y), "add=" + add + ", outputs=" + outputs);
            }
        }
    }
}
