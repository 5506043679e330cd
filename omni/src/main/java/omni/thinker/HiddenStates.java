package omni.thinker;

import omni.engine.Matrix;

/** Receives the decoder's output at every position, for what is built on it: the Talker. */
@FunctionalInterface
public interface HiddenStates {
    /** Nobody listens. */
    HiddenStates IGNORED = (first, ids, hidden) -> {};

    /**
     * Some positions were computed.
     *
     * @param first index of the first of them in the conversation
     * @param ids the conversation's tokens, {@code ids[first + t]} that of row t; valid only during the call, and not to be written
     * @param hidden hidden states after the final norm [T, C]; valid only during the call, and not to be written
     */
    void computed(int first, int[] ids, Matrix hidden);
}
