package omni.speech;

import omni.error.RequestException;

/**
 * How a mel spectrogram is sampled.
 *
 * @param steps points in time of the solver's grid, one more than it makes steps; at least 2
 * @param guidance how far the prediction is drawn away from the one without conditions (Ho and Salimans, "Classifier-Free Diffusion
 *     Guidance", 2022); from 0
 */
public record MelOptions(int steps, float guidance) {
    /** The reference's defaults. */
    public static final MelOptions DEFAULT = new MelOptions(10, 0.5f);

    /** Below this the reference computes no second prediction. */
    private static final float LEAST_GUIDANCE = 1e-5f;

    /** More points than this are a mistake: the reference takes 10. */
    public static final int MOST_STEPS = 1000;

    /** @throws RequestException if a value makes no sense */
    public MelOptions {
        if (steps < 2 || steps > MOST_STEPS) {
            throw new RequestException("speech: steps=" + steps + "; choose 2 to " + MOST_STEPS);
        }
        if (!(guidance >= 0 && guidance <= Float.MAX_VALUE)) {
            throw new RequestException("speech: guidance=" + guidance + "; choose a number from 0");
        }
    }

    /** Whether a second prediction without conditions is made. */
    public boolean guided() {
        return guidance >= LEAST_GUIDANCE;
    }

    /** Predictions of an evaluation: 1, or 2 with guidance. */
    int batch() {
        return guided() ? 2 : 1;
    }
}
