package omni.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import omni.SpeechOptions;
import omni.error.RequestException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How an answer is spoken. What is left out is the reference's default. */
final class SpeechArguments {
    @Option(
            names = "--voice",
            paramLabel = "NAME",
            order = OptionSections.SPEECH + 1,
            description = "The speaker (default: " + SpeechOptions.DEFAULT_VOICE
                    + ", or the model's first). An unknown name lists those there are.")
    private @Nullable String voice;

    @Option(
            names = {"--talker-temperature", "--talker-temp"},
            paramLabel = "T",
            order = OptionSections.SPEECH + 2,
            description = "0 takes the most likely code, higher values vary more (default: 0.9).")
    private @Nullable Double temperature;

    @Option(
            names = "--talker-top-k",
            paramLabel = "K",
            order = OptionSections.SPEECH + 3,
            description = "Choose among the K most likely codes, 0 for all (default: 40).")
    private @Nullable Integer topK;

    @Option(
            names = "--talker-top-p",
            paramLabel = "P",
            order = OptionSections.SPEECH + 4,
            description = "Choose among the codes that share the probability P, more than 0, at most 1 (default: 0.8).")
    private @Nullable Double topP;

    @Option(
            names = "--talker-repeat-penalty",
            paramLabel = "R",
            order = OptionSections.SPEECH + 5,
            description = "Above 1 discourages codes that were used before (default: 1.05).")
    private @Nullable Double repeatPenalty;

    @Option(
            names = "--talker-max-tokens",
            paramLabel = "N",
            order = OptionSections.SPEECH + 6,
            description = "Most codes of the sound, 50 a second (default: 4096; a short text ends it sooner).")
    private @Nullable Integer maxCodes;

    @Option(
            names = "--steps",
            paramLabel = "N",
            order = OptionSections.SPEECH + 7,
            description = "Points of the time grid on which the sound is solved for; fewer are faster and rougher"
                    + " (default: 10).")
    private @Nullable Integer steps;

    @Option(
            names = "--guidance",
            paramLabel = "G",
            order = OptionSections.SPEECH + 8,
            description = "How strongly the sound is held to the codes and the voice; 0 is twice as fast"
                    + " (default: 0.5).")
    private @Nullable Double guidance;

    @Option(
            names = "--no-stream",
            order = OptionSections.SPEECH + 9,
            description = "Make the sound of the whole answer at once, as the reference does, rather than block by"
                    + " block while text still comes.")
    private boolean whole;

    /** Checks the values. */
    SpeechOptions toSpeechOptions() {
        if (topP != null && topP == 0) {
            throw new UsageException("--talker-top-p: value=" + topP + "; give more than 0, at most 1");
        }
        try {
            return new SpeechOptions(voice, temperature, topK, topP, repeatPenalty, maxCodes, steps, guidance, !whole);
        } catch (RequestException e) {
            throw new UsageException(String.valueOf(e.getMessage()));
        }
    }

    /**
     * Refuses options that mean nothing without sound.
     *
     * @throws UsageException if one was given
     */
    void requireNone() {
        Map<String, @Nullable Object> given = new LinkedHashMap<>();
        given.put("--voice", voice);
        given.put("--talker-temperature", temperature);
        given.put("--talker-top-k", topK);
        given.put("--talker-top-p", topP);
        given.put("--talker-repeat-penalty", repeatPenalty);
        given.put("--talker-max-tokens", maxCodes);
        given.put("--steps", steps);
        given.put("--guidance", guidance);
        given.put("--no-stream", whole ? Boolean.TRUE : null);
        given.forEach((option, value) -> {
            if (value != null) {
                throw new UsageException(option + ": it changes speech, and none is asked for; add --speak OUT.wav");
            }
        });
    }
}
