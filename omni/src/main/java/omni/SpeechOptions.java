package omni;

import omni.engine.SamplingOptions;
import omni.error.RequestException;
import omni.pipeline.SpeechModel;
import omni.pipeline.SpeechSettings;
import omni.speech.ChunkPlan;
import omni.speech.MelOptions;
import org.jspecify.annotations.Nullable;

/**
 * How a reply is spoken. What is null comes from the reference's defaults: the voice {@value #DEFAULT_VOICE} (the first of the
 * checkpoint where it has no such voice), temperature 0.9, top-k 40, top-p 0.8, repetition penalty 1.05, 4096 codes, 10 solver points,
 * guidance 0.5. Immutable; change one value with a {@code with} method.
 *
 * @param voice name of a speaker of the checkpoint
 * @param temperature of the Talker; 0 for greedy, else what scores are divided by
 * @param topK number of best codes kept, 0 for all
 * @param topP share of the probability kept, in (0, 1]
 * @param repeatPenalty what the scores of codes already chosen are divided by (multiplied where negative), above 0; 1 for none
 * @param maxCodes most codes, 50 of which are a second of sound, at least 1
 * @param steps points of the flow's time grid, at least 2; one less is the number of Runge-Kutta steps
 * @param guidance scale of classifier-free guidance, at least 0; 0 for none
 * @param streamed whether sound is made block by block while text still comes, rather than for the whole utterance at once, as the
 *     reference does
 */
public record SpeechOptions(
        @Nullable String voice,
        @Nullable Double temperature,
        @Nullable Integer topK,
        @Nullable Double topP,
        @Nullable Double repeatPenalty,
        @Nullable Integer maxCodes,
        @Nullable Integer steps,
        @Nullable Double guidance,
        boolean streamed) {
    /** The reference's voice where none is named. */
    public static final String DEFAULT_VOICE = "Chelsie";

    private static final double MOST_GUIDANCE = 100;

    private static final SpeechOptions DEFAULTS =
            new SpeechOptions(null, null, null, null, null, null, null, null, true);

    /**
     * Checks the values.
     *
     * @throws RequestException if one is out of its range or not a number
     */
    public SpeechOptions {
        if (maxCodes != null && maxCodes < 1) {
            throw new RequestException("talker max tokens: value=" + maxCodes + "; give 1 or more");
        }
        if (steps != null && (steps < 2 || steps > MelOptions.MOST_STEPS)) {
            throw new RequestException("steps: value=" + steps + "; give 2 to " + MelOptions.MOST_STEPS);
        }
        if (guidance != null && !(guidance >= 0 && guidance <= MOST_GUIDANCE)) {
            throw new RequestException("guidance: value=" + guidance + "; give 0 to " + MOST_GUIDANCE);
        }
        SamplingOptions.PLAIN.with(temperature, topK, topP, null, repeatPenalty);
    }

    /** Everything as the reference does by itself, streamed. */
    public static SpeechOptions defaults() {
        return DEFAULTS;
    }

    /** These options with another voice. */
    public SpeechOptions withVoice(String value) {
        return new SpeechOptions(value, temperature, topK, topP, repeatPenalty, maxCodes, steps, guidance, streamed);
    }

    /** These options with another temperature of the Talker. */
    public SpeechOptions withTemperature(double value) {
        return new SpeechOptions(voice, value, topK, topP, repeatPenalty, maxCodes, steps, guidance, streamed);
    }

    /** These options with another top-k. */
    public SpeechOptions withTopK(int value) {
        return new SpeechOptions(voice, temperature, value, topP, repeatPenalty, maxCodes, steps, guidance, streamed);
    }

    /** These options with another top-p. */
    public SpeechOptions withTopP(double value) {
        return new SpeechOptions(voice, temperature, topK, value, repeatPenalty, maxCodes, steps, guidance, streamed);
    }

    /** These options with another repetition penalty. */
    public SpeechOptions withRepeatPenalty(double value) {
        return new SpeechOptions(voice, temperature, topK, topP, value, maxCodes, steps, guidance, streamed);
    }

    /** These options with another limit on codes. */
    public SpeechOptions withMaxCodes(int value) {
        return new SpeechOptions(voice, temperature, topK, topP, repeatPenalty, value, steps, guidance, streamed);
    }

    /** These options with another number of solver points. */
    public SpeechOptions withSteps(int value) {
        return new SpeechOptions(voice, temperature, topK, topP, repeatPenalty, maxCodes, value, guidance, streamed);
    }

    /** These options with another guidance scale. */
    public SpeechOptions withGuidance(double value) {
        return new SpeechOptions(voice, temperature, topK, topP, repeatPenalty, maxCodes, steps, value, streamed);
    }

    /** These options, with sound made while text still comes or for the whole utterance at once. */
    public SpeechOptions withStreamed(boolean value) {
        return new SpeechOptions(voice, temperature, topK, topP, repeatPenalty, maxCodes, steps, guidance, value);
    }

    /**
     * What these options mean for a model.
     *
     * @throws RequestException if it has no such voice; the message lists those that there are
     */
    SpeechSettings settings(SpeechModel model) {
        MelOptions mel = new MelOptions(
                steps == null ? MelOptions.DEFAULT.steps() : steps,
                guidance == null ? MelOptions.DEFAULT.guidance() : guidance.floatValue());
        return new SpeechSettings(
                model.voice(voice),
                model.talker().samplingDefaults().with(temperature, topK, topP, null, repeatPenalty),
                maxCodes,
                mel,
                streamed ? ChunkPlan.DEFAULT : ChunkPlan.WHOLE);
    }
}
