/**
 * Conversations as text: messages made of parts, and the ChatML template that turns them into one prompt string. Everything here is
 * immutable and safe for use by several threads.
 */
@NullMarked
package omni.chat;

import org.jspecify.annotations.NullMarked;
