package omni.engine;

import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * Tokens one by one: choose from the logits, feed the chosen one to the decoder, and so on until an end token, the token limit, a
 * full context or a cancellation. Work is done when a token is asked for, so a consumer that stops asking stops the work. The last
 * token is not fed to the decoder. Knows no model: a {@link Step} stands for it.
 */
public final class TokenStream {
    /** One decoder step. */
    public interface Step {
        /** True if no position is left for another token. */
        boolean full();

        /**
         * Feeds a token.
         *
         * @return logits [1, V] for the one after it, valid until the next call
         * @throws CancellationException if cancelled meanwhile
         */
        Matrix next(int token);
    }

    private final Step step;
    private final Sampler sampler;
    private final TokenHistory history;
    private final Set<Integer> endIds;
    private final int maxTokens;
    private final Cancellation cancellation;
    private Matrix logits;
    private int[] tokens = new int[64];
    private int size;
    private @Nullable StopReason stopReason;

    /**
     * @param logits [1, V] for the first token, from the prefill
     * @param step the decoder
     * @param sampler chooses tokens
     * @param history ids that count for the repetition penalty; chosen ones are added
     * @param endIds tokens that end the stream
     * @param maxTokens most tokens to produce, the end token among them; at least 0
     * @param cancellation ends the stream when set
     */
    public TokenStream(
            Matrix logits,
            Step step,
            Sampler sampler,
            TokenHistory history,
            Set<Integer> endIds,
            int maxTokens,
            Cancellation cancellation) {
        if (maxTokens < 0) {
            throw new IllegalArgumentException("token stream: maxTokens=" + maxTokens);
        }
        this.logits = logits;
        this.step = step;
        this.sampler = sampler;
        this.history = history;
        this.endIds = Set.copyOf(endIds);
        this.maxTokens = maxTokens;
        this.cancellation = cancellation;
        if (maxTokens == 0) {
            stopReason = StopReason.LENGTH;
        }
    }

    /**
     * Produces the next token.
     *
     * @return false if there is none; {@link #stopReason} then says why
     */
    public boolean advance() {
        if (stopReason != null) {
            return false;
        }
        if (cancellation.isCancelled()) {
            stopReason = StopReason.INTERRUPTED;
            return false;
        }
        if (size > 0) {
            try {
                logits = step.next(tokens[size - 1]);
            } catch (CancellationException e) {
                stopReason = StopReason.INTERRUPTED;
                return false;
            }
        }
        int token = sampler.next(logits, history);
        history.add(token);
        if (size == tokens.length) {
            tokens = Arrays.copyOf(tokens, size * 2);
        }
        tokens[size++] = token;
        if (endIds.contains(token)) {
            stopReason = StopReason.EOS;
        } else if (size == maxTokens || step.full()) {
            stopReason = StopReason.LENGTH;
        }
        return true;
    }

    /** Produces all that is left and tells the listener of each. */
    public StopReason drain(TokenListener listener) {
        while (advance()) {
            listener.token(size - 1, token());
        }
        return stopReason();
    }

    /** The token produced last. */
    public int token() {
        if (size == 0) {
            throw new IllegalStateException("token stream: no token yet");
        }
        return tokens[size - 1];
    }

    /** Number of tokens produced. */
    public int size() {
        return size;
    }

    /** All tokens produced, the end token included. */
    public int[] tokens() {
        return Arrays.copyOf(tokens, size);
    }

    /**
     * Why it ended.
     *
     * @throws IllegalStateException if it has not
     */
    public StopReason stopReason() {
        StopReason reason = stopReason;
        if (reason == null) {
            throw new IllegalStateException("token stream: not at its end");
        }
        return reason;
    }
}
