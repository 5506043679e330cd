package omni;

import omni.engine.Sampler;

/**
 * A request's options, settled.
 *
 * @param sampler chooses tokens
 * @param maxTokens most tokens to generate
 * @param seed of the sampler's random numbers
 */
record GenerationPlan(Sampler sampler, int maxTokens, long seed) {}
