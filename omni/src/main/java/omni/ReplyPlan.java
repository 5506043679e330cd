package omni;

import omni.chat.Message;
import omni.engine.Sampler;
import omni.thinker.Prompt;

/**
 * A request, settled.
 *
 * @param turn what was asked
 * @param prompt the whole conversation, as the Thinker is given it
 * @param cached positions of the prompt that need no computing
 * @param sampler chooses tokens
 * @param maxTokens most tokens to generate
 * @param seed of the sampler's random numbers
 * @param startNanos when it was asked, by {@link System#nanoTime}
 */
record ReplyPlan(Message turn, Prompt prompt, int cached, Sampler sampler, int maxTokens, long seed, long startNanos) {}
