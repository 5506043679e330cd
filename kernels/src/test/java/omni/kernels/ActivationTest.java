package omni.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

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

    private interface Function {
        void apply(ActivationKernel kernel, MemorySegment x, long xOffset, MemorySegment y, long yOffset, int n);
    }

    private static final Function[] FUNCTIONS = {
        ActivationKernel::silu,
        ActivationKernel::gelu,
        ActivationKernel::geluTanh,
        ActivationKernel::relu,
        ActivationKernel::sigmoid
    };

    @Test
    void functionsAgreeWithTheirFormulas() {
        MemorySegment x = TestMemory.of(-3, -1, 0, 0.5f, 2);
        float[][] expected = {
            {-0.14227761f, -0.26894143f, 0, 0.31122968f, 1.7615942f},
            {-0.0040496940f, -0.15865526f, 0, 0.34573123f, 1.9544997f},
            {-0.0036373920f, -0.15880801f, 0, 0.34571400f, 1.9545977f},
            {0, 0, 0, 0.5f, 2},
            {0.047425874f, 0.26894143f, 0.5f, 0.62245935f, 0.880797f}
        };
        for (int f = 0; f < FUNCTIONS.length; f++) {
            for (ActivationKernel kernel : new ActivationKernel[] {new VectorActivation(), new ScalarActivation()}) {
                MemorySegment y = TestMemory.zeros(5);
                FUNCTIONS[f].apply(kernel, x, 0, y, 0, 5);
                TestMemory.assertClose(TestMemory.of(expected[f]), y, 6e-7, 0, "function " + f);
            }
        }
    }

    @Test
    void functionsAreAccurateToTheirStatedBounds() {
        Random random = new Random(SEED);
        int n = 1 << 17;
        MemorySegment x = TestMemory.normal(random, n, 4);
        for (int f = 0; f < FUNCTIONS.length; f++) {
            MemorySegment expected = TestMemory.zeros(n);
            MemorySegment actual = TestMemory.zeros(n);
            FUNCTIONS[f].apply(new ScalarActivation(), x, 0, expected, 0, n);
            FUNCTIONS[f].apply(new VectorActivation(), x, 0, actual, 0, n);
            double relative = 0;
            double absolute = 0;
            for (int i = 0; i < n; i++) {
                double e = Floats.get(expected, i);
                double error = Math.abs(Floats.get(actual, i) - e);
                absolute = Math.max(absolute, error / Math.abs(Floats.get(x, i)));
                if (Floats.get(x, i) > -4 && error > 0) {
                    relative = Math.max(relative, error / Math.abs(e));
                }
            }
            System.out.printf(
                    "function %d: absolute error %.2g |x|, relative %.2g for x > -4%n", f, absolute, relative);
            double[] absoluteBounds = {2e-7, 3e-7, 2e-7, 0, 0};
            double[] relativeBounds = {2e-7, 6e-7, 2e-6, 0, 2e-7};
            boolean sigmoid = f == 4;
            assertTrue(sigmoid || absolute <= absoluteBounds[f], "function " + f + ", seed=" + SEED);
            assertTrue(relative <= relativeBounds[f], "function " + f + ", seed=" + SEED);
        }
    }

    @Test
    void functionsHandleBoundaries() {
        MemorySegment x = TestMemory.of(TestMemory.AWKWARD);
        int n = TestMemory.AWKWARD.length;
        for (int f = 0; f < FUNCTIONS.length; f++) {
            MemorySegment expected = TestMemory.zeros(n);
            MemorySegment actual = TestMemory.zeros(n);
            FUNCTIONS[f].apply(new ScalarActivation(), x, 0, expected, 0, n);
            FUNCTIONS[f].apply(new VectorActivation(), x, 0, actual, 0, n);
            TestMemory.assertClose(expected, actual, 6e-7, 3e-45, "function " + f);
        }
    }

    @Test
    void functionsGiveTheSameBitsWhereverAnElementStands() {
        Random random = new Random(SEED);
        for (int f = 0; f < FUNCTIONS.length; f++) {
            for (int n : TestMemory.SIZES) {
                MemorySegment x = TestMemory.normal(random, n + 3, 3);
                MemorySegment y = TestMemory.zeros(n + 3);
                FUNCTIONS[f].apply(new VectorActivation(), x, 2, y, 1, n);
                MemorySegment alone = TestMemory.zeros(n + 3);
                for (int i = 0; i < n; i++) {
                    FUNCTIONS[f].apply(new VectorActivation(), x, 2 + i, alone, 1 + i, 1);
                }
                TestMemory.assertSame(alone, y, "function " + f + ", n=" + n + ", seed=" + SEED);
            }
        }
    }

    @Test
    void theFacadeReachesEveryFunction() {
        MemorySegment x = TestMemory.of(1);
        MemorySegment y = TestMemory.zeros(5);
        Activation.silu(x, 0, y, 0, 1);
        Activation.gelu(x, 0, y, 1, 1);
        Activation.geluTanh(x, 0, y, 2, 1);
        Activation.relu(x, 0, y, 3, 1);
        Activation.sigmoid(x, 0, y, 4, 1);
        TestMemory.assertClose(TestMemory.of(0.7310586f, 0.8413448f, 0.841192f, 1, 0.7310586f), y, 3e-7, 0, "at 1");
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
