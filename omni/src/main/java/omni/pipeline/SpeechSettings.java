package omni.pipeline;

import omni.engine.SamplingOptions;
import omni.loader.Speaker;
import omni.speech.ChunkPlan;
import omni.speech.MelOptions;
import org.jspecify.annotations.Nullable;

/**
 * How a reply is spoken, settled.
 *
 * @param speaker in whose voice
 * @param sampling how the Talker's codes are drawn
 * @param maxCodes most codes; null for the reference's limit
 * @param mel how the mel is sampled
 * @param plan in which pieces it is sampled: {@link ChunkPlan#WHOLE} for the whole utterance at once
 */
public record SpeechSettings(
        Speaker speaker, SamplingOptions sampling, @Nullable Integer maxCodes, MelOptions mel, ChunkPlan plan) {}
