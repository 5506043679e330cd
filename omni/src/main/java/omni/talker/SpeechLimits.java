package omni.talker;

import java.util.List;
import omni.error.RequestException;
import omni.loader.ModelConfig;
import omni.loader.TalkerConfig;
import omni.loader.Token2WavConfig;

/**
 * When the Talker has to stop. Immutable; change one value with a {@code with} method.
 *
 * @param maxCodes most codes to generate, the end mark among them; at least 1
 * @param endCodes codes that end speech
 * @param codesPerSecond codes in a second of sound
 */
public record SpeechLimits(int maxCodes, List<Integer> endCodes, double codesPerSecond) {
    /** {@code talker_max_new_tokens} of the reference. */
    public static final int DEFAULT_MAX_CODES = 4096;

    /**
     * Seconds of sound that a token of text may take, and seconds on top of them: several times what slow speech needs. A Talker that
     * still speaks then has lost its text and would go on to the limit of codes.
     */
    static final double SECONDS_PER_TEXT_TOKEN = 1;

    static final double SECONDS_ON_TOP = 5;

    /** Codes per second of the released models, for a checkpoint without token2wav. */
    private static final double RELEASED_CODES_PER_SECOND = 50;

    /** @throws RequestException if there is no room for a code */
    public SpeechLimits {
        endCodes = List.copyOf(endCodes);
        if (maxCodes < 1) {
            throw new RequestException("talker max tokens: value=" + maxCodes + "; give 1 or more");
        }
        if (!(codesPerSecond > 0)) {
            throw new IllegalArgumentException("speech limits: codesPerSecond=" + codesPerSecond);
        }
    }

    /**
     * The reference's limits for a checkpoint: its padding and end codes end speech.
     *
     * @throws IllegalArgumentException if the checkpoint has no talker
     */
    public static SpeechLimits of(ModelConfig config) {
        TalkerConfig talker = config.talker();
        if (talker == null) {
            throw new IllegalArgumentException("speech limits: talker=absent");
        }
        return new SpeechLimits(
                DEFAULT_MAX_CODES, List.of(talker.codecPad(), talker.codecEnd()), codesPerSecond(config));
    }

    /** Codes in a second of sound: samples per mel frame and mel frames per code are configured. */
    private static double codesPerSecond(ModelConfig config) {
        Token2WavConfig token2wav = config.token2wav();
        if (token2wav == null) {
            return RELEASED_CODES_PER_SECOND;
        }
        double samplesPerCode = token2wav.dit().repeats();
        for (int rate : token2wav.vocoder().upsampleRates()) {
            samplesPerCode *= rate;
        }
        return Token2WavConfig.SAMPLE_RATE / samplesPerCode;
    }

    /** These limits with another limit of codes. */
    public SpeechLimits withMaxCodes(int value) {
        return new SpeechLimits(value, endCodes, codesPerSecond);
    }

    /** These limits with other end marks. */
    public SpeechLimits withEndCodes(List<Integer> value) {
        return new SpeechLimits(maxCodes, value, codesPerSecond);
    }

    /** Most codes for a text of {@code tokens} tokens that has ended. */
    long mostCodes(int tokens) {
        return (long) Math.ceil((tokens * SECONDS_PER_TEXT_TOKEN + SECONDS_ON_TOP) * codesPerSecond);
    }
}
