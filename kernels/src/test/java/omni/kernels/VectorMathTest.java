package omni.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;

class VectorMathTest {
    private static final long SEED = 20261122;
    private static final int DRAWS = 1 << 17;
    private static final VectorMathKernel VECTOR = new VectorVectorMath();

    private interface Function {
        void apply(MemorySegment x, long xOffset, MemorySegment y, long yOffset, int n);
    }

    /** Largest error in units in the last place of the exact value. */
    private static double largestError(Function f, DoubleUnaryOperator exact, IntToDoubleFunction draw) {
        MemorySegment x = TestMemory.zeros(DRAWS);
        MemorySegment y = TestMemory.zeros(DRAWS);
        for (int i = 0; i < DRAWS; i++) {
            Floats.set(x, i, (float) draw.applyAsDouble(i));
        }
        f.apply(x, 0, y, 0, DRAWS);
        double largest = 0;
        for (int i = 0; i < DRAWS; i++) {
            float argument = Floats.get(x, i);
            float actual = Floats.get(y, i);
            double expected = exact.applyAsDouble(argument);
            if (Double.isNaN(expected) || Float.isInfinite((float) expected)) {
                assertEquals((float) expected, actual, "x=" + argument);
            } else {
                double error = Math.abs(actual - expected) / Math.ulp((float) expected);
                if (!(error <= largest)) {
                    largest = error;
                }
            }
        }
        return largest;
    }

    private static float anyFloat(Random random) {
        return Float.intBitsToFloat(random.nextInt());
    }

    @Test
    void expIsAccurateToItsStatedBound() {
        Random random = new Random(SEED);
        Function[] functions = {VECTOR::exp, VectorMath::exp};
        for (Function f : functions) {
            double whole = largestError(f, Math::exp, i -> -105 + 195 * random.nextDouble());
            double small = largestError(f, Math::exp, i -> random.nextGaussian());
            double any = largestError(f, Math::exp, i -> anyFloat(random));
            System.out.printf("exp: %.3f ULP over [-105, 90], %.3f around 0, %.3f for any float%n", whole, small, any);
            assertTrue(Math.max(whole, Math.max(small, any)) <= 1.0, "seed=" + SEED);
        }
    }

    @Test
    void sinAndCosAreAccurateToTheirStatedBound() {
        Random random = new Random(SEED);
        Function[][] functions = {{VECTOR::sin, VECTOR::cos}, {VectorMath::sin, VectorMath::cos}};
        DoubleUnaryOperator[] exact = {Math::sin, Math::cos};
        for (Function[] pair : functions) {
            for (int k = 0; k < 2; k++) {
                double circle = largestError(pair[k], exact[k], i -> 8 * random.nextDouble() - 4);
                double large = largestError(pair[k], exact[k], i -> 2e5 * random.nextDouble() - 1e5);
                // The hardest arguments: floats next to multiples of pi / 2.
                double near = largestError(pair[k], exact[k], i -> random.nextInt(63_000) * (Math.PI / 2));
                double any = largestError(pair[k], exact[k], i -> anyFloat(random));
                System.out.printf(
                        "%s: %.3f ULP on the circle, %.3f to 1e5, %.3f near zeros and ones, %.3f for any float%n",
                        k == 0 ? "sin" : "cos", circle, large, near, any);
                assertTrue(
                        Math.max(Math.max(circle, large), Math.max(near, any)) <= 2.0,
                        "seed=" + SEED + ", function=" + k);
            }
        }
    }

    @Test
    void logAndTanhAreAccurateToTheirStatedBound() {
        Random random = new Random(SEED);
        Function[] logs = {VECTOR::log, VectorMath::log};
        for (Function f : logs) {
            double near = largestError(f, Math::log, i -> 0.4 + 2 * random.nextDouble());
            double any = largestError(f, Math::log, i -> Math.abs(anyFloat(random)));
            System.out.printf("log: %.3f ULP around 1, %.3f for any positive float%n", near, any);
            assertTrue(Math.max(near, any) <= 1.0, "seed=" + SEED);
        }
        Function[] tanhs = {VECTOR::tanh, VectorMath::tanh};
        for (Function f : tanhs) {
            double near = largestError(f, Math::tanh, i -> 2 * random.nextDouble() - 1);
            double any = largestError(f, Math::tanh, i -> 20 * random.nextDouble() - 10);
            double every = largestError(f, Math::tanh, i -> anyFloat(random));
            System.out.printf("tanh: %.3f ULP up to 1, %.3f up to 10, %.3f for any float%n", near, any, every);
            assertTrue(Math.max(near, Math.max(any, every)) <= 2.0, "seed=" + SEED);
        }
    }

    @Test
    void treatsSpecialValuesAsMathDoes() {
        MemorySegment x = TestMemory.of(TestMemory.AWKWARD);
        int n = TestMemory.AWKWARD.length;
        for (VectorMathKernel kernel : new VectorMathKernel[] {VECTOR, new ScalarVectorMath()}) {
            MemorySegment y = TestMemory.zeros(n);
            kernel.exp(x, 0, y, 0, n);
            for (int i = 0; i < n; i++) {
                assertEquals((float) Math.exp(TestMemory.AWKWARD[i]), Floats.get(y, i), "exp " + TestMemory.AWKWARD[i]);
            }
            kernel.sin(x, 0, y, 0, n);
            for (int i = 0; i < n; i++) {
                assertEquals(
                        (float) Math.sin(TestMemory.AWKWARD[i]),
                        Floats.get(y, i),
                        1e-7f,
                        "sin " + TestMemory.AWKWARD[i]);
            }
            assertEquals(Float.floatToRawIntBits(-0f), Float.floatToRawIntBits(Floats.get(y, 1)), "sin -0");
            kernel.log(x, 0, y, 0, n);
            for (int i = 0; i < n; i++) {
                float expected = (float) Math.log(TestMemory.AWKWARD[i]);
                double delta = Float.isFinite(expected) ? Math.ulp(expected) : 0.5;
                assertEquals(expected, Floats.get(y, i), delta, "log " + TestMemory.AWKWARD[i]);
            }
            kernel.tanh(x, 0, y, 0, n);
            for (int i = 0; i < n; i++) {
                assertEquals(
                        (float) Math.tanh(TestMemory.AWKWARD[i]),
                        Floats.get(y, i),
                        1e-7f,
                        "tanh " + TestMemory.AWKWARD[i]);
            }
            assertEquals(Float.floatToRawIntBits(-0f), Float.floatToRawIntBits(Floats.get(y, 1)), "tanh -0");
            kernel.cos(x, 0, y, 0, n);
            for (int i = 0; i < n; i++) {
                assertEquals(
                        (float) Math.cos(TestMemory.AWKWARD[i]),
                        Floats.get(y, i),
                        1e-7f,
                        "cos " + TestMemory.AWKWARD[i]);
            }
        }
    }

    @Test
    void givesTheSameBitsWhereverAnElementStands() {
        Random random = new Random(SEED);
        int most = 4098;
        MemorySegment x = TestMemory.normal(random, most + 3, 100);
        TestMemory.sprinkle(random, x, 10);
        Function[] functions = {VECTOR::exp, VECTOR::sin, VECTOR::cos, VECTOR::log, VECTOR::tanh};
        for (Function f : functions) {
            MemorySegment alone = TestMemory.zeros(most + 3);
            for (int i = 0; i < most + 3; i++) {
                f.apply(x, i, alone, i, 1);
            }
            for (int n : TestMemory.SIZES) {
                for (int offset = 0; offset < 3; offset++) {
                    MemorySegment y = TestMemory.zeros(n + 4);
                    f.apply(x, offset, y, 1, n);
                    String what = "n=" + n + ", offset=" + offset + ", seed=" + SEED;
                    TestMemory.assertClose(TestMemory.array(alone, offset, n), TestMemory.array(y, 1, n), 0, 0, what);
                    assertEquals(0f, Floats.get(y, 0), what);
                    assertEquals(0f, Floats.get(y, n + 1), what);
                    MemorySegment inPlace = TestMemory.copy(x);
                    f.apply(inPlace, offset, inPlace, offset, n);
                    TestMemory.assertClose(
                            TestMemory.array(alone, offset, n), TestMemory.array(inPlace, offset, n), 0, 0, what);
                }
            }
        }
    }

    @Test
    void shouldRefuseOperandsOutsideTheirMemory() {
        MemorySegment x = TestMemory.zeros(8);
        assertEquals(
                "exp: x: outside its memory: offset=1, n=8, floats=8",
                assertThrows(IllegalArgumentException.class, () -> VectorMath.exp(x, 1, x, 0, 8))
                        .getMessage());
        assertEquals(
                "sin: y: outside its memory: offset=-1, n=8, floats=8",
                assertThrows(IllegalArgumentException.class, () -> VectorMath.sin(x, 0, x, -1, 8))
                        .getMessage());
        assertEquals(
                "cos: x: outside its memory: offset=0, n=-1, floats=8",
                assertThrows(IllegalArgumentException.class, () -> VectorMath.cos(x, 0, x, 0, -1))
                        .getMessage());
    }
}
