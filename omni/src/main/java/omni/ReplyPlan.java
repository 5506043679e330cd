package omni;

import java.util.Arrays;
import omni.engine.Sampler;
import omni.talker.SpeechLimits;
import omni.thinker.Prompt;
import omni.thinker.RopeRules;
import org.jspecify.annotations.Nullable;

/**
 * A request, settled but for its media.
 *
 * @param turn what was asked
 * @param assembly makes the prompt, the whole conversation as the Thinker is given it
 * @param sampler chooses tokens
 * @param maxTokens most tokens to generate
 * @param seed of all random numbers of the reply
 * @param speech how the reply is spoken; null for text alone
 * @param dictated the reply, where it is given; null where it is to be written
 * @param startNanos when it was asked, by {@link System#nanoTime}
 */
record ReplyPlan(
        Turn turn,
        PromptAssembly assembly,
        Sampler sampler,
        int maxTokens,
        long seed,
        @Nullable SpeechOptions speech,
        @Nullable String dictated,
        long startNanos) {
    /** Most codes of the spoken reply; 0 for text alone. */
    int mostCodes() {
        if (speech == null) {
            return 0;
        }
        Integer most = speech.maxCodes();
        return most == null ? SpeechLimits.DEFAULT_MAX_CODES : most;
    }

    /** Positions of {@code prompt} before a dictated reply. */
    int promptLength(Prompt prompt) {
        return prompt.length() - assembly.dictatedTokens();
    }

    /** {@code prompt} without a dictated reply, which only a prompt without media has. */
    Prompt asked(Prompt prompt, RopeRules rules) {
        return assembly.dictatedTokens() == 0
                ? prompt
                : Prompt.ofText(Arrays.copyOf(prompt.ids(), promptLength(prompt)), rules);
    }
}
