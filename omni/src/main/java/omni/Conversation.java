package omni;

import java.util.List;
import omni.chat.Message;

/**
 * Several turns on one key-value cache: a turn computes only what the cache does not hold yet.
 *
 * <p>One reply at a time: asking while one is in progress raises {@link IllegalStateException}. {@link #cancel} may be called from
 * any thread; everything else belongs to one thread at a time.
 *
 * <p>Text that spells a special token, such as {@code <|im_end|>}, becomes that token, as in the reference. Do not pass text of
 * untrusted origin where that matters.
 */
public final class Conversation implements AutoCloseable {
    Conversation() {}

    /** Asks with {@link GenerationOptions#defaults()} and waits for the whole reply. */
    public Reply ask(String text) {
        return ask(text, GenerationOptions.defaults(), ReplyListener.SILENT);
    }

    /** Asks and waits for the whole reply. */
    public Reply ask(String text, GenerationOptions options) {
        return ask(text, options, ReplyListener.SILENT);
    }

    /** Asks, lets {@code listener} hear the reply while it is made, and returns it. */
    public Reply ask(String text, GenerationOptions options, ReplyListener listener) {
        return ask(Message.user(text), options, listener);
    }

    /**
     * Adds a turn, lets {@code listener} hear the reply while it is made, and adds the reply as the assistant's turn. A cancelled reply
     * stays in the conversation as far as it came; one that fails leaves the conversation as it was before.
     *
     * @throws omni.error.RequestException if the turn does not fit the context or memory, or holds what this model cannot take
     * @throws IllegalStateException if the conversation or the model is closed, or a reply is in progress
     */
    public Reply ask(Message turn, GenerationOptions options, ReplyListener listener) {
        return Unbuilt.value();
    }

    /** Starts a reply that the caller pulls piece by piece. It must be read to its end or closed before the next turn. */
    public ReplyStream stream(String text, GenerationOptions options) {
        return stream(Message.user(text), options);
    }

    /** Starts a reply that the caller pulls piece by piece. It must be read to its end or closed before the next turn. */
    public ReplyStream stream(Message turn, GenerationOptions options) {
        return Unbuilt.value();
    }

    /**
     * Ends the reply in progress within one step, with {@link omni.engine.StopReason#INTERRUPTED}; does nothing if there is none. The conversation
     * stays usable. May be called from any thread.
     */
    public void cancel() {}

    /** The turns so far, the system turn first if one was given. */
    public List<Message> history() {
        return Unbuilt.value();
    }

    /** Positions that the key-value cache holds. */
    public int cachedPositions() {
        return Unbuilt.value();
    }

    /** Forgets all turns but the system turn. */
    public void clear() {}

    /** Frees the cache. A reply in progress ends first. */
    @Override
    public void close() {}
}
