/**
 * Perceiving: the media of a conversation from files to embeddings in their places in a prompt (Qwen2.5-Omni Technical Report, section
 * 2.2). {@link omni.perception.Perception} holds the encoders of an open model and what they made of media seen so far;
 * {@link omni.perception.Medium} is one medium.
 *
 * <p>Letters: T positions, C channels, F frames of features, P patches.
 */
@NullMarked
package omni.perception;

import org.jspecify.annotations.NullMarked;
