package omni.talker;

import omni.engine.Matrix;

/** Looks at what the Talker's decoder is given and gives; for tests and inspection. Nothing shown may be written or kept. */
public interface TalkerTap {
    /**
     * Some positions were projected.
     *
     * @param sums sums of the Thinker's rows and code embeddings [T, E]
     * @param projected the decoder's inputs [T, C]
     */
    void projected(Matrix sums, Matrix projected);

    /** @param hidden the decoder's outputs after the final norm for the same positions [T, C] */
    void decoded(Matrix hidden);
}
