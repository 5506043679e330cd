package omni;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;
import java.util.concurrent.CancellationException;
import omni.chat.ChatTemplate;
import omni.chat.Message;
import omni.engine.Cancellation;
import omni.error.RequestException;
import omni.perception.Medium;
import omni.perception.Perception;
import omni.thinker.MediaSpan;
import omni.thinker.Prompt;
import org.jspecify.annotations.Nullable;

/**
 * From the turns of a conversation to its prompt: the chat template and its ids at once; then the media, which are looked at one after
 * the other, counted all together, and encoded.
 */
final class PromptAssembly {
    private final Omni omni;
    private final List<Turn> turns;

    /** With one placeholder per medium, and a dictated reply at the end. */
    private final int[] ids;

    private final int dictatedTokens;

    /**
     * Writes the conversation as ids.
     *
     * @param dictated the reply where it is given, else null
     * @throws RequestException if a turn holds what the model cannot take
     */
    PromptAssembly(Omni omni, List<Turn> turns, @Nullable String dictated) {
        this.omni = omni;
        this.turns = List.copyOf(turns);
        turns.forEach(turn -> turn.message().parts().forEach(omni.perception()::require));
        List<Message> messages = turns.stream().map(Turn::message).toList();
        int[] asked = omni.tokenizer().encode(omni.template().render(messages, ChatTemplate.Options.REPLY));
        // Encoded apart, as the model itself would have written it token by token.
        int[] reply = dictated == null ? new int[0] : omni.tokenizer().encode(dictated);
        dictatedTokens = reply.length;
        ids = Arrays.copyOf(asked, asked.length + reply.length);
        System.arraycopy(reply, 0, ids, asked.length, reply.length);
    }

    /** Tokens of a dictated reply, the last ones of the prompt. */
    int dictatedTokens() {
        return dictatedTokens;
    }

    boolean hasMedia() {
        return turns.stream().anyMatch(Turn::hasMedia);
    }

    /**
     * Makes the prompt.
     *
     * @param room checks that so many tokens with such media fit
     * @throws CancellationException if cancelled
     */
    Prompt prompt(Room room, Cancellation cancellation, ReplyListener listener) {
        Perception perception = omni.perception();
        boolean done = false;
        try {
            List<Medium> media = new ArrayList<>();
            for (Turn turn : turns) {
                turn.examine(perception, cancellation);
                media.addAll(turn.media());
            }
            room.check(count(media), media);
            encode(media, cancellation, listener);
            Prompt prompt = perception.prompt(ids, media);
            done = true;
            return prompt;
        } finally {
            if (!done) {
                // What was begun cannot be gone on with.
                turns.stream()
                        .filter(turn -> turn.media().stream().anyMatch(medium -> medium.pending() > 0))
                        .forEach(turn -> turn.release(perception));
            }
        }
    }

    /** Whether a request fits. */
    interface Room {
        /** @throws RequestException if it does not */
        void check(int tokens, List<Medium> media);
    }

    /**
     * Tokens of the whole prompt.
     *
     * @throws RequestException if they are more than the context holds; the message counts every medium
     */
    private int count(List<Medium> media) {
        int merge = omni.thinker().ropeRules().merge();
        long tokens = ids.length;
        for (Medium medium : media) {
            // Every placeholder is one token already, and a clip's sound brings its own begin and end tokens.
            tokens += medium.span().tokens(merge) - 1 + (medium.span() instanceof MediaSpan.VideoWithAudio ? 2 : 0);
        }
        int context = omni.info().contextLength();
        if (!media.isEmpty() && tokens > context) {
            StringJoiner list = new StringJoiner("; ", "[", "]");
            media.forEach(medium -> list.add(medium.describe(merge)));
            double seconds = context / omni.thinker().ropeRules().positionsPerSecond();
            String sound = media.stream().anyMatch(Medium::isHeard)
                    ? String.format(Locale.ROOT, " (%.1f s of sound)", seconds)
                    : "";
            throw new RequestException("prompt too long: tokens=" + tokens + ", context=" + context + sound + ", media="
                    + list + "; give fewer, shorter or smaller media, or open the model with a larger context");
        }
        return Math.toIntExact(tokens);
    }

    private void encode(List<Medium> media, Cancellation cancellation, ReplyListener listener) {
        int total = media.stream().mapToInt(Medium::pending).sum();
        int[] done = {0};
        int[] reached = {0};
        for (Medium medium : media) {
            int pending = medium.pending();
            if (pending == 0) {
                continue;
            }
            int before = done[0];
            omni.inLongTurn(
                    cancellation,
                    () -> listener.onEncode(reached[0], total),
                    pausing -> omni.perception().encode(medium, pausing, tokens -> reached[0] = before + tokens));
            done[0] += pending;
            listener.onEncode(done[0], total);
        }
    }
}
