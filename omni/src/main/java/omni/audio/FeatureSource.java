package omni.audio;

import omni.engine.Matrix;

/** Where the audio encoder takes its features from, in order; {@link FeatureStream#read} is one. */
@FunctionalInterface
public interface FeatureSource {
    /**
     * Gives the next frames.
     *
     * @param block receives features [M, F], a row per mel bin
     * @return frames given; fewer than F only at the end
     */
    int read(Matrix block);

    /** The columns of a matrix [M, F]. */
    static FeatureSource of(Matrix logMel) {
        int[] next = {0};
        return block -> {
            int n = Math.min(block.cols(), logMel.cols() - next[0]);
            for (int m = 0; m < logMel.rows(); m++) {
                for (int f = 0; f < n; f++) {
                    block.set(m, f, logMel.get(m, next[0] + f));
                }
            }
            next[0] += n;
            return n;
        };
    }
}
