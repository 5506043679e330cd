package omni.speech;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import omni.engine.Matrix;
import omni.error.ModelFormatException;

/**
 * The vocoder's scale: log mel m to decibels {@code d = 20 log10(max(exp(m), 10^(-115/20))) - 20}, and from -115 .. 0 dB to -1 .. 1, clamped.
 * Reference notes, section 15.
 */
final class MelScale {
    private static final double LEAST_DB = -115;
    private static final double REFERENCE_DB = 20;

    /** 20 log10(exp(m)) = m * 20 / ln(10), so neither function is needed, and no m overflows. */
    private static final double DB_PER_NEPER = 20 / Math.log(10);

    private MelScale() {}

    /**
     * Scales.
     *
     * @param mel [F, M]
     * @param number of the first frame, for messages
     * @param out receives [F, M], frames adjacent
     * @throws ModelFormatException if a value is not a number: only damaged weights make one
     */
    static void scale(Matrix mel, long number, MemorySegment out, long offset) {
        for (int t = 0; t < mel.rows(); t++) {
            for (int m = 0; m < mel.cols(); m++) {
                float value = mel.get(t, m);
                if (Float.isNaN(value)) {
                    throw new ModelFormatException("vocoder: mel is not a number: frame=" + (number + t) + ", bin=" + m
                            + "; the weights that made it are damaged");
                }
                double db = Math.max(value * DB_PER_NEPER, LEAST_DB) - REFERENCE_DB;
                double scaled = Math.clamp(2 * (db - LEAST_DB) / -LEAST_DB - 1, -1, 1);
                out.setAtIndex(ValueLayout.JAVA_FLOAT, offset + (long) t * mel.cols() + m, (float) scaled);
            }
        }
    }
}
