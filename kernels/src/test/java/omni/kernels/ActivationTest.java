package omni.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.foreign.MemorySegment;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ActivationTest {
    private static final long SEED = 3;

    @Test
    void siluMulAgreesWithItsFormula() {
        MemorySegment y = TestMemory.zeros(3);
        Activation.siluMul(TestMemory.of(0, 1, -2), 0, TestMemory.of(7, 10, 3), 0, y, 0, 3);
        TestMemory.assertClose(TestMemory.of(0, 7.310586f, -0.7152175f), y, 3e-7, 0, "y");
    }

    @Test
    void siluMulVectorAgreesWithScalar() {
        Random random = new Random(SEED);
        ActivationKernel vector = new VectorActivation();
        ActivationKernel scalar = new ScalarActivation();
        for (int n : TestMemory.SIZES) {
            for (int offset = 0; offset < 3; offset++) {
                MemorySegment gate = TestMemory.normal(random, n + 2, 30);
                MemorySegment up = TestMemory.normal(random, n + 2, 1);
                MemorySegment expected = TestMemory.zeros(n + 4);
                MemorySegment actual = TestMemory.zeros(n + 4);
                scalar.siluMul(gate, offset, up, 1, expected, 2, n - offset < 0 ? 0 : n - offset);
                vector.siluMul(gate, offset, up, 1, actual, 2, n - offset < 0 ? 0 : n - offset);
                TestMemory.assertClose(expected, actual, 5e-7, 1e-37, "n=" + n + ", seed=" + SEED);
                MemorySegment alone = TestMemory.zeros(n + 4);
                for (int i = 0; i < n - offset; i++) {
                    vector.siluMul(gate, offset + i, up, 1 + i, alone, 2 + i, 1);
                }
                TestMemory.assertSame(actual, alone, "one by one, n=" + n);
            }
            MemorySegment gate = TestMemory.normal(random, n, 3);
            MemorySegment up = TestMemory.normal(random, n, 1);
            MemorySegment y = TestMemory.zeros(n);
            vector.siluMul(gate, 0, up, 0, y, 0, n);
            MemorySegment overGate = TestMemory.copy(gate);
            vector.siluMul(overGate, 0, up, 0, overGate, 0, n);
            TestMemory.assertSame(y, overGate, "over gate");
            vector.siluMul(gate, 0, up, 0, up, 0, n);
            TestMemory.assertSame(y, up, "over up");
        }
    }

    @Test
    void siluMulHandlesBoundaries() {
        MemorySegment gate = TestMemory.of(TestMemory.AWKWARD);
        int n = TestMemory.AWKWARD.length;
        MemorySegment ones = TestMemory.zeros(n);
        Elementwise.fill(ones, 0, 1, n);
        MemorySegment expected = TestMemory.zeros(n);
        MemorySegment actual = TestMemory.zeros(n);
        new ScalarActivation().siluMul(gate, 0, ones, 0, expected, 0, n);
        new VectorActivation().siluMul(gate, 0, ones, 0, actual, 0, n);
        // silu(-infinity) is NaN by the formula, as in the reference.
        TestMemory.assertClose(expected, actual, 3e-7, 1e-44, "silu");
        assertEquals(Float.NaN, Floats.get(actual, n - 2));
        assertEquals(Float.floatToRawIntBits(-0f), Float.floatToRawIntBits(Floats.get(actual, 1)));
    }

    @Test
    void shouldRefuseOperandsOutsideTheirMemory() {
        MemorySegment x = TestMemory.zeros(4);
        assertEquals(
                "silu: up: outside its memory: offset=2, n=3, floats=4",
                assertThrows(IllegalArgumentException.class, () -> Activation.siluMul(x, 0, x, 2, x, 0, 3))
                        .getMessage());
    }
}
