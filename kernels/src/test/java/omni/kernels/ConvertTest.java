package omni.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.foreign.MemorySegment;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ConvertTest {
    private static final long SEED = 7;
    private static final ConvertKernel VECTOR = new VectorConvert();
    private static final ConvertKernel SCALAR = new ScalarConvert();

    /** All 65536 values, one byte off any alignment. */
    private static MemorySegment allShorts() {
        MemorySegment x = TestMemory.zeros(40_000).asSlice(1, 131_072);
        for (int i = 0; i < 65_536; i++) {
            x.set(ScalarConvert.SHORT, 2L * i, (short) i);
        }
        return x;
    }

    @Test
    void everyHalfAndBfloatBecomesItsFloat() {
        MemorySegment x = allShorts();
        MemorySegment y = TestMemory.zeros(65_536);
        for (ConvertKernel kernel : new ConvertKernel[] {VECTOR, SCALAR}) {
            kernel.f16ToF32(x, 0, y, 0, 65_536);
            for (int i = 0; i < 65_536; i++) {
                assertEquals(
                        Float.floatToRawIntBits(Float.float16ToFloat((short) i)),
                        Float.floatToRawIntBits(Floats.get(y, i)),
                        "f16 " + Integer.toHexString(i));
            }
            kernel.bf16ToF32(x, 0, y, 0, 65_536);
            for (int i = 0; i < 65_536; i++) {
                assertEquals(i << 16, Float.floatToRawIntBits(Floats.get(y, i)), "bf16 " + Integer.toHexString(i));
            }
        }
    }

    @Test
    void everyHalfAndBfloatComesBack() {
        MemorySegment x = allShorts();
        MemorySegment y = TestMemory.zeros(65_536);
        MemorySegment back = TestMemory.zeros(32_768);
        for (FloatFormat format : new FloatFormat[] {FloatFormat.BF16, FloatFormat.F16}) {
            Convert.toF32(x, 0, format, y, 0, 65_536);
            Convert.fromF32(y, 0, format, back, 0, 65_536);
            int quiet = format == FloatFormat.BF16 ? 0x40 : 0x200;
            for (int i = 0; i < 65_536; i++) {
                boolean nan = Float.isNaN(Floats.get(y, i));
                assertEquals(
                        (short) (nan ? i | quiet : i),
                        back.get(ScalarConvert.SHORT, 2L * i),
                        format + " " + Integer.toHexString(i));
            }
        }
    }

    /** The nearest of the two neighbours, computed by widening both and comparing distances in double. */
    private static short nearestBf16(float value) {
        short down = (short) (Float.floatToRawIntBits(value) >> 16);
        short up = (short) (down + 1);
        double low = Math.abs((double) value - ScalarConvert.bf16ToF32(down));
        float above = ScalarConvert.bf16ToF32(up);
        double high = Float.isInfinite(above) ? 0x1p128 - Math.abs((double) value) : Math.abs((double) value - above);
        return low < high || (low == high && (down & 1) == 0) ? down : up;
    }

    @Test
    void roundsToNearestEven() {
        Random random = new Random(SEED);
        int n = 100_003;
        MemorySegment x = TestMemory.zeros(n);
        for (int i = 0; i < n; i++) {
            int bits = random.nextInt();
            // A third are ties of bfloat16, a third lie in the range of halves.
            bits = i % 3 == 0 ? (bits & 0xffff0000) | 0x8000 : bits;
            float value = i % 3 == 1
                    ? (float) (random.nextGaussian() * Math.pow(2, random.nextInt(45) - 28))
                    : Float.intBitsToFloat(bits);
            Floats.set(x, i, value);
        }
        // Ties, limits and the smallest of halves.
        float[] halves = {
            65504,
            65519.996f,
            65520,
            -65520,
            0x1p-24f,
            0x1p-25f,
            0x1.8p-25f,
            0x1.8p-24f,
            0x1.ffcp-15f,
            0x1.ffep-15f,
            0x1.002p0f,
            0x1.006p0f
        };
        for (int i = 0; i < halves.length; i++) {
            Floats.set(x, 100 + i, halves[i]);
        }
        MemorySegment y = TestMemory.zeros(n / 2 + 1);
        for (ConvertKernel kernel : new ConvertKernel[] {VECTOR, SCALAR}) {
            kernel.f32ToF16(x, 0, y, 0, n);
            for (int i = 0; i < n; i++) {
                float value = Floats.get(x, i);
                assertEquals(
                        Float.floatToFloat16(value),
                        y.get(ScalarConvert.SHORT, 2L * i),
                        "f16 of " + value + ", seed=" + SEED);
            }
            kernel.f32ToBf16(x, 0, y, 0, n);
            for (int i = 0; i < n; i++) {
                float value = Floats.get(x, i);
                short actual = y.get(ScalarConvert.SHORT, 2L * i);
                if (Float.isNaN(value)) {
                    assertEquals(Float.NaN, ScalarConvert.bf16ToF32(actual), "bf16 of NaN");
                } else {
                    assertEquals(nearestBf16(value), actual, "bf16 of " + value + ", seed=" + SEED);
                }
            }
        }
    }

    @Test
    void convertsAnyNumberFromAnyPlace() {
        Random random = new Random(SEED);
        for (int n : TestMemory.SIZES) {
            MemorySegment x = TestMemory.normal(random, n + 3, 1);
            TestMemory.sprinkle(random, x, 10);
            for (FloatFormat format : FloatFormat.values()) {
                MemorySegment stored = TestMemory.zeros(n + 2);
                MemorySegment back = TestMemory.zeros(n + 3);
                Convert.fromF32(x, 3, format, stored, 5, n);
                Convert.toF32(stored, 5, format, back, 2, n);
                for (int i = 0; i < n; i++) {
                    float value = Floats.get(x, 3 + i);
                    float expected = switch (format) {
                        case F32 -> value;
                        case BF16 -> ScalarConvert.bf16ToF32(ScalarConvert.f32ToBf16(value));
                        case F16 -> Float.float16ToFloat(Float.floatToFloat16(value));
                    };
                    assertEquals(
                            expected, Floats.get(back, 2 + i), format + ", n=" + n + ", i=" + i + ", seed=" + SEED);
                }
                assertEquals(0f, Floats.get(back, n + 2), "behind the end");
                assertEquals(0, stored.get(ScalarConvert.SHORT, 5 + (long) n * format.bytes()), "behind the end");
            }
        }
    }

    @Test
    void shouldRefuseOperandsOutsideTheirMemory() {
        MemorySegment x = TestMemory.zeros(4);
        assertEquals(
                "convert: src: outside its memory: byteOffset=1, n=8, format=F16, bytes=16",
                assertThrows(IllegalArgumentException.class, () -> Convert.toF32(x, 1, FloatFormat.F16, x, 0, 8))
                        .getMessage());
        assertEquals(
                "convert: dst: outside its memory: byteOffset=13, n=1, format=F32, bytes=16",
                assertThrows(IllegalArgumentException.class, () -> Convert.fromF32(x, 0, FloatFormat.F32, x, 13, 1))
                        .getMessage());
        assertEquals(
                "convert: dst: outside its memory: offset=0, n=5, floats=4",
                assertThrows(IllegalArgumentException.class, () -> Convert.toF32(x, 0, FloatFormat.BF16, x, 0, 5))
                        .getMessage());
    }
}
