package omni.speech;

import omni.engine.Matrix;

/** Sees what a vocoder computes on the way, piece by piece. */
@FunctionalInterface
public interface VocoderTap {
    /** Where. */
    enum Step {
        /** Mel, scaled to -1 .. 1. */
        SCALED,
        /** Behind the first convolution. */
        CONV_PRE,
        /** Behind the transposed convolution of a stage. */
        UPSAMPLED,
        /** Behind the first activation of a block; blocks are counted through all stages. */
        ACTIVATED,
        /** Behind a block. */
        BLOCK,
        /** Behind a stage: the mean of its blocks. */
        STAGE,
        /** Behind the last activation. */
        ACTIVATION_POST
    }

    /**
     * @param index of the stage or block, else 0
     * @param rows the frames [n, C] that follow those shown before; valid during the call
     */
    void show(Step step, int index, Matrix rows);
}
