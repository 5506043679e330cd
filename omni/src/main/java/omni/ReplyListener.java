package omni;

/**
 * Hears a reply while it is made. Called on the thread that asked; whatever a method throws ends the reply, reaches the caller of
 * {@link Conversation#ask} and leaves the conversation as it was before the turn.
 */
public interface ReplyListener {
    /** A listener that does nothing. */
    ReplyListener SILENT = new ReplyListener() {};

    /**
     * A part of the media was encoded; not called if all of them were known already. Decoding comes before it.
     *
     * @param done embeddings computed so far
     * @param total embeddings to compute
     */
    default void onEncode(int done, int total) {}

    /**
     * A part of the prompt was computed.
     *
     * @param done positions computed so far
     * @param total positions to compute
     */
    default void onPrefill(int done, int total) {}

    /** A token was chosen, special ones and the end mark included. Its text, if it has any yet, follows. */
    default void onToken(int id) {}

    /** A piece of text is whole: never empty, never a part of a character. */
    default void onText(String piece) {}

    /** A piece of sound is made. The next is not begun before this returns. */
    default void onSound(SoundChunk chunk) {}
}
