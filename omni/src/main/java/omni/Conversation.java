package omni;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicReference;
import omni.chat.ChatTemplate;
import omni.chat.Message;
import omni.chat.Part;
import omni.engine.Cancellation;
import omni.engine.RandomStream;
import omni.engine.Sampler;
import omni.error.RequestException;
import omni.thinker.HiddenStates;
import omni.thinker.Prompt;
import omni.thinker.ThinkerSession;
import org.jspecify.annotations.Nullable;

/**
 * Several turns on one key-value cache: a turn computes only what the cache does not hold yet. The prompt of a turn is the whole
 * conversation in the checkpoint's chat template; what it shares with the cached ids is kept, and the rest is computed.
 *
 * <p>One reply at a time: asking while one is in progress raises {@link IllegalStateException}. {@link #cancel} and {@link #close} may
 * be called from any thread; everything else belongs to one thread at a time. The conversation's memory is freed by {@link #close}, at
 * the latest when the model is closed.
 *
 * <p>Text that spells a special token, such as {@code <|im_end|>}, becomes that token, as in the reference. Do not pass text of
 * untrusted origin where that matters.
 */
public final class Conversation implements AutoCloseable {
    /** The random numbers that choose text, among the independent sequences of a seed. */
    private static final int TEXT_STREAM = 0;

    private final Omni omni;
    private final ThinkerSession session;
    private final AtomicReference<@Nullable Cancellation> active = new AtomicReference<>();
    private volatile List<Message> history;
    private volatile boolean closed;

    Conversation(Omni omni, List<Message> history) {
        history.forEach(Conversation::checkParts);
        this.omni = omni;
        this.history = List.copyOf(history);
        session =
                new ThinkerSession(omni.thinker(), omni.workspace(), omni.info().contextLength(), HiddenStates.IGNORED);
    }

    /** Asks with {@link GenerationOptions#defaults()} and waits for the whole reply. */
    public Reply ask(String text) {
        return ask(text, GenerationOptions.defaults(), ReplyListener.SILENT);
    }

    /** Asks and waits for the whole reply. */
    public Reply ask(String text, GenerationOptions options) {
        return ask(text, options, ReplyListener.SILENT);
    }

    /** Asks, lets {@code listener} hear the reply while it is made, and returns it. */
    public Reply ask(String text, GenerationOptions options, ReplyListener listener) {
        return ask(Message.user(text), options, listener);
    }

    /**
     * Adds a turn, lets {@code listener} hear the reply while it is made, and adds the reply as the assistant's turn. A cancelled reply
     * stays in the conversation as far as it came; one without a single token, and one that fails, leaves the conversation as it was.
     *
     * @throws RequestException if the turn does not fit the context or memory, or holds what this model cannot take
     * @throws IllegalStateException if the conversation or the model is closed, or a reply is in progress
     */
    public Reply ask(Message turn, GenerationOptions options, ReplyListener listener) {
        ReplyStream stream = begin(turn, options, listener);
        boolean done = false;
        try {
            for (String piece = stream.next(); piece != null; piece = stream.next()) {
                listener.onText(piece);
            }
            done = true;
            return stream.reply();
        } finally {
            if (!done) {
                stream.abandon();
            }
        }
    }

    /** As {@link #stream(Message, GenerationOptions)}. */
    public ReplyStream stream(String text, GenerationOptions options) {
        return stream(Message.user(text), options);
    }

    /**
     * Starts a reply that the caller pulls piece by piece. It must be read to its end or closed before the next turn.
     *
     * @throws RequestException if the turn does not fit the context or memory, or holds what this model cannot take
     * @throws IllegalStateException if the conversation or the model is closed, or a reply is in progress
     */
    public ReplyStream stream(Message turn, GenerationOptions options) {
        return begin(turn, options, ReplyListener.SILENT);
    }

    private ReplyStream begin(Message turn, GenerationOptions options, ReplyListener listener) {
        Cancellation cancellation = new Cancellation();
        if (!active.compareAndSet(null, cancellation)) {
            throw inProgress();
        }
        boolean begun = false;
        try {
            ReplyStream stream = prepare(turn, options, listener, cancellation);
            begun = true;
            return stream;
        } finally {
            if (!begun) {
                active.set(null);
            }
        }
    }

    private ReplyStream prepare(
            Message turn, GenerationOptions options, ReplyListener listener, Cancellation cancellation) {
        long start = System.nanoTime();
        checkParts(turn);
        List<Message> turns = new ArrayList<>(history);
        turns.add(turn);
        int[] ids = omni.tokenizer().encode(omni.template().render(turns, ChatTemplate.Options.REPLY));
        Prompt prompt = Prompt.ofText(ids, omni.thinker().ropeRules());
        SamplingDefaults defaults = omni.samplingDefaults();
        int maxTokens = options.maxTokens() == null ? defaults.maxTokens() : options.maxTokens();
        long seed = options.seed() == null ? Seeds.fresh() : options.seed();
        Sampler sampler = new Sampler(
                options.sampling(defaults.sampling()),
                omni.thinker().vocabulary(),
                new RandomStream(seed, TEXT_STREAM));
        int cached = omni.inTurn(() -> {
            requireOpen();
            checkMemory(ids.length, maxTokens);
            return session.begin(prompt);
        });
        ReplyPlan plan = new ReplyPlan(turn, prompt, cached, sampler, maxTokens, seed, start);
        return new ReplyStream(omni, this, session, plan, listener, cancellation);
    }

    private void checkMemory(int tokens, int maxTokens) {
        int context = omni.info().contextLength();
        if (tokens <= context) {
            int positions = (int) Math.min(context, (long) tokens + maxTokens);
            omni.memoryLimit().check(omni.info().memory(positions), omni.cacheBytesBeside(this));
        }
    }

    private static IllegalStateException inProgress() {
        return new IllegalStateException("conversation: a reply is in progress; read it to its end or close it first");
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("conversation: closed");
        }
    }

    private static void checkParts(Message message) {
        for (Part part : message.parts()) {
            if (!(part instanceof Part.Text)) {
                throw new RequestException("message part: role=" + message.role() + ", kind="
                        + part.getClass().getSimpleName().toLowerCase(Locale.ROOT)
                        + "; only text can be given to this version");
            }
        }
    }

    /** Bytes of keys and values held now. */
    long cacheBytes() {
        return session.bytes();
    }

    /** Takes in the turn that a reply answered; {@code null} if it failed. */
    void ended(Message turn, @Nullable Reply reply) {
        if (reply != null && !reply.tokenIds().isEmpty()) {
            List<Message> turns = new ArrayList<>(history);
            turns.add(turn);
            turns.add(Message.assistant(reply.text()));
            history = List.copyOf(turns);
        }
        active.set(null);
    }

    /**
     * Ends the reply in progress within one step, with {@link omni.engine.StopReason#INTERRUPTED}; does nothing if there is none. The
     * conversation stays usable. May be called from any thread.
     */
    public void cancel() {
        Cancellation cancellation = active.get();
        if (cancellation != null) {
            cancellation.cancel();
        }
    }

    /** The turns so far, the system turn first if one was given. */
    public List<Message> history() {
        return history;
    }

    /** Positions that the key-value cache holds; they cost memory and save computing. */
    public int cachedPositions() {
        return omni.inTurn(session::length);
    }

    /**
     * Forgets all turns but a system turn at the head.
     *
     * @throws IllegalStateException if a reply is in progress
     */
    public void clear() {
        if (active.get() != null) {
            throw inProgress();
        }
        List<Message> turns = history;
        boolean system = !turns.isEmpty() && turns.get(0).role().equals("system");
        history = system ? List.of(turns.get(0)) : List.of();
    }

    /** Cancels a reply in progress, waits for its step to end and frees the cache. Closing twice does nothing. */
    @Override
    public void close() {
        closed = true;
        cancel();
        omni.betweenSteps(session::close);
        omni.forget(this);
    }
}
