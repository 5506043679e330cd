package omni;

import omni.engine.Sampler;

/**
 * A request, settled but for its media.
 *
 * @param turn what was asked
 * @param assembly makes the prompt, the whole conversation as the Thinker is given it
 * @param sampler chooses tokens
 * @param maxTokens most tokens to generate
 * @param seed of the sampler's random numbers
 * @param startNanos when it was asked, by {@link System#nanoTime}
 */
record ReplyPlan(Turn turn, PromptAssembly assembly, Sampler sampler, int maxTokens, long seed, long startNanos) {}
