package omni;

import org.jspecify.annotations.Nullable;

/** A reply pulled piece by piece; the work is done by the thread that pulls. */
public final class ReplyStream implements AutoCloseable {
    ReplyStream() {}

    /** Computes up to the next whole piece of text; null at the end of the reply. */
    public @Nullable String next() {
        return Unbuilt.value();
    }

    /**
     * The finished reply.
     *
     * @throws IllegalStateException if the stream was not read to its end or closed
     */
    public Reply reply() {
        return Unbuilt.value();
    }

    /** Ends the reply where it is, as {@link Conversation#cancel} would. */
    @Override
    public void close() {}
}
