package omni;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import omni.chat.ChatTemplate;
import omni.chat.Message;
import omni.engine.Cancellation;
import omni.engine.ThreadTeam;
import omni.loader.Checkpoint;
import omni.loader.GenerationConfig;
import omni.loader.ModelConfig;
import omni.loader.Tokenizer;
import omni.perception.Perception;
import omni.pipeline.SpeechModel;
import omni.thinker.Thinker;
import omni.thinker.ThinkerWorkspace;
import org.jspecify.annotations.Nullable;

/**
 * An open model.
 *
 * <pre>{@code
 * try (Omni omni = Omni.open(Path.of("Qwen2.5-Omni-3B"));
 *         Conversation conversation = omni.conversation()) {
 *     Reply reply = conversation.ask("What is a tensor?");
 * }
 * }</pre>
 *
 * <p>Safe for use by several threads. Any number of conversations may be open; the steps of their replies take turns on the model's
 * one team of threads, so each is as slow as the others are busy, and none is starved. Weights stay in the checkpoint's files, which
 * are mapped and must not be changed while the model is open. Closing the model ends its conversations; using either afterwards
 * raises {@link IllegalStateException}.
 */
public final class Omni implements AutoCloseable {
    /** How often whoever waits for another's encoding looks whether it is cancelled. */
    private static final long LOOK_MILLIS = 20;

    private final Checkpoint checkpoint;
    private final Tokenizer tokenizer;
    private final ChatTemplate template;
    private final Set<Integer> endIds;
    private final SamplingDefaults samplingDefaults;
    private final ModelInfo info;
    private final MemoryLimit memoryLimit;
    private final Thinker thinker;
    private final ThreadTeam team;
    private final ThinkerWorkspace workspace;
    private final Perception perception;
    private final double loadSeconds;

    private final ModelConfig config;
    private final int prefillRows;
    private @Nullable SpeechModel speech;

    /** Held for one step at a time; fair, so that replies take turns. Guards the workspace and all caches. */
    private final ReentrantLock turn = new ReentrantLock(true);

    /** Held while a medium is encoded, so that one encoder's scratch is in memory at a time; taken before {@link #turn}. */
    private final ReentrantLock encoding = new ReentrantLock(true);

    private final Set<Conversation> conversations = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    private Omni(Path folder, ModelConfig config, Checkpoint checkpoint, OpenOptions options, long startNanos) {
        this.checkpoint = checkpoint;
        this.config = config;
        ModelSurvey survey = new ModelSurvey(folder, config, checkpoint, options);
        info = survey.info();
        memoryLimit = MemoryLimit.of(options);
        memoryLimit.check(info.memory(0), 0);
        GenerationConfig generation = GenerationConfig.read(folder, config);
        endIds = Set.copyOf(generation.eosIds());
        samplingDefaults = SamplingDefaults.of(generation);
        template = ChatTemplate.load(folder);
        tokenizer = Tokenizer.load(folder);
        thinker = Thinker.load(config, checkpoint);
        team = new ThreadTeam(survey.threads());
        prefillRows = survey.prefillRows();
        workspace = workspace(thinker, prefillRows, team);
        // Kept for later conversations: as many embeddings as one of them could hold.
        long kept = (long) info.contextLength() * info.hiddenSize() * Float.BYTES;
        perception = new Perception(info.architecture(), config, checkpoint, team, kept);
        loadSeconds = (System.nanoTime() - startNanos) / 1e9;
    }

    /** Scratch for the team, which ends if there is no memory for it. */
    private static ThinkerWorkspace workspace(Thinker thinker, int prefillRows, ThreadTeam team) {
        boolean done = false;
        try {
            ThinkerWorkspace workspace = new ThinkerWorkspace(thinker, prefillRows, team);
            done = true;
            return workspace;
        } finally {
            if (!done) {
                team.close();
            }
        }
    }

    /** Opens the checkpoint in {@code folder} with {@link OpenOptions#defaults()}. */
    public static Omni open(Path folder) {
        return open(folder, OpenOptions.defaults());
    }

    /**
     * Opens the checkpoint in {@code folder}.
     *
     * @throws omni.error.ModelFormatException if it is missing, broken or of an unsupported kind
     * @throws omni.error.RequestException if the options do not fit the checkpoint or the machine
     */
    public static Omni open(Path folder, OpenOptions options) {
        long start = System.nanoTime();
        ModelConfig config = ModelConfig.read(folder);
        Checkpoint checkpoint = Checkpoint.open(folder);
        try {
            return new Omni(folder, config, checkpoint, options, start);
        } catch (RuntimeException | Error e) {
            checkpoint.close();
            throw e;
        }
    }

    /**
     * Describes the checkpoint in {@code folder} from its configuration and file headers, without opening it.
     *
     * @throws omni.error.ModelFormatException if it is missing, broken or of an unsupported kind
     * @throws omni.error.RequestException if the options do not fit the checkpoint
     */
    public static ModelInfo describe(Path folder, OpenOptions options) {
        ModelConfig config = ModelConfig.read(folder);
        try (Checkpoint checkpoint = Checkpoint.open(folder)) {
            return new ModelSurvey(folder, config, checkpoint, options).info();
        }
    }

    /** What is open. */
    public ModelInfo info() {
        return info;
    }

    /** Threads that compute at once. */
    public int threads() {
        return team.size();
    }

    /** Seconds that opening took. */
    public double loadSeconds() {
        return loadSeconds;
    }

    /** Between text and token ids. */
    public Tokenizer tokenizer() {
        return tokenizer;
    }

    /** The system prompt of a conversation that names none: the one of the checkpoint's template; empty if it has none. */
    public String defaultSystemPrompt() {
        return template.defaultSystemPrompt();
    }

    /** A new conversation with the default system prompt. */
    public Conversation conversation() {
        return conversation(List.of());
    }

    /** A new conversation with the system prompt {@code system}, verbatim. */
    public Conversation conversation(String system) {
        return conversation(List.of(Message.system(system)));
    }

    /**
     * A new conversation that starts with {@code history}, verbatim; without a system turn at its head the template's default comes
     * first.
     *
     * @throws omni.error.RequestException if a turn holds what this model cannot take
     * @throws IllegalStateException if the model is closed
     */
    public Conversation conversation(List<Message> history) {
        return inTurn(() -> {
            Conversation conversation = new Conversation(this, history);
            conversations.add(conversation);
            return conversation;
        });
    }

    /** Ends all conversations and unmaps the weights. A reply in progress ends first, within one step. */
    @Override
    public void close() {
        conversations.forEach(Conversation::cancel);
        turn.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            List.copyOf(conversations).forEach(Conversation::close);
            perception.close();
            if (speech != null) {
                speech.close();
            }
            workspace.close();
            team.close();
            checkpoint.close();
        } finally {
            turn.unlock();
        }
    }

    /**
     * Runs one step of one conversation.
     *
     * @throws IllegalStateException if the model is closed
     */
    <T> T inTurn(Supplier<T> step) {
        turn.lock();
        try {
            if (closed) {
                throw new IllegalStateException("omni: the model is closed");
            }
            return step.get();
        } finally {
            turn.unlock();
        }
    }

    /**
     * Runs the encoding of a medium, in turn with the steps of others: whenever the work looks whether it is cancelled, whoever waits
     * goes first.
     *
     * @param between run while others may go first
     * @throws CancellationException if cancelled
     * @throws IllegalStateException if the model is closed
     */
    void inLongTurn(Cancellation cancellation, Runnable between, Consumer<Cancellation> work) {
        await(encoding, cancellation);
        try {
            inTurn(() -> {
                work.accept(cancellation.pausing(() -> offerTurn(between)));
                return null;
            });
        } finally {
            encoding.unlock();
        }
    }

    /** Takes a lock that may be held for long. */
    private static void await(ReentrantLock lock, Cancellation cancellation) {
        boolean interrupted = false;
        try {
            while (true) {
                cancellation.check();
                try {
                    if (lock.tryLock(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
                        return;
                    }
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void offerTurn(Runnable between) {
        turn.unlock();
        try {
            between.run();
        } finally {
            turn.lock();
        }
        if (closed) {
            throw new CancellationException("omni: the model is closed");
        }
    }

    /** Runs {@code end} between steps, on a closed model too. */
    void betweenSteps(Runnable end) {
        turn.lock();
        try {
            end.run();
        } finally {
            turn.unlock();
        }
    }

    /** Keys and values of all other conversations, and all embeddings of media; to be asked in turn. */
    long bytesBeside(Conversation one) {
        return perception.bytes()
                + conversations.stream()
                        .filter(other -> other != one)
                        .mapToLong(Conversation::cacheBytes)
                        .sum();
    }

    void forget(Conversation conversation) {
        conversations.remove(conversation);
    }

    ChatTemplate template() {
        return template;
    }

    Set<Integer> endIds() {
        return endIds;
    }

    SamplingDefaults samplingDefaults() {
        return samplingDefaults;
    }

    MemoryLimit memoryLimit() {
        return memoryLimit;
    }

    Thinker thinker() {
        return thinker;
    }

    Perception perception() {
        return perception;
    }

    ThinkerWorkspace workspace() {
        return workspace;
    }

    /**
     * What speaks, loaded when it is asked for the first time. To be called in turn.
     *
     * @throws omni.error.RequestException if the checkpoint does not speak
     * @throws omni.error.ModelFormatException if a part of what speaks is absent or broken
     */
    SpeechModel speech() {
        SpeechModel ready = speech;
        if (ready == null) {
            ready = SpeechModel.load(config, checkpoint, thinker, prefillRows, team);
            speech = ready;
        }
        return ready;
    }
}
