package omni.thinker;

import omni.engine.Matrix;

/** Receives the decoder's output at every position, for what is built on it: the Talker. */
@FunctionalInterface
public interface HiddenStates {
    /** Nobody listens. */
    HiddenStates IGNORED = (first, hidden) -> {};

    /**
     * Some positions were computed.
     *
     * @param first index of the first of them in the conversation
     * @param hidden hidden states after the final norm [T, C]; valid only during the call, and not to be written. The embeddings that
     *     belong to them are {@link Thinker#embed(Prompt, int, Matrix)}'s
     */
    void computed(int first, Matrix hidden);
}
