package omni.thinker;

import java.util.Arrays;
import java.util.concurrent.CancellationException;
import omni.engine.Cancellation;
import omni.engine.DecoderWorkspace;
import omni.engine.KvCache;
import omni.engine.Matrix;
import omni.engine.TokenStream;
import omni.error.RequestException;
import org.jspecify.annotations.Nullable;

/**
 * One conversation's keys and values, and the two ways to add to them: a prompt chunk by chunk, then token by token. A new prompt
 * keeps what it shares with the positions already held.
 *
 * <p>One caller at a time, and one at a time among the sessions of a workspace.
 */
public final class ThinkerSession implements AutoCloseable {
    private final Thinker thinker;
    private final ThinkerWorkspace ws;
    private final KvCache cache;
    private final HiddenStates listener;

    /** The tokens whose keys and values are held, [cache.length()] of them used. */
    private int[] held = new int[256];

    /** The prompt they began with. */
    private @Nullable Prompt prompt;

    private final int[][] position = new int[3][1];

    /**
     * An empty session.
     *
     * @param contextLength most positions it may hold
     * @param listener hears of every position computed
     * @throws RequestException if the model was not made for so many positions
     */
    public ThinkerSession(Thinker thinker, ThinkerWorkspace ws, int contextLength, HiddenStates listener) {
        this.thinker = thinker;
        this.ws = ws;
        this.listener = listener;
        cache = new KvCache(thinker.config(), contextLength);
    }

    /** Positions held now. */
    public int length() {
        return cache.length();
    }

    /** Bytes of keys and values held now. */
    public long bytes() {
        return cache.bytes();
    }

    /** True if no position is left for another token. */
    public boolean full() {
        return cache.length() == cache.limit();
    }

    /**
     * Begins with {@code next}: keeps the positions that it shares with those held, forgets the others. Its last position is always
     * computed anew, since its logits are wanted.
     *
     * @return number of positions kept
     * @throws RequestException if the prompt does not fit the context; nothing is changed then
     */
    public int begin(Prompt next) {
        return begin(next, next.length());
    }

    /**
     * As {@link #begin(Prompt)}, but keeps at most {@code most} positions: the others are computed anew, and so shown to the listener
     * again, which may have missed them.
     */
    public int begin(Prompt next, int most) {
        if (next.length() > cache.limit()) {
            throw new RequestException("prompt too long: tokens=" + next.length() + ", context=" + cache.limit()
                    + "; shorten the prompt or open the model with a larger context");
        }
        int kept = 0;
        if (prompt != null) {
            kept = Math.min(next.commonPrefix(prompt, held, cache.length()), Math.min(next.length() - 1, most));
        }
        cache.truncate(kept);
        held = Arrays.copyOf(next.ids(), Math.max(held.length, next.length()));
        prompt = next;
        return kept;
    }

    /**
     * Computes the next chunk of the prompt.
     *
     * @return logits [1, V] of the prompt's last position, valid until the workspace is used again; null if there is more to compute
     * @throws CancellationException if cancelled; what was computed before is kept
     */
    public @Nullable Matrix prefill(Cancellation cancellation) {
        Prompt now = current();
        int from = cache.length();
        DecoderWorkspace scratch = ws.prefill();
        int to = Math.min(now.length(), from + scratch.maxRows());
        if (from >= to) {
            throw new IllegalStateException("thinker: prompt=" + now.length() + ", computed=" + from);
        }
        Matrix input = scratch.input(to - from);
        thinker.embed(now, from, input);
        Matrix hidden = thinker.decoder().forward(input, now.positions().range(from, to), cache, scratch, cancellation);
        listener.computed(from, held, hidden);
        if (to < now.length()) {
            return null;
        }
        thinker.logits(hidden.rows(to - from - 1, to - from), ws.logits(), scratch.workspace());
        return ws.logits();
    }

    /**
     * Adds one token behind the prompt.
     *
     * @return logits [1, V] for the one after it, valid until the workspace is used again
     * @throws RequestException if the context is full
     * @throws CancellationException if cancelled; nothing is changed then
     */
    public Matrix step(int id, Cancellation cancellation) {
        Prompt now = current();
        int index = cache.length();
        if (index < now.length()) {
            throw new IllegalStateException("thinker: prompt=" + now.length() + ", computed=" + index);
        }
        DecoderWorkspace scratch = ws.step();
        Matrix input = scratch.input(1);
        thinker.embed(id, input, 0);
        int at = index + now.positions().delta();
        for (int[] axis : position) {
            axis[0] = at;
        }
        Matrix hidden = thinker.decoder().forward(input, position, cache, scratch, cancellation);
        if (index == held.length) {
            held = Arrays.copyOf(held, 2 * index);
        }
        held[index] = id;
        listener.computed(index, held, hidden);
        thinker.logits(hidden, ws.logits(), scratch.workspace());
        return ws.logits();
    }

    /** Generation's view of {@link #step}. */
    public TokenStream.Step steps(Cancellation cancellation) {
        return new TokenStream.Step() {
            @Override
            public boolean full() {
                return ThinkerSession.this.full();
            }

            @Override
            public Matrix next(int token) {
                return step(token, cancellation);
            }
        };
    }

    private Prompt current() {
        Prompt now = prompt;
        if (now == null) {
            throw new IllegalStateException("thinker: no prompt yet");
        }
        return now;
    }

    /** Forgets everything, keeps the memory. */
    public void clear() {
        cache.truncate(0);
        prompt = null;
    }

    /** Frees keys and values. */
    @Override
    public void close() {
        cache.close();
    }
}
