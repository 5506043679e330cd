package omni.cli;

import java.io.IOException;
import java.util.concurrent.Callable;
import omni.Conversation;
import omni.GenerationOptions;
import omni.MediaOptions;
import omni.Omni;
import omni.OpenOptions;
import omni.Reply;
import omni.Request;
import omni.chat.Message;
import omni.error.OmniException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code omni chat}: a conversation. */
@Command(
        name = "chat",
        description = {
            "A conversation: each line is a turn, the model remembers what was said before.",
            "",
            "Ctrl-C stops an answer, at the prompt it ends the conversation; so does Ctrl-D.",
            "/help lists what can be typed besides text."
        },
        customSynopsis = "omni chat MODEL [OPTIONS]",
        footer = {
            "%nExamples:",
            "  omni chat qwen-omni-3b",
            "  omni chat qwen-omni-3b --system \"You answer in rhymes.\" --temperature 0.8",
            "  omni chat qwen-omni-3b --image photo.jpg -c 8192",
        })
final class ChatCommand implements Callable<Integer> {
    private static final String FENCE = "\"\"\"";

    private final Session session;
    private final Streams streams;

    @Parameters(index = "0", paramLabel = "MODEL", description = "Folder of a checkpoint in the released layout.")
    private String model = "";

    @Option(
            names = "--system",
            paramLabel = "TEXT",
            order = 1,
            description = "The system prompt (default: the one of the model's template).")
    private @Nullable String system;

    @Mixin
    private MediaArguments media = new MediaArguments();

    @Mixin
    private SamplingArguments sampling = new SamplingArguments();

    @Option(
            names = "--speak",
            paramLabel = "DIR",
            order = OptionSections.SPEECH,
            description = "Also speak the answers, into files answer-1.wav, answer-2.wav and so on of a folder; /speak"
                    + " on and off do it on the way.")
    private @Nullable String speak;

    @Mixin
    private SpeechArguments speech = new SpeechArguments();

    @Mixin
    private ModelArguments machine = new ModelArguments();

    ChatCommand(Session session) {
        this.session = session;
        this.streams = session.streams();
    }

    @Override
    public Integer call() throws IOException {
        GenerationOptions generation = sampling.toGenerationOptions();
        MediaOptions taking = media.toMediaOptions(true);
        OpenOptions options = machine.toOpenOptions();
        ChatVoice voice = new ChatVoice(speech.toSpeechOptions(), speak, streams);
        try (Omni omni = ModelArguments.open(model, options);
                ChatRoom room = new ChatRoom(omni, system, media.parts(), voice, streams)) {
            if (streams.inIsTerminal()) {
                streams.err().println(streams.dim("/help for help, Ctrl-D to end"));
            }
            for (String turn; (turn = turn()) != null; ) {
                if (turn.isBlank() && !room.hasMedia()) {
                    continue;
                }
                if (turn.startsWith("/") && !turn.startsWith("//")) {
                    if (!command(room, turn)) {
                        break;
                    }
                } else {
                    Message message = room.message(turn.startsWith("//") ? turn.substring(1) : turn);
                    Request request = new Request(message, generation, taking, voice.options(), null);
                    answer(room.conversation(), request, voice);
                }
            }
            return ExitCode.DONE;
        }
    }

    /** Runs a command of the conversation; false if it ends. */
    private boolean command(ChatRoom room, String turn) {
        try {
            return room.command(turn);
        } catch (UsageException | OmniException e) {
            complain(new OmniException(String.valueOf(e.getMessage()), e));
            return true;
        }
    }

    private void answer(Conversation conversation, Request request, ChatVoice voice) {
        AnswerPrinter printer = null;
        try (SoundOutput sound = voice.output();
                Interrupts.Guard guard = session.interrupts().guard(conversation::cancel)) {
            printer = new AnswerPrinter(streams, false, sound);
            Reply reply = conversation.ask(request, printer);
            printer.end();
            printer.report(reply);
            if (sound != null) {
                sound.end(reply);
                streams.err().println(streams.dim("sound: " + sound.target()));
            }
            if (guard.interrupted()) {
                streams.err().println(streams.dim("stopped"));
            }
        } catch (OmniException e) {
            if (printer != null) {
                printer.end();
            }
            complain(e);
        }
    }

    /** Somebody who types can try again; a script that goes on after a failure would only hide it. */
    private void complain(OmniException e) {
        if (!streams.inIsTerminal()) {
            throw e;
        }
        streams.err().println("omni: " + Failures.message(e));
    }

    /** The next turn, null at the end of the input. Between lines of three quotes, several lines are one turn. */
    private @Nullable String turn() throws IOException {
        String line = line("> ");
        if (line == null || !line.stripLeading().startsWith(FENCE)) {
            return line;
        }
        StringBuilder text = new StringBuilder();
        String part = line.stripLeading().substring(FENCE.length());
        while (part != null && !part.stripTrailing().endsWith(FENCE)) {
            // Nothing behind the opening quotes is no line of the text.
            text.append(text.isEmpty() && part.isBlank() ? "" : part + "\n");
            part = line("… ");
        }
        if (part != null) {
            String end = part.stripTrailing();
            text.append(end, 0, end.length() - FENCE.length());
        }
        return text.toString();
    }

    private @Nullable String line(String prompt) throws IOException {
        if (streams.inIsTerminal()) {
            streams.err().print(streams.bold(prompt));
            streams.err().flush();
        }
        String line = PromptText.line(streams);
        if (line == null && streams.inIsTerminal()) {
            streams.err().println();
        }
        return line;
    }
}
