package omni.audio;

import omni.engine.Matrix;

/**
 * A whole sound as the audio encoder takes it.
 *
 * @param logMel log-mel features [M, F], one row per mel bin, in about -1.5 .. 1.5
 * @param samples S at the features' rate
 * @param seconds length of the sound
 */
public record AudioFeatures(Matrix logMel, long samples, double seconds) {
    /** Frames F of 10 ms. */
    public int frames() {
        return logMel.cols();
    }

    /** Mel bins M. */
    public int melBins() {
        return logMel.rows();
    }
}
