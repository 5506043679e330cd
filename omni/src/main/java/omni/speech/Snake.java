package omni.speech;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import omni.engine.StoredFloats;
import omni.engine.Tensor;

/**
 * Parameters of an anti-aliased activation, as its kernel takes them.
 *
 * @param frequency exp(alpha) [C]
 * @param magnitude 1 / (exp(beta) + 1e-9) [C]
 */
record Snake(MemorySegment frequency, MemorySegment magnitude) {
    private static final double NO_DIVISION_BY_ZERO = 1e-9;

    /**
     * @param alpha logarithms [C]
     * @param beta logarithms [C]
     */
    static Snake of(Tensor alpha, Tensor beta, Arena memory) {
        int channels = Math.toIntExact(alpha.elements());
        MemorySegment logFrequency = StoredFloats.vector(alpha, channels);
        MemorySegment logMagnitude = StoredFloats.vector(beta, channels);
        MemorySegment frequency = memory.allocate((long) channels * Float.BYTES, 64);
        MemorySegment magnitude = memory.allocate((long) channels * Float.BYTES, 64);
        for (int c = 0; c < channels; c++) {
            frequency.setAtIndex(ValueLayout.JAVA_FLOAT, c, (float) Math.exp(get(logFrequency, c)));
            magnitude.setAtIndex(
                    ValueLayout.JAVA_FLOAT, c, (float) (1 / (Math.exp(get(logMagnitude, c)) + NO_DIVISION_BY_ZERO)));
        }
        return new Snake(frequency, magnitude);
    }

    private static float get(MemorySegment x, int i) {
        return x.getAtIndex(ValueLayout.JAVA_FLOAT, i);
    }

    int channels() {
        return (int) (frequency.byteSize() / Float.BYTES);
    }
}
