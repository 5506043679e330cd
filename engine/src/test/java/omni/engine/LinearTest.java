package omni.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import omni.error.ModelFormatException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LinearTest {
    private static final ValueLayout.OfShort I16 = ValueLayout.JAVA_SHORT_UNALIGNED;

    private static Tensor tensor(String name, ElementType type, Random random, long... shape) {
        long n = 1;
        for (long s : shape) {
            n *= s;
        }
        // An odd address: mapped weights are not aligned.
        MemorySegment data =
                Arena.ofAuto().allocate(n * type.bits() / 8 + 1, 64).asSlice(1);
        for (long i = 0; i < n; i++) {
            float value = (float) random.nextGaussian() / 8;
            switch (type) {
                case F32 -> data.setAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, i, value);
                case BF16 -> data.setAtIndex(I16, i, (short) (Float.floatToRawIntBits(value) >>> 16));
                case F16 -> data.setAtIndex(I16, i, Float.floatToFloat16(value));
                default -> throw new IllegalArgumentException(type.name());
            }
        }
        return new Tensor(name, type, shape, data);
    }

    private static double value(Tensor tensor, long i) {
        return switch (tensor.type()) {
            case F32 -> tensor.data().getAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, i);
            case BF16 -> Float.intBitsToFloat(tensor.data().getAtIndex(I16, i) << 16);
            case F16 -> Float.float16ToFloat(tensor.data().getAtIndex(I16, i));
            default -> throw new IllegalArgumentException(tensor.type().name());
        };
    }

    private static Matrix random(Workspace ws, Random random, int rows, int cols) {
        Matrix m = ws.matrix(rows, cols + 3).cols(2, cols + 2);
        for (int r = 0; r < rows; r++) {
            for (int c = 0; c < cols; c++) {
                m.set(r, c, (float) random.nextGaussian());
            }
        }
        return m;
    }

    private static void assertProduct(
            Matrix x, Tensor w, @Nullable Tensor b, @Nullable Matrix before, Matrix y, String what) {
        for (int t = 0; t < x.rows(); t++) {
            for (int n = 0; n < y.cols(); n++) {
                double sum = b == null ? 0 : value(b, n);
                double size = Math.abs(sum);
                for (int i = 0; i < x.cols(); i++) {
                    double term = x.get(t, i) * value(w, (long) n * x.cols() + i);
                    sum += term;
                    size += Math.abs(term);
                }
                if (before != null) {
                    sum += before.get(t, n);
                    size += Math.abs(before.get(t, n));
                }
                assertEquals(sum, y.get(t, n), 1e-6 * size + 1e-30, what + ", t=" + t + ", n=" + n);
            }
        }
    }

    @Test
    void multipliesInEveryFormatAndNumberOfRows() {
        try (ThreadTeam team = new ThreadTeam(3);
                Workspace ws = new Workspace(team)) {
            for (ElementType type : new ElementType[] {ElementType.F32, ElementType.BF16, ElementType.F16}) {
                for (int rows : new int[] {1, 2, 3, 8, 9, 37}) {
                    long seed = rows * 31L + type.bits();
                    Random random = new Random(seed);
                    Tensor w = tensor("w", type, random, 131, 77);
                    Tensor b = tensor("b", type, random, 131);
                    Matrix x = random(ws, random, rows, 77);
                    String what = type + ", rows=" + rows + ", seed=" + seed;

                    Matrix y = random(ws, random, rows, 131);
                    Linear.of(w, b).forward(x, y, ws);
                    assertProduct(x, w, b, null, y, what);
                    Linear.of(w, null).forward(x, y, ws);
                    assertProduct(x, w, null, null, y, what);

                    Matrix sum = random(ws, random, rows, 131);
                    Matrix before = ws.matrix(rows, 131);
                    for (int t = 0; t < rows; t++) {
                        for (int n = 0; n < 131; n++) {
                            before.set(t, n, sum.get(t, n));
                        }
                    }
                    Linear.of(w, b).forwardAdd(x, sum, ws);
                    assertProduct(x, w, b, before, sum, what + ", added");
                }
            }
        }
    }

    @Test
    void runsSeveralLayersOnOneInputAsIfOneByOne() {
        Random random = new Random(5);
        try (ThreadTeam team = new ThreadTeam(2);
                Workspace ws = new Workspace(team)) {
            for (int rows : new int[] {1, 40}) {
                Linear[] layers = {
                    Linear.of(
                            tensor("q", ElementType.BF16, random, 96, 64), tensor("qb", ElementType.BF16, random, 96)),
                    Linear.of(tensor("k", ElementType.BF16, random, 17, 64), null),
                    Linear.of(tensor("v", ElementType.F32, random, 33, 64), null),
                    Linear.of(tensor("o", ElementType.BF16, random, 5, 64), null),
                };
                Matrix x = random(ws, random, rows, 64);
                Matrix[] ys = new Matrix[layers.length];
                for (int k = 0; k < layers.length; k++) {
                    ys[k] = ws.matrix(rows, layers[k].outputs());
                }
                Linear.forward(x, layers, ys, ws);
                for (int k = 0; k < layers.length; k++) {
                    Matrix alone = ws.matrix(rows, layers[k].outputs());
                    layers[k].forward(x, alone, ws);
                    assertArrayEquals(alone.toArray(), ys[k].toArray(), layers[k].name());
                }
            }
        }
    }

    @Test
    void multipliesCompactWeightsAsTheStoredOnes() {
        Random random = new Random(6);
        try (ThreadTeam team = new ThreadTeam(2);
                Workspace ws = new Workspace(team)) {
            Tensor w = tensor("w", ElementType.BF16, random, 331, 256);
            Tensor b = tensor("b", ElementType.BF16, random, 331);
            Linear stored = Linear.of(w, b);
            Linear compact = stored.compact(Arena.ofAuto(), team);
            assertNotSame(stored, compact);
            assertEquals("w compact BF16[331,256]", compact.toString());
            assertEquals(336L * 256 * 3 / 2, Linear.compactBytes(w));
            for (int rows : new int[] {1, 5, 8, 9, 40}) {
                Matrix x = random(ws, random, rows, 256);
                Matrix y = ws.matrix(rows, 331);
                compact.forward(x, y, ws);
                assertProduct(x, w, b, null, y, "rows=" + rows);
                // Beside a layer whose weights want x in another order.
                Matrix first = ws.matrix(rows, 331);
                Matrix second = ws.matrix(rows, 331);
                Linear.forward(x, new Linear[] {stored, compact}, new Matrix[] {first, second}, ws);
                assertArrayEquals(y.toArray(), second.toArray(), "rows=" + rows);
                assertProduct(x, w, b, null, first, "rows=" + rows);
            }
        }
    }

    @Test
    void keepsWeightsThatWouldNotBecomeFasterWhereTheyAre() {
        Random random = new Random(7);
        try (ThreadTeam team = new ThreadTeam(1)) {
            Tensor uneven = tensor("w", ElementType.BF16, random, 8, 250);
            Tensor wide = tensor("w", ElementType.F32, random, 8, 256);
            Tensor scattered = tensor("w", ElementType.BF16, random, 8, 256);
            for (int i = 0; i < 8 * 256; i++) {
                scattered.data().setAtIndex(I16, i, (short) random.nextInt());
            }
            for (Tensor w : new Tensor[] {uneven, wide, scattered}) {
                Linear stored = Linear.of(w, null);
                assertSame(stored, stored.compact(Arena.ofAuto(), team));
            }
            assertEquals(8 * 250 * 2, Linear.compactBytes(uneven));
            assertEquals(8 * 256 * 4, Linear.compactBytes(wide));
        }
    }

    @Test
    void givesTheSameBitsForAnyNumberOfThreads() {
        Random random = new Random(6);
        Tensor w = tensor("w", ElementType.BF16, random, 333, 515);
        for (int rows : new int[] {1, 5, 70, 600}) {
            float[] expected = null;
            for (int threads : new int[] {1, 2, 5}) {
                try (ThreadTeam team = new ThreadTeam(threads);
                        Workspace ws = new Workspace(team)) {
                    Matrix x = random(ws, new Random(7), rows, 515);
                    Matrix y = ws.matrix(rows, 333);
                    Linear.of(w, null).forward(x, y, ws);
                    float[] got = y.toArray();
                    if (expected == null) {
                        expected = got;
                    }
                    assertArrayEquals(expected, got, "rows=" + rows + ", threads=" + threads);
                }
            }
        }
    }

    @Test
    void givesARowOfASmallBatchTheBitsOfTheRowAlone() {
        Random random = new Random(8);
        Tensor w = tensor("w", ElementType.BF16, random, 100, 203);
        try (ThreadTeam team = new ThreadTeam(2);
                Workspace ws = new Workspace(team)) {
            Linear linear = Linear.of(w, null);
            Matrix x = random(ws, random, 8, 203);
            Matrix y = ws.matrix(8, 100);
            linear.forward(x, y, ws);
            for (int t = 0; t < 8; t++) {
                Matrix alone = ws.matrix(1, 100);
                linear.forward(x.rows(t, t + 1), alone, ws);
                assertArrayEquals(alone.toArray(), y.rows(t, t + 1).toArray(), "row " + t);
            }
        }
    }

    @Test
    void givesARowOfManyTheSameBitsWhateverTheirNumber() {
        Random random = new Random(5);
        try (ThreadTeam team = new ThreadTeam(1);
                Workspace ws = new Workspace(team)) {
            Linear linear = Linear.of(tensor("w", ElementType.F32, random, 30, 200), null);
            // One more than a chunk, and a few more: no remainder may be multiplied like a few rows alone.
            int most = 517;
            Matrix x = random(ws, random, most, 200);
            Matrix whole = ws.matrix(most, 30);
            linear.forward(x, whole, ws);
            for (int rows : new int[] {9, 100, 512, 513, 516}) {
                Matrix y = ws.matrix(rows, 30);
                linear.forward(x.rows(most - rows, most), y, ws);
                assertArrayEquals(whole.rows(most - rows, most).toArray(), y.toArray(), "rows=" + rows + ", seed=5");
            }
        }
    }

    @Test
    void refusesShapesThatDoNotFit() {
        Random random = new Random(9);
        Tensor w = tensor("model.w", ElementType.F32, random, 4, 6);
        ModelFormatException notMatrix = assertThrows(
                ModelFormatException.class, () -> Linear.of(tensor("model.n", ElementType.F32, random, 4), null));
        assertEquals("linear: weight=model.n, shape=[4]; a matrix [outputs,inputs] is needed", notMatrix.getMessage());
        ModelFormatException bias = assertThrows(
                ModelFormatException.class, () -> Linear.of(w, tensor("model.b", ElementType.F32, random, 6)));
        assertEquals(
                "linear: weight=model.w, shape=[4,6], bias=model.b, bias shape=[6]; a bias [4] is needed",
                bias.getMessage());
        Tensor integers = new Tensor(
                "model.i", ElementType.I32, new long[] {1, 1}, Arena.ofAuto().allocate(4));
        ModelFormatException type = assertThrows(ModelFormatException.class, () -> Linear.of(integers, null));
        assertEquals("linear: tensor=model.i, type=I32; F32, BF16 or F16 is needed", type.getMessage());
        try (ThreadTeam team = new ThreadTeam(1);
                Workspace ws = new Workspace(team)) {
            Linear linear = Linear.of(w, null);
            IllegalArgumentException shapes = assertThrows(
                    IllegalArgumentException.class, () -> linear.forward(ws.matrix(2, 5), ws.matrix(2, 4), ws));
            assertEquals("linear: weight=model.w[4,6], x=[2,5], y=[2,4]", shapes.getMessage());
            assertThrows(
                    IllegalArgumentException.class,
                    () -> Linear.forward(ws.matrix(2, 6), new Linear[] {linear}, new Matrix[0], ws));
        }
    }

    @Test
    void acceptsNoRows() {
        try (ThreadTeam team = new ThreadTeam(2);
                Workspace ws = new Workspace(team)) {
            Linear linear = Linear.of(tensor("w", ElementType.F32, new Random(1), 4, 6), null);
            linear.forward(ws.matrix(0, 6), ws.matrix(0, 4), ws);
            assertTrue(ws.bytes() >= 0);
        }
    }
}
