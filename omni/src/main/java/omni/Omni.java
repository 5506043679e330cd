package omni;

import java.nio.file.Path;
import java.util.List;
import omni.chat.Message;

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
 * <p>Safe for use by several threads. Any number of conversations may be open; their steps take turns on the model's one team of
 * threads. Weights stay in the checkpoint's files, which are mapped and must not be changed while the model is open. Closing the
 * model ends its conversations; using either afterwards raises {@link IllegalStateException}.
 */
public final class Omni implements AutoCloseable {
    private Omni() {}

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
        return Unbuilt.value();
    }

    /**
     * Describes the checkpoint in {@code folder} from its configuration and file headers, without opening it.
     *
     * @throws omni.error.ModelFormatException if it is missing, broken or of an unsupported kind
     * @throws omni.error.RequestException if the options do not fit the checkpoint
     */
    public static ModelInfo describe(Path folder, OpenOptions options) {
        return Unbuilt.value();
    }

    /** What is open. */
    public ModelInfo info() {
        return Unbuilt.value();
    }

    /** Threads that compute at once. */
    public int threads() {
        return Unbuilt.value();
    }

    /** Seconds that opening took. */
    public double loadSeconds() {
        return Unbuilt.value();
    }

    /** The system prompt of a conversation that names none: the one of the checkpoint's template; empty if it has none. */
    public String defaultSystemPrompt() {
        return Unbuilt.value();
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
     */
    public Conversation conversation(List<Message> history) {
        return Unbuilt.value();
    }

    /** Ends all conversations and unmaps the weights. A reply in progress ends first, within one step. */
    @Override
    public void close() {}
}
