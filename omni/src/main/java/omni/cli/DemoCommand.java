package omni.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import omni.Conversation;
import omni.GenerationOptions;
import omni.Omni;
import omni.OpenOptions;
import omni.Reply;
import omni.chat.Message;
import omni.error.RequestException;
import omni.loader.Json;
import omni.loader.JsonObject;
import omni.loader.JsonValue;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code omni demo}: the bundled checkpoint answers its samples. */
@Command(
        name = "demo",
        description = {
            "Asks a very small model, which is built in, its sample questions and compares the answers with the"
                    + " reference's.",
            "",
            "The model knows a toy world only. It shows that everything works here; it is no assistant."
        },
        customSynopsis = "omni demo [--out DIR]",
        footer = {"%nExamples:", "  omni demo", "  omni demo --out answers", "  omni demo && omni doctor"})
final class DemoCommand implements Callable<Integer> {
    private static final String FAREWELL = """

        A released model is one command away, once its files are here:
          hf download Qwen/Qwen2.5-Omni-3B --local-dir qwen-omni-3b
          java -jar omni.jar run qwen-omni-3b -p "Why is the sky blue?"
        """;

    private final Session session;
    private final Streams streams;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            order = 1,
            description = "Also write each answer to a file of this folder.")
    private @Nullable String out;

    /**
     * One sample.
     *
     * @param name also of its file
     * @param system the system prompt, null for the template's
     * @param question as typed
     * @param answer of the reference
     */
    private record Sample(String name, @Nullable String system, String question, String answer) {}

    DemoCommand(Session session) {
        this.session = session;
        this.streams = session.streams();
    }

    @Override
    public Integer call() throws IOException {
        Path folder = out == null ? null : outputFolder(out);
        try (BundledModel bundled = BundledModel.unpack();
                Omni omni = ModelArguments.open(bundled.folder().toString(), OpenOptions.defaults())) {
            introduce(omni.info().bytes());
            List<Sample> samples = typed(Json.readObject(bundled.sample("expected.json")));
            int right = 0;
            for (Sample sample : samples) {
                Reply reply = ask(omni, sample);
                if (reply == null) {
                    return ExitCode.INTERRUPTED;
                }
                right += reply.text().equals(sample.answer) ? 1 : 0;
                if (folder != null) {
                    Files.writeString(folder.resolve(sample.name + ".txt"), reply.text() + "\n");
                }
            }
            streams.print(right + " of " + samples.size() + " answers are those of the reference.\n");
            if (folder != null) {
                streams.print("Written to " + folder + ".\n");
            }
            streams.print(FAREWELL);
            return right == samples.size() ? ExitCode.DONE : ExitCode.FAILED;
        }
    }

    private void introduce(long bytes) {
        streams.print("This is a very small model (" + Sizes.bytes(bytes)
                + " of weights) that was trained on a toy world: small"
                + " sums, a few words\nto repeat, greetings. It is built in to show that everything works on this"
                + " machine. It is no assistant.\n\n");
    }

    private static Path outputFolder(String name) {
        try {
            return Files.createDirectories(Path.of(name));
        } catch (IOException | InvalidPathException e) {
            throw new RequestException("--out: folder=" + name + "; it cannot be made: " + e.getMessage(), e);
        }
    }

    /** Asks one question in a conversation of its own; null if it was interrupted. */
    private @Nullable Reply ask(Omni omni, Sample sample) {
        List<Message> start = sample.system == null ? List.of() : List.of(Message.system(sample.system));
        try (Conversation conversation = omni.conversation(start);
                Interrupts.Guard guard = session.interrupts().guard(conversation::cancel)) {
            streams.print("> " + sample.question + "\n  ");
            Reply reply = conversation.ask(
                    Message.user(sample.question), GenerationOptions.greedy(), new AnswerPrinter(streams, false));
            if (guard.interrupted()) {
                streams.print("\n");
                return null;
            }
            streams.print(String.format(
                    Locale.ROOT,
                    "\n  %s, %d + %d tokens in %.2f s\n",
                    reply.text().equals(sample.answer) ? "as the reference" : "the reference says: " + sample.answer,
                    reply.promptIds().size(),
                    reply.tokenIds().size(),
                    reply.timings().prefill() + reply.timings().decode()));
            return reply;
        }
    }

    /** The samples whose questions are nothing but text. */
    private static List<Sample> typed(JsonObject expected) {
        List<Sample> samples = new ArrayList<>();
        for (JsonValue value : expected.getArray("cases").toValues()) {
            JsonObject sample = value.asObject();
            StringBuilder question = new StringBuilder();
            boolean typed = true;
            for (JsonValue part : sample.getArray("content").toValues()) {
                typed &= part.asObject().getString("type").equals("text");
                question.append(part.asObject().getString("text", ""));
            }
            if (typed) {
                JsonValue system = sample.find("system");
                samples.add(new Sample(
                        sample.getString("name"),
                        system == null ? null : system.asString(),
                        question.toString(),
                        sample.getString("text")));
            }
        }
        return samples;
    }
}
