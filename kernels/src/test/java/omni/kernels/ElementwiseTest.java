package omni.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.foreign.MemorySegment;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ElementwiseTest {
    private static final long SEED = 5;
    private static final ElementwiseKernel VECTOR = new VectorElementwise();
    private static final ElementwiseKernel SCALAR = new ScalarElementwise();

    private interface Operation {
        void run(ElementwiseKernel kernel, MemorySegment a, MemorySegment b, MemorySegment y, int n);
    }

    private static void assertSameBits(String name, Operation operation) {
        Random random = new Random(SEED);
        for (int n : TestMemory.SIZES) {
            MemorySegment a = TestMemory.normal(random, n + 3, 1e3f);
            MemorySegment b = TestMemory.normal(random, n + 3, 1);
            TestMemory.sprinkle(random, a, 10);
            TestMemory.sprinkle(random, b, 10);
            MemorySegment expected = TestMemory.normal(new Random(SEED), n + 3, 1);
            MemorySegment actual = TestMemory.copy(expected);
            operation.run(SCALAR, a, b, expected, n);
            operation.run(VECTOR, a, b, actual, n);
            TestMemory.assertSame(expected, actual, name + ", n=" + n + ", seed=" + SEED);
        }
    }

    @Test
    void vectorGivesTheBitsOfScalar() {
        assertSameBits("add", (k, a, b, y, n) -> k.add(a, 1, b, 2, y, 3, n));
        assertSameBits("add over a", (k, a, b, y, n) -> {
            MemorySegment.copy(a, 0, y, 0, y.byteSize());
            k.add(y, 1, b, 2, y, 1, n);
        });
        assertSameBits("mul", (k, a, b, y, n) -> k.mul(a, 0, b, 2, y, 1, n));
        assertSameBits("mul over b", (k, a, b, y, n) -> {
            MemorySegment.copy(b, 0, y, 0, y.byteSize());
            k.mul(a, 1, y, 2, y, 2, n);
        });
        assertSameBits("addMul", (k, a, b, y, n) -> k.addMul(a, 1, b, 2, y, 3, n));
        assertSameBits("addMul over a", (k, a, b, y, n) -> {
            MemorySegment.copy(a, 0, y, 0, y.byteSize());
            k.addMul(y, 1, b, 2, y, 1, n);
        });
        assertSameBits("scale", (k, a, b, y, n) -> k.scale(a, 1, 0.3f, y, 2, n));
        assertSameBits("axpy", (k, a, b, y, n) -> k.axpy(0.3f, a, 1, y, 2, n));
        assertSameBits("fill", (k, a, b, y, n) -> k.fill(y, 1, -0f, n));
    }

    @Test
    void computesWhatItSays() {
        MemorySegment a = TestMemory.of(1, 2, 3);
        MemorySegment b = TestMemory.of(10, 20, 30);
        MemorySegment y = TestMemory.zeros(3);
        Elementwise.add(a, 0, b, 0, y, 0, 3);
        TestMemory.assertSame(TestMemory.of(11, 22, 33), y, "add");
        Elementwise.mul(a, 1, b, 1, y, 1, 2);
        TestMemory.assertSame(TestMemory.of(11, 40, 90), y, "mul");
        Elementwise.addMul(a, 0, b, 0, y, 0, 2);
        TestMemory.assertSame(TestMemory.of(21, 80, 90), y, "addMul");
        Elementwise.scale(a, 0, 3, y, 0, 3);
        TestMemory.assertSame(TestMemory.of(3, 6, 9), y, "scale");
        Elementwise.axpy(2, b, 0, y, 0, 3);
        TestMemory.assertSame(TestMemory.of(23, 46, 69), y, "axpy");
        Elementwise.fill(y, 1, 5, 1);
        Elementwise.fill(y, 2, 0, 1);
        TestMemory.assertSame(TestMemory.of(23, 5, 0), y, "fill");
        Elementwise.copy(y, 0, y, 1, 2);
        TestMemory.assertSame(TestMemory.of(23, 23, 5), y, "copy");
    }

    @Test
    void shouldRefuseOperandsOutsideTheirMemory() {
        MemorySegment x = TestMemory.zeros(4);
        assertEquals(
                "add: b: outside its memory: offset=2, n=3, floats=4",
                assertThrows(IllegalArgumentException.class, () -> Elementwise.add(x, 0, x, 2, x, 0, 3))
                        .getMessage());
        assertEquals(
                "mul: y: outside its memory: offset=5, n=0, floats=4",
                assertThrows(IllegalArgumentException.class, () -> Elementwise.mul(x, 0, x, 0, x, 5, 0))
                        .getMessage());
        assertEquals(
                "copy: x: outside its memory: offset=0, n=5, floats=4",
                assertThrows(IllegalArgumentException.class, () -> Elementwise.copy(x, 0, x, 0, 5))
                        .getMessage());
        assertEquals(
                "fill: y: outside its memory: offset=9223372036854775807, n=1, floats=4",
                assertThrows(IllegalArgumentException.class, () -> Elementwise.fill(x, Long.MAX_VALUE, 0, 1))
                        .getMessage());
    }
}
