package omni.talker;

import java.util.Arrays;
import java.util.concurrent.CancellationException;
import omni.engine.Cancellation;
import omni.engine.KvCache;
import omni.engine.Matrix;
import omni.error.RequestException;
import omni.kernels.Elementwise;
import omni.loader.Speaker;
import omni.thinker.Prompt;
import omni.thinker.RopePositions;
import omni.thinker.RopeRules;
import omni.thinker.Thinker;
import org.jspecify.annotations.Nullable;

/**
 * One conversation's keys and values of the Talker, and the two ways to add to them: the Thinker's prompt chunk by chunk, then code by
 * code. A new turn keeps what its prompt shares with the last one; codes are forgotten.
 *
 * <p>The Talker's sequence is the L positions of the Thinker's prompt, then the opening of the voice with the padding code, then the
 * first row of the reply with the starting code; from then on step k adds the code before it to row k of the reply (reference notes,
 * section 10). Rows come from a {@link TalkerInput} as the Thinker goes on; {@link #ready} says whether the next ones are there. What
 * is computed together does not depend on when they arrive: chunks of the prompt have a fixed size, and its last two positions come
 * together.
 *
 * <p>One caller at a time, and one at a time among the sessions of a workspace.
 */
public final class TalkerSession implements AutoCloseable {
    /** Positions of the Talker's prompt behind the Thinker's: the voice's opening, and the first row of the reply. */
    private static final int OPENING = 2;

    private final Talker talker;
    private final Thinker thinker;
    private final TalkerWorkspace ws;
    private final TalkerInput input;
    private final KvCache cache;

    /** Positions of the Talker's prompt [L + 2]. */
    private @Nullable RopePositions positions;

    private int bosToken;
    private final int[][] position = new int[3][1];

    /**
     * An empty session.
     *
     * @param thinker whose embedding opens the voice
     * @param input the conversation's rows; of this session alone
     * @param contextLength most positions it may hold, prompt and codes together
     * @throws RequestException if the model was not made for so many positions
     */
    public TalkerSession(Talker talker, Thinker thinker, TalkerWorkspace ws, TalkerInput input, int contextLength) {
        this.talker = talker;
        this.thinker = thinker;
        this.ws = ws;
        this.input = input;
        cache = new KvCache(talker.decoderConfig(), contextLength);
    }

    /** Positions held now. */
    public int length() {
        return cache.length();
    }

    /** Bytes of keys and values held now. */
    public long bytes() {
        return cache.bytes();
    }

    /** True if no position is left for another code. */
    public boolean full() {
        return cache.length() == cache.limit();
    }

    /** The rows that it hears. */
    public TalkerInput input() {
        return input;
    }

    /** Positions of the Talker's prompt of the current turn [L + 2]; null before the first. */
    public @Nullable RopePositions positions() {
        return positions;
    }

    Talker talker() {
        return talker;
    }

    /**
     * A new turn, after {@link TalkerInput#begin}.
     *
     * @param prompt the Thinker's
     * @param speaker in whose voice it speaks
     * @return number of positions kept
     * @throws RequestException if the prompt does not fit the context; nothing is changed then
     */
    public int begin(Prompt prompt, Speaker speaker) {
        int length = prompt.length() + OPENING;
        if (length >= cache.limit()) {
            throw new RequestException("prompt too long to be answered aloud: tokens=" + prompt.length()
                    + ", talker's context=" + cache.limit() + "; shorten the prompt or ask for text alone");
        }
        RopePositions next = positions(prompt);
        int kept = Math.min(input.unchanged(prompt.length()), Math.min(cache.length(), promptLength()));
        if (positions != null) {
            kept = next.commonPrefix(positions, kept);
        }
        cache.truncate(kept);
        positions = next;
        bosToken = speaker.bosToken();
        return kept;
    }

    /**
     * Positions of the prompt by the Talker's rules. The two tokens behind it, the voice's opening and the first of the reply, are
     * text whatever their ids are.
     */
    private RopePositions positions(Prompt prompt) {
        int[] ids = Arrays.copyOf(prompt.ids(), prompt.length() + OPENING);
        Arrays.fill(ids, prompt.length(), ids.length, talker.config().textPad());
        RopeRules rules = talker.ropeRules();
        return RopePositions.of(ids, prompt.positions().media(), rules);
    }

    /** Positions of the Thinker's prompt among those of the current turn. */
    private int promptLength() {
        return positions == null ? 0 : positions.length() - OPENING;
    }

    /** True if the next chunk or step has all its rows. */
    public boolean ready() {
        if (positions == null) {
            return false;
        }
        int from = cache.length();
        if (from < promptLength()) {
            return input.length() >= chunkEnd(from);
        }
        return input.hasReply(from < positions.length() ? 0 : from - positions.length() + 1);
    }

    /** True if the prompt is computed, so that steps come next. */
    public boolean prefilled() {
        return positions != null && cache.length() >= positions.length();
    }

    private int chunkEnd(int from) {
        return Math.min(promptLength(), from + ws.prefill().maxRows());
    }

    /**
     * Computes the next chunk of the prompt.
     *
     * @return logits [1, V] of the first code, valid until the workspace is used again; null if there is more to compute
     * @throws CancellationException if cancelled; what was computed before is kept
     * @throws IllegalStateException unless {@link #ready}
     */
    public @Nullable Matrix prefill(Cancellation cancellation) {
        RopePositions now = current();
        int from = cache.length();
        if (from >= now.length()) {
            throw new IllegalStateException("talker: prompt=" + now.length() + ", computed=" + from);
        }
        boolean opening = from == promptLength();
        int to = opening ? now.length() : chunkEnd(from);
        Matrix sums = ws.sums(to - from);
        if (opening) {
            thinker.embed(bosToken, sums, 0);
            addCode(talker.config().codecPad(), sums, 0);
            talker.embed(talker.config().codecStart(), sums.rows(1, OPENING));
            input.addReply(0, sums, 1);
        } else {
            input.copy(from, sums);
        }
        Matrix hidden = talker.forward(sums, now.range(from, to), cache, ws.prefill(), cancellation);
        if (!opening) {
            return null;
        }
        talker.logits(hidden.rows(1, OPENING), ws.logits(), ws.prefill());
        return ws.logits();
    }

    private void addCode(int code, Matrix sums, int row) {
        Matrix embedded = ws.code();
        talker.embed(code, embedded);
        Elementwise.add(
                sums.data(),
                sums.rowOffset(row),
                embedded.data(),
                embedded.offset(),
                sums.data(),
                sums.rowOffset(row),
                sums.cols());
    }

    /**
     * Adds one code and the next row of the reply.
     *
     * @return logits [1, V] for the code after it, valid until the workspace is used again
     * @throws RequestException if the context is full
     * @throws CancellationException if cancelled; nothing is changed then
     * @throws IllegalStateException unless {@link #ready}
     */
    public Matrix step(int code, Cancellation cancellation) {
        RopePositions now = current();
        int index = cache.length();
        if (index < now.length()) {
            throw new IllegalStateException("talker: prompt=" + now.length() + ", computed=" + index);
        }
        Matrix sum = ws.sum();
        talker.embed(code, sum);
        input.addReply(index - now.length() + 1, sum, 0);
        int at = index + now.delta();
        for (int[] axis : position) {
            axis[0] = at;
        }
        Matrix hidden = talker.forward(sum, position, cache, ws.step(), cancellation);
        talker.logits(hidden, ws.logits(), ws.step());
        return ws.logits();
    }

    private RopePositions current() {
        RopePositions now = positions;
        if (now == null) {
            throw new IllegalStateException("talker: no prompt yet");
        }
        if (!ready()) {
            throw new IllegalStateException("talker: computed=" + cache.length() + ", prompt rows=" + promptLength()
                    + ", rows of the Thinker=" + input.length() + "; the next row is not there yet");
        }
        return now;
    }

    /** Forgets everything, keeps the memory. */
    public void clear() {
        cache.truncate(0);
        positions = null;
    }

    /** Frees keys and values; the rows are the caller's. */
    @Override
    public void close() {
        cache.close();
    }
}
