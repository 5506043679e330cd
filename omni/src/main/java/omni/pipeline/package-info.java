/**
 * How the stages of a spoken reply run together (Qwen2.5-Omni Technical Report, section 2.5): the Talker while the Thinker writes, mel
 * block by block while codes come, samples while mel comes.
 */
@NullMarked
package omni.pipeline;

import org.jspecify.annotations.NullMarked;
