package omni;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;
import omni.engine.Cancellation;
import omni.engine.Matrix;
import omni.engine.StopReason;
import omni.engine.TokenHistory;
import omni.engine.TokenStream;
import omni.loader.TokenDecoder;
import omni.thinker.Prompt;
import omni.thinker.ThinkerSession;
import org.jspecify.annotations.Nullable;

/**
 * A reply pulled piece by piece; the work is done by the thread that pulls, one at a time. {@link Conversation#cancel} ends it from
 * any thread.
 */
public final class ReplyStream implements AutoCloseable {
    private static final int NONE = -1;

    private final Omni omni;
    private final Conversation conversation;
    private final ThinkerSession session;
    private final ReplyPlan plan;
    private final ReplyListener listener;
    private final Cancellation cancellation;
    private final TokenDecoder decoder;
    private final StringBuilder text = new StringBuilder();

    /** The whole conversation, once its media are encoded, and how much of it needs no computing. */
    private @Nullable Prompt prompt;

    private int cached;
    private int prefilled;
    private @Nullable TokenStream tokens;

    /** The token that the last step chose. */
    private int chosen = NONE;

    private long encodeNanos;
    private long prefillNanos;
    private long decodeNanos;
    private double firstText = -1;
    private @Nullable StopReason stopReason;
    private boolean ended;
    private @Nullable Reply reply;

    ReplyStream(
            Omni omni,
            Conversation conversation,
            ThinkerSession session,
            ReplyPlan plan,
            ReplyListener listener,
            Cancellation cancellation) {
        this.omni = omni;
        this.conversation = conversation;
        this.session = session;
        this.plan = plan;
        this.listener = listener;
        this.cancellation = cancellation;
        decoder = omni.tokenizer().streamDecoder(true);
    }

    /**
     * Computes up to the next whole piece of text. A failure ends the reply and leaves the conversation as it was.
     *
     * @return never empty, never a part of a character; null at the end of the reply
     */
    public @Nullable String next() {
        boolean done = false;
        try {
            String piece = "";
            while (piece.isEmpty() && !ended) {
                piece = advance();
            }
            done = true;
            return piece.isEmpty() ? null : piece;
        } finally {
            if (!done) {
                abandon();
            }
        }
    }

    /** One step; the text that it made whole, often none. */
    private String advance() {
        StopReason reason = stopReason;
        if (reason != null) {
            return finish(reason);
        }
        Prompt whole = prompt;
        if (whole == null) {
            perceive();
            return "";
        }
        TokenStream stream = tokens;
        if (stream == null) {
            omni.betweenSteps(this::prefillStep);
            listener.onPrefill(prefilled, whole.length() - cached);
        } else {
            omni.betweenSteps(() -> tokenStep(stream));
        }
        int id = chosen;
        if (id < 0) {
            return "";
        }
        chosen = NONE;
        listener.onToken(id);
        return said(decoder.push(id));
    }

    /** All of the media: decoded, counted, encoded. */
    private void perceive() {
        long start = System.nanoTime();
        try {
            open();
        } catch (CancellationException e) {
            stopReason = StopReason.INTERRUPTED;
        } finally {
            encodeNanos += System.nanoTime() - start;
        }
    }

    /**
     * Makes the prompt and begins with it.
     *
     * @throws omni.error.OmniException if a medium cannot be used, or if the prompt does not fit
     * @throws CancellationException if cancelled
     */
    void open() {
        Prompt whole = plan.assembly()
                .prompt(
                        (tokens, media) -> omni.inTurn(() -> {
                            conversation.checkMemory(tokens, plan.maxTokens(), media);
                            return null;
                        }),
                        cancellation,
                        listener);
        cached = omni.inTurn(() -> session.begin(whole));
        prompt = whole;
    }

    /** A chunk of the prompt; behind the last one the first token, while the logits are there. */
    private void prefillStep() {
        if (cancellation.isCancelled()) {
            stopReason = StopReason.INTERRUPTED;
            return;
        }
        long start = System.nanoTime();
        try {
            Matrix logits = session.prefill(cancellation);
            prefilled = session.length() - cached;
            if (logits != null) {
                tokens = tokens(logits);
                choose(tokens);
            }
        } catch (CancellationException e) {
            stopReason = StopReason.INTERRUPTED;
        } finally {
            prefillNanos += System.nanoTime() - start;
        }
    }

    private TokenStream tokens(Matrix logits) {
        TokenHistory history = new TokenHistory();
        history.addAll(promptIds());
        return new TokenStream(
                logits,
                session.steps(cancellation),
                plan.sampler(),
                history,
                omni.endIds(),
                plan.maxTokens(),
                cancellation);
    }

    private void tokenStep(TokenStream stream) {
        long start = System.nanoTime();
        choose(stream);
        decodeNanos += System.nanoTime() - start;
    }

    private void choose(TokenStream stream) {
        if (stream.advance()) {
            chosen = stream.token();
        } else {
            stopReason = stream.stopReason();
        }
    }

    private String said(String piece) {
        if (!piece.isEmpty()) {
            if (firstText < 0) {
                firstText = secondsSince(plan.startNanos());
            }
            text.append(piece);
        }
        return piece;
    }

    private static double secondsSince(long nanos) {
        return (System.nanoTime() - nanos) / 1e9;
    }

    /** Ends the reply; what was left of an unfinished character. */
    private String finish(StopReason reason) {
        String rest = said(decoder.flush());
        ended = true;
        int[] ids = tokens == null ? new int[0] : tokens.tokens();
        reply = new Reply(
                text.toString(),
                boxed(ids),
                boxed(promptIds()),
                reason,
                plan.seed(),
                new Timings(
                        omni.loadSeconds(),
                        encodeNanos / 1e9,
                        prefillNanos / 1e9,
                        decodeNanos / 1e9,
                        firstText,
                        prefilled,
                        Math.max(0, ids.length - 1)));
        conversation.ended(plan.turn(), reply);
        return rest;
    }

    private int[] promptIds() {
        return prompt == null ? new int[0] : prompt.ids();
    }

    private static List<Integer> boxed(int[] ids) {
        List<Integer> out = new ArrayList<>(ids.length);
        Arrays.stream(ids).forEach(out::add);
        return out;
    }

    /** Ends the reply as failed. */
    void abandon() {
        if (!ended) {
            ended = true;
            conversation.ended(plan.turn(), null);
        }
    }

    /**
     * The finished reply.
     *
     * @throws IllegalStateException if the stream was not read to its end, or failed
     */
    public Reply reply() {
        Reply finished = reply;
        if (finished == null) {
            throw new IllegalStateException("reply: not finished; read the stream to its end");
        }
        return finished;
    }

    /** Ends the reply where it is, as {@link Conversation#cancel} would, if it has not ended yet. */
    @Override
    public void close() {
        cancellation.cancel();
        if (!ended) {
            finish(StopReason.INTERRUPTED);
        }
    }
}
