/**
 * The Thinker: prompts with their media placed in them, three-axis positions (TMRoPE), prefill and decoding. Knows token ids, grids
 * and numbers of tokens of media; the sounds and pixels themselves belong to other packages. Records here are immutable and safe to
 * share between threads.
 *
 * <p>Letters for shapes: T positions, C channels, V vocabulary.
 */
@NullMarked
package omni.thinker;

import org.jspecify.annotations.NullMarked;
