package omni;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import omni.chat.Message;
import omni.engine.Cancellation;
import omni.engine.Matrix;
import omni.engine.RandomStream;
import omni.engine.Sampler;
import omni.error.MediaException;
import omni.error.ModelFormatException;
import omni.error.RequestException;
import omni.perception.Medium;
import omni.pipeline.SpeechStage;
import omni.talker.TalkerInput;
import omni.talker.TalkerSession;
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

    /** The Talker's side, from the first spoken reply on. Guarded by the model's turn. */
    private @Nullable TalkerSession talking;

    private volatile List<Turn> turns;
    private volatile boolean closed;

    /** The turn of the reply in progress; {@link #turns} has it once it is answered. */
    private volatile @Nullable Turn asked;

    Conversation(Omni omni, List<Message> history) {
        history.forEach(message -> message.parts().forEach(omni.perception()::require));
        this.omni = omni;
        turns = history.stream()
                .map(message -> new Turn(message, MediaOptions.defaults()))
                .toList();
        session =
                new ThinkerSession(omni.thinker(), omni.workspace(), omni.info().contextLength(), this::computed);
    }

    /** What the Thinker computes is kept for the Talker, once there is one. */
    private void computed(int first, int[] ids, Matrix hidden) {
        TalkerSession listening = talking;
        if (listening != null) {
            listening.input().computed(first, ids, hidden);
        }
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

    /** Asks with {@link MediaOptions#defaults()}, lets {@code listener} hear the reply while it is made, and returns it. */
    public Reply ask(Message turn, GenerationOptions options, ReplyListener listener) {
        return ask(Request.of(turn).withGeneration(options), listener);
    }

    /**
     * Adds a turn, lets {@code listener} hear the reply while it is made, and adds the reply as the assistant's turn. A cancelled reply
     * stays in the conversation as far as it came; one without a single token, and one that fails, leaves the conversation as it was.
     *
     * <p>The turn's media are read now and never again: later turns know what was seen then, even if the files change.
     *
     * @throws RequestException if the turn does not fit the context or memory, or holds what this model cannot take
     * @throws MediaException if a medium is missing, damaged or of a kind or size that is not accepted
     * @throws ModelFormatException if a medium needs an encoder that the checkpoint does not have
     * @throws IllegalStateException if the conversation or the model is closed, or a reply is in progress
     */
    public Reply ask(Request request, ReplyListener listener) {
        ReplyStream stream = begin(request, listener);
        boolean done = false;
        try {
            for (ReplyPiece piece = stream.next(); piece != null; piece = stream.next()) {
                if (piece instanceof TextPiece written) {
                    listener.onText(written.text());
                } else if (piece instanceof SoundChunk sound) {
                    listener.onSound(sound);
                }
            }
            done = true;
            return stream.reply();
        } finally {
            if (!done) {
                stream.abandon();
            }
        }
    }

    /** As {@link #stream(Request)}. */
    public ReplyStream stream(String text, GenerationOptions options) {
        return stream(Message.user(text), options);
    }

    /** As {@link #stream(Request)}. */
    public ReplyStream stream(Message turn, GenerationOptions options) {
        return stream(Request.of(turn).withGeneration(options));
    }

    /**
     * Starts a reply that the caller pulls piece by piece. It must be read to its end or closed before the next turn. Media are read
     * when the first piece is pulled; what is wrong with them, and whether they fit, shows then.
     *
     * @throws RequestException if a turn of text does not fit the context or memory, or if one holds what this model cannot take
     * @throws IllegalStateException if the conversation or the model is closed, or a reply is in progress
     */
    public ReplyStream stream(Request request) {
        return begin(request, ReplyListener.SILENT);
    }

    private ReplyStream begin(Request request, ReplyListener listener) {
        Cancellation cancellation = new Cancellation();
        if (!active.compareAndSet(null, cancellation)) {
            throw inProgress();
        }
        boolean begun = false;
        try {
            ReplyStream stream = prepare(request, listener, cancellation);
            begun = true;
            return stream;
        } finally {
            if (!begun) {
                idle();
            }
        }
    }

    private ReplyStream prepare(Request request, ReplyListener listener, Cancellation cancellation) {
        long start = System.nanoTime();
        omni.inTurn(() -> {
            requireOpen();
            return null;
        });
        Turn turn = new Turn(request.message(), request.media());
        asked = turn;
        List<Turn> all = new ArrayList<>(turns);
        all.add(turn);
        SpeechOptions speech = request.speech();
        String dictated = request.dictated();
        requireSpeakable(speech, dictated, all);
        PromptAssembly assembly = new PromptAssembly(omni, all, dictated);
        GenerationOptions options = request.generation();
        SamplingDefaults defaults = omni.samplingDefaults();
        int maxTokens = options.maxTokens() == null ? defaults.maxTokens() : options.maxTokens();
        long seed = options.seed() == null ? Seeds.fresh() : options.seed();
        Sampler sampler = new Sampler(
                options.sampling(defaults.sampling()),
                omni.thinker().vocabulary(),
                new RandomStream(seed, TEXT_STREAM));
        ReplyPlan plan = new ReplyPlan(turn, assembly, sampler, maxTokens, seed, speech, dictated, start);
        ReplyStream stream = new ReplyStream(omni, this, plan, listener, cancellation);
        if (!assembly.hasMedia()) {
            stream.open();
        }
        return stream;
    }

    /** What can be known before anything is computed: whether the model speaks, in that voice, and whether a dictation makes sense. */
    private void requireSpeakable(@Nullable SpeechOptions speech, @Nullable String dictated, List<Turn> all) {
        if (speech != null) {
            omni.inTurn(() -> {
                if (talking == null) {
                    talking = omni.speech().session(omni.info().contextLength());
                }
                return omni.speech().voice(speech.voice());
            });
        }
        if (dictated != null && (dictated.isEmpty() || all.stream().anyMatch(Turn::hasMedia))) {
            throw new RequestException("dictated reply: length=" + dictated.length()
                    + "; give some text, in a conversation without media");
        }
    }

    /** Checks that a prompt and its reply fit into memory. To be called in turn. */
    void checkMemory(int tokens, ReplyPlan plan, List<Medium> media) {
        requireOpen();
        int context = omni.info().contextLength();
        if (tokens <= context) {
            int positions = (int) Math.min(context, (long) tokens + plan.maxTokens());
            ModelInfo.Memory need = omni.info().memory(positions, ModelInfo.MediaLoad.of(media), plan.mostCodes());
            if (!omni.memoryLimit().fits(need, omni.bytesBeside(this))) {
                omni.perception().forgetUnused();
            }
            omni.memoryLimit().check(need, omni.bytesBeside(this));
        }
    }

    /** The Thinker's keys and values. To be used in turn. */
    ThinkerSession session() {
        return session;
    }

    /**
     * Begins with a prompt. To be called in turn.
     *
     * @return positions of it that need no computing
     */
    int begin(Prompt prompt, ReplyPlan plan) {
        TalkerSession listening = talking;
        if (listening == null) {
            return session.begin(prompt);
        }
        // What the Talker did not hear, the Thinker has to compute again.
        TalkerInput input = listening.input();
        Prompt asked = plan.asked(prompt, omni.thinker().ropeRules());
        int kept = session.begin(prompt, Math.min(input.length(), asked.length()));
        input.begin(asked, kept);
        return kept;
    }

    /** What speaks the reply to {@code prompt}, with which {@link #begin} was called. To be called in turn. */
    SpeechStage speak(Prompt prompt, ReplyPlan plan, SpeechOptions options, Cancellation cancellation) {
        TalkerSession session = talking;
        if (session == null) {
            throw new IllegalStateException("conversation: not prepared for speech");
        }
        return omni.speech()
                .stage(
                        session,
                        plan.asked(prompt, omni.thinker().ropeRules()),
                        options.settings(omni.speech()),
                        plan.seed(),
                        cancellation);
    }

    /** The text of the reply is complete. */
    void endText() {
        omni.betweenSteps(() -> {
            if (talking != null) {
                talking.input().endText();
            }
        });
    }

    private static IllegalStateException inProgress() {
        return new IllegalStateException("conversation: a reply is in progress; read it to its end or close it first");
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("conversation: closed");
        }
    }

    /** Bytes of keys and values held now, and of what is kept for the Talker. */
    long cacheBytes() {
        TalkerSession listening = talking;
        return session.bytes()
                + (listening == null ? 0 : listening.bytes() + listening.input().bytes());
    }

    /** Takes in the turn that a reply answered; {@code null} if it failed. */
    void ended(Turn turn, @Nullable Reply reply) {
        if (reply != null && !reply.tokenIds().isEmpty()) {
            List<Turn> all = new ArrayList<>(turns);
            all.add(turn);
            all.add(new Turn(Message.assistant(reply.text()), MediaOptions.defaults()));
            turns = List.copyOf(all);
        } else {
            turn.release(omni.perception());
        }
        idle();
    }

    /** No reply is in progress any more. */
    private void idle() {
        asked = null;
        active.set(null);
        if (closed) {
            turns.forEach(turn -> turn.release(omni.perception()));
        }
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
        return turns.stream().map(Turn::message).toList();
    }

    /** Positions that the key-value cache holds; they cost memory and save computing. */
    public int cachedPositions() {
        return omni.inTurn(session::length);
    }

    /**
     * Forgets all turns but a system turn at the head, and their media.
     *
     * @throws IllegalStateException if a reply is in progress
     */
    public void clear() {
        if (active.get() != null) {
            throw inProgress();
        }
        List<Turn> all = turns;
        boolean system = !all.isEmpty() && all.get(0).message().role().equals("system");
        turns = system ? List.of(all.get(0)) : List.of();
        all.stream().skip(turns.size()).forEach(turn -> turn.release(omni.perception()));
    }

    /** Cancels a reply in progress, waits for its step to end and frees the cache and the media. Closing twice does nothing. */
    @Override
    public void close() {
        closed = true;
        cancel();
        omni.betweenSteps(() -> {
            session.close();
            if (talking != null) {
                talking.close();
                talking.input().close();
            }
            turns.forEach(turn -> turn.release(omni.perception()));
            Turn unanswered = asked;
            if (unanswered != null) {
                // A reply that nobody reads on; one that is being made has been cancelled.
                unanswered.release(omni.perception());
            }
        });
        omni.forget(this);
    }
}
