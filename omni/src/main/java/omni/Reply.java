package omni;

import java.util.List;
import omni.engine.StopReason;
import org.jspecify.annotations.Nullable;

/**
 * A finished reply.
 *
 * @param text what was said, without special tokens
 * @param tokenIds every generated id, the end mark included
 * @param promptIds the ids of the whole prompt, whether computed for this reply or cached from earlier turns; empty if the reply was
 *     cancelled while its media were read
 * @param stopReason why the text ended
 * @param seed of the random generator; the same seed, prompt and options give the same reply
 * @param speech how it was spoken; null if it was asked for as text alone
 * @param timings where the time went
 */
public record Reply(
        String text,
        List<Integer> tokenIds,
        List<Integer> promptIds,
        StopReason stopReason,
        long seed,
        @Nullable Speech speech,
        Timings timings) {

    /** Keeps copies of the lists. */
    public Reply {
        tokenIds = List.copyOf(tokenIds);
        promptIds = List.copyOf(promptIds);
    }
}
