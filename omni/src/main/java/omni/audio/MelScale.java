package omni.audio;

/** Slaney's mel scale: linear below 1 kHz, logarithmic above ({@code librosa.hz_to_mel}). */
public final class MelScale {
    private static final double HZ_PER_MEL = 200.0 / 3;
    private static final double BREAK_HZ = 1000;
    private static final double BREAK_MEL = BREAK_HZ / HZ_PER_MEL;
    private static final double LOG_STEP = Math.log(6.4) / 27;

    private MelScale() {}

    /** The mel number of a frequency. */
    public static double mel(double hertz) {
        return hertz < BREAK_HZ ? hertz / HZ_PER_MEL : BREAK_MEL + Math.log(hertz / BREAK_HZ) / LOG_STEP;
    }

    /** The frequency of a mel number. */
    public static double hertz(double mel) {
        return mel < BREAK_MEL ? mel * HZ_PER_MEL : BREAK_HZ * Math.exp(LOG_STEP * (mel - BREAK_MEL));
    }
}
