package omni.cli;

import omni.GenerationOptions;
import omni.error.RequestException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How tokens are chosen. What is left out comes from the checkpoint's generation_config.json. */
final class SamplingArguments {
    @Option(
            names = {"-n", "--max-tokens"},
            paramLabel = "N",
            order = OptionSections.TOKENS,
            description = "Most tokens of the answer (default: the model's, else 1024).")
    private @Nullable Integer maxTokens;

    @Option(
            names = {"--temperature", "--temp"},
            paramLabel = "T",
            order = OptionSections.TOKENS + 1,
            description = "0 takes the most likely token, higher values vary more (default: the model's, else 0).")
    private @Nullable Double temperature;

    @Option(
            names = "--top-k",
            paramLabel = "K",
            order = OptionSections.TOKENS + 2,
            description = "Choose among the K most likely tokens, 0 for all (default: the model's, else 50).")
    private @Nullable Integer topK;

    @Option(
            names = "--top-p",
            paramLabel = "P",
            order = OptionSections.TOKENS + 3,
            description = "Choose among the tokens that share the probability P, more than 0, at most 1 (default: the"
                    + " model's, else 1).")
    private @Nullable Double topP;

    @Option(
            names = "--min-p",
            paramLabel = "P",
            order = OptionSections.TOKENS + 4,
            description = "Leave out tokens less likely than P times the best, 0 to 1 (default: the model's, else 0).")
    private @Nullable Double minP;

    @Option(
            names = "--repeat-penalty",
            paramLabel = "R",
            order = OptionSections.TOKENS + 5,
            description = "Above 1 discourages what was said before (default: the model's, else 1).")
    private @Nullable Double repeatPenalty;

    @Option(
            names = "--seed",
            paramLabel = "S",
            order = OptionSections.TOKENS + 6,
            description = "Makes a varied answer repeatable (default: another one each time, told by --json).")
    private @Nullable Long seed;

    /** Checks the values. */
    GenerationOptions toGenerationOptions() {
        if (topP != null && topP == 0) {
            throw new UsageException("--top-p: value=" + topP + "; give more than 0, at most 1");
        }
        try {
            return new GenerationOptions(maxTokens, temperature, topK, topP, minP, repeatPenalty, seed);
        } catch (RequestException e) {
            throw new UsageException(String.valueOf(e.getMessage()));
        }
    }
}
