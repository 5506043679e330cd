package omni.talker;

import java.util.Arrays;
import java.util.concurrent.CancellationException;
import omni.engine.Cancellation;
import omni.engine.Matrix;
import omni.engine.Sampler;
import omni.engine.TokenHistory;
import omni.loader.TalkerConfig;
import org.jspecify.annotations.Nullable;

/**
 * Codes of speech one by one, while the text that they say is still being written. Work is done when it is asked for, one chunk of the
 * prompt or one code at a time; {@link #ready} says whether the text is far enough for it.
 *
 * <pre>{@code
 * while (!codes.ended()) {
 *     if (codes.ready() && codes.advance()) {
 *         use(codes.code());
 *     } // else the Thinker's turn
 * }
 * }</pre>
 *
 * <p>Codes are drawn from the Talker's logits as the reference does: its history for the repetition penalty is the mask code (which
 * stands for the prompt), the padding and the starting code, then all codes drawn.
 */
public final class CodeStream {
    /** Which of the independent sequences of a seed chooses codes; the text has another. */
    public static final int RANDOM_STREAM = 1;

    private final TalkerSession session;
    private final Sampler sampler;
    private final SpeechLimits limits;
    private final int[] endCodes;
    private final Cancellation cancellation;
    private final TokenHistory history = new TokenHistory();
    private int[] codes = new int[256];

    /** Codes drawn, an end mark among them. */
    private int drawn;

    private @Nullable SpeechEnd end;

    /**
     * The codes of the turn that {@code session} has begun.
     *
     * @param sampler chooses codes; its random numbers are those of {@link #RANDOM_STREAM}
     * @param limits when to stop
     * @param cancellation ends the stream when set
     */
    public CodeStream(TalkerSession session, Sampler sampler, SpeechLimits limits, Cancellation cancellation) {
        this.session = session;
        this.sampler = sampler;
        this.limits = limits;
        this.cancellation = cancellation;
        endCodes = limits.endCodes().stream().mapToInt(code -> code).toArray();
        TalkerConfig config = session.talker().config();
        history.add(config.codecMask());
        history.add(config.codecPad());
        history.add(config.codecStart());
    }

    /** True if the next call of {@link #advance} need not wait for the Thinker. */
    public boolean ready() {
        return end != null || cancellation.isCancelled() || session.input().silent() || session.ready();
    }

    /**
     * Computes one chunk of the prompt, or one code.
     *
     * @return true if there is a new code
     * @throws IllegalStateException unless {@link #ready}
     */
    public boolean advance() {
        if (end != null) {
            return false;
        }
        if (cancellation.isCancelled()) {
            end = SpeechEnd.INTERRUPTED;
            return false;
        }
        if (session.input().silent()) {
            end = SpeechEnd.NO_TEXT;
            return false;
        }
        Matrix logits;
        try {
            logits = session.prefilled() ? session.step(code(), cancellation) : session.prefill(cancellation);
        } catch (CancellationException e) {
            end = SpeechEnd.INTERRUPTED;
            return false;
        }
        return logits != null && draw(logits);
    }

    private boolean draw(Matrix logits) {
        int code = sampler.next(logits, history);
        history.add(code);
        if (drawn == codes.length) {
            codes = Arrays.copyOf(codes, 2 * drawn);
        }
        codes[drawn++] = code;
        if (isEnd(code)) {
            end = SpeechEnd.MARK;
            return false;
        }
        TalkerInput input = session.input();
        if (drawn == limits.maxCodes() || session.full()) {
            end = SpeechEnd.LENGTH;
        } else if (input.textEnded() && drawn >= limits.mostCodes(input.replyRows() + 1)) {
            end = SpeechEnd.BEYOND_TEXT;
        }
        return true;
    }

    private boolean isEnd(int code) {
        for (int each : endCodes) {
            if (each == code) {
                return true;
            }
        }
        return false;
    }

    /**
     * The code drawn last.
     *
     * @throws IllegalStateException if there is none yet
     */
    public int code() {
        if (drawn == 0) {
            throw new IllegalStateException("code stream: no code yet");
        }
        return codes[drawn - 1];
    }

    /** Number of codes to be heard so far; an end mark is none. */
    public int size() {
        return end == SpeechEnd.MARK ? drawn - 1 : drawn;
    }

    /** The codes to be heard so far, without an end mark: what token2wav is given. */
    public int[] codes() {
        return Arrays.copyOf(codes, size());
    }

    /** All codes drawn so far, an end mark included. */
    public int[] drawn() {
        return Arrays.copyOf(codes, drawn);
    }

    /** True if no code will follow. */
    public boolean ended() {
        return end != null;
    }

    /**
     * Why it ended.
     *
     * @throws IllegalStateException if it has not
     */
    public SpeechEnd end() {
        SpeechEnd reason = end;
        if (reason == null) {
            throw new IllegalStateException("code stream: not at its end");
        }
        return reason;
    }
}
