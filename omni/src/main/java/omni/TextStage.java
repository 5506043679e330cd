package omni;

import java.util.Arrays;
import java.util.concurrent.CancellationException;
import omni.engine.Cancellation;
import omni.engine.Matrix;
import omni.engine.StopReason;
import omni.engine.TokenHistory;
import omni.engine.TokenStream;
import omni.loader.TokenDecoder;
import omni.thinker.Prompt;
import org.jspecify.annotations.Nullable;

/**
 * The Thinker's part of a reply: looks at the media, computes the prompt chunk by chunk, then writes token by token. Each call of
 * {@link #advance} is one step.
 */
final class TextStage {
    private static final int NONE = -1;

    private final Omni omni;
    private final Conversation conversation;
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
    private @Nullable StopReason stopReason;
    private boolean ended;

    TextStage(Omni omni, Conversation conversation, ReplyPlan plan, ReplyListener listener, Cancellation cancellation) {
        this.omni = omni;
        this.conversation = conversation;
        this.plan = plan;
        this.listener = listener;
        this.cancellation = cancellation;
        decoder = omni.tokenizer().streamDecoder(true);
    }

    /** True if there is no more text. */
    boolean ended() {
        return ended;
    }

    /** One step; the text that it made whole, often none. */
    String advance() {
        StopReason reason = stopReason;
        if (reason != null) {
            return finish();
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
                            conversation.checkMemory(tokens, plan, media);
                            return null;
                        }),
                        cancellation,
                        listener);
        cached = omni.inTurn(() -> conversation.begin(whole, plan));
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
            Matrix logits = conversation.session().prefill(cancellation);
            prefilled = conversation.session().length() - cached;
            if (logits != null && plan.dictated() != null) {
                stopReason = StopReason.EOS;
            } else if (logits != null) {
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
                conversation.session().steps(cancellation),
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
        text.append(piece);
        return piece;
    }

    /** What was left of an unfinished character, or the text that was dictated. */
    private String finish() {
        ended = true;
        String dictated = plan.dictated();
        return said(dictated != null && stopReason == StopReason.EOS ? dictated : decoder.flush());
    }

    /** Ends the text where it is. */
    void interrupt() {
        if (!ended) {
            stopReason = StopReason.INTERRUPTED;
            finish();
        }
    }

    /** What the Thinker was given, with a dictated reply behind it; null if its media are not encoded yet. */
    @Nullable
    Prompt prompt() {
        return prompt;
    }

    /** The text so far. */
    String text() {
        return text.toString();
    }

    /** Ids of the prompt, without a dictated reply; empty if its media were not encoded. */
    int[] promptIds() {
        return prompt == null ? new int[0] : Arrays.copyOf(prompt.ids(), plan.promptLength(prompt));
    }

    /** Generated ids, or those of a dictated reply that was read. */
    int[] tokenIds() {
        if (plan.dictated() != null && prompt != null) {
            int[] ids = prompt.ids();
            return Arrays.copyOfRange(ids, plan.promptLength(prompt), ids.length);
        }
        return tokens == null ? new int[0] : tokens.tokens();
    }

    /** Why the text ended. */
    StopReason stopReason() {
        StopReason reason = stopReason;
        if (reason == null) {
            throw new IllegalStateException("text: not at its end");
        }
        return reason;
    }

    double encodeSeconds() {
        return encodeNanos / 1e9;
    }

    double prefillSeconds() {
        return prefillNanos / 1e9;
    }

    double decodeSeconds() {
        return decodeNanos / 1e9;
    }

    /** Positions of the prompt that were computed. */
    int prefilled() {
        return prefilled;
    }
}
