package omni.kernels;

import static org.junit.jupiter.api.Assertions.fail;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Random;
import java.util.stream.IntStream;

/** Operands of kernel tests: sizes around the vector width, random and awkward values, comparison with the index in the message. */
final class TestMemory {
    /** 0 .. 2 * lanes + 1 of the vectors in use, then sizes with every kind of tail. */
    static final int[] SIZES = IntStream.concat(
                    IntStream.rangeClosed(0, 2 * Vectors.LANES + 1), IntStream.of(64, 207, 4098))
            .toArray();

    static final float[] AWKWARD = {
        0f,
        -0f,
        Float.MIN_VALUE,
        -Float.MIN_VALUE,
        Float.MIN_NORMAL,
        0x1.fffffcp-127f,
        1f,
        -1f,
        Float.MAX_VALUE,
        -Float.MAX_VALUE,
        Float.POSITIVE_INFINITY,
        Float.NEGATIVE_INFINITY,
        Float.NaN
    };

    private TestMemory() {}

    static MemorySegment zeros(long floats) {
        return Arena.ofAuto().allocate(Math.max(1, floats) * Float.BYTES, 64);
    }

    static MemorySegment of(float... values) {
        MemorySegment x = zeros(values.length);
        for (int i = 0; i < values.length; i++) {
            Floats.set(x, i, values[i]);
        }
        return x;
    }

    /** Normally distributed values of the given deviation. */
    static MemorySegment normal(Random random, long floats, float deviation) {
        MemorySegment x = zeros(floats);
        for (long i = 0; i < floats; i++) {
            Floats.set(x, i, (float) random.nextGaussian() * deviation);
        }
        return x;
    }

    /** Puts awkward values in about one place of {@code every}. */
    static void sprinkle(Random random, MemorySegment x, int every) {
        for (long i = 0; i < x.byteSize() / Float.BYTES; i++) {
            if (random.nextInt(every) == 0) {
                Floats.set(x, i, AWKWARD[random.nextInt(AWKWARD.length)]);
            }
        }
    }

    static MemorySegment copy(MemorySegment x) {
        MemorySegment y = Arena.ofAuto().allocate(x.byteSize(), 64);
        y.copyFrom(x);
        return y;
    }

    static float[] array(MemorySegment x, long offset, int n) {
        float[] out = new float[n];
        for (int i = 0; i < n; i++) {
            out[i] = Floats.get(x, offset + i);
        }
        return out;
    }

    static float[] array(MemorySegment x) {
        return array(x, 0, (int) (x.byteSize() / Float.BYTES));
    }

    /** Equal bits, except that any NaN equals any NaN. */
    static void assertSame(MemorySegment expected, MemorySegment actual, String what) {
        assertClose(expected, actual, 0, 0, what);
    }

    /**
     * |actual - expected| at most {@code absolute + relative * |expected|}; infinities and NaN in the same places. With both bounds 0 the
     * bits must agree, the sign of zero too.
     */
    static void assertClose(
            MemorySegment expected, MemorySegment actual, double relative, double absolute, String what) {
        assertClose(array(expected), array(actual), relative, absolute, what);
    }

    static void assertClose(float[] expected, float[] actual, double relative, double absolute, String what) {
        if (expected.length != actual.length) {
            fail(what + ": expected " + expected.length + " values, got " + actual.length);
        }
        for (int i = 0; i < expected.length; i++) {
            float e = expected[i];
            float a = actual[i];
            boolean ok;
            if (Float.isNaN(e) || Float.isNaN(a) || Float.isInfinite(e) || (relative == 0 && absolute == 0)) {
                ok = Float.floatToIntBits(e) == Float.floatToIntBits(a);
            } else {
                ok = Math.abs((double) a - e) <= absolute + relative * Math.abs((double) e);
            }
            if (!ok) {
                fail(what + ": at " + i + " of " + expected.length + ": expected " + e + ", got " + a);
            }
        }
    }
}
