package omni.jmh;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;

/** Operands and the check of a result. */
final class Data {
    private Data() {}

    /** Normal numbers. */
    static MemorySegment normal(long n, long seed, double deviation) {
        MemorySegment x = zeros(n);
        SplittableRandom random = new SplittableRandom(seed);
        for (long i = 0; i < n; i++) {
            x.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) (random.nextGaussian() * deviation));
        }
        return x;
    }

    static MemorySegment zeros(long n) {
        return Arena.ofAuto().allocate(Math.max(1, n) * Float.BYTES, 64);
    }

    static float get(MemorySegment x, long i) {
        return x.getAtIndex(ValueLayout.JAVA_FLOAT, i);
    }

    /** Ends the benchmark if a result is wrong: the time of a wrong result means nothing. */
    static void check(String what, double actual, double expected, double tolerance) {
        if (!(Math.abs(actual - expected) <= tolerance * Math.max(1, Math.abs(expected)))) {
            throw new IllegalStateException("wrong result: " + what + "=" + actual + ", expected=" + expected);
        }
    }
}
