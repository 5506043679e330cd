/**
 * The library's public surface: open a checkpoint ({@link omni.Omni}), converse ({@link omni.Conversation}), hear the reply while it is
 * made ({@link omni.ReplyListener}, {@link omni.ReplyStream}), cancel, close.
 *
 * <p>A model may be used by any number of threads, a conversation by one at a time; what may be called from elsewhere says so. Whoever
 * opens something closes it: a conversation owns its keys and values, a model its threads, scratch and mapped files. Nothing here
 * prints; failures are exceptions of {@code omni.error}, and wrong use is {@link java.lang.IllegalStateException} or
 * {@link java.lang.IllegalArgumentException}.
 */
@NullMarked
package omni;

import org.jspecify.annotations.NullMarked;
