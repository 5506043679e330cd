package omni.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import omni.GenerationOptions;
import omni.MediaOptions;
import omni.OpenOptions;
import omni.Request;
import omni.SpeechOptions;
import omni.chat.Message;
import omni.chat.Part;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code omni run}: one question, one answer. */
@Command(
        name = "run",
        description = "Answers one prompt. The answer goes to standard output, everything else to standard error.",
        customSynopsis = "omni run MODEL [-p TEXT|-] [--image F]... [--audio F]... [--video F]... [--speak OUT.wav|-]"
                + " [OPTIONS]",
        footer = {
            "%nExamples:",
            "  omni run qwen-omni-3b -p \"Why is the sky blue?\"",
            "  omni run qwen-omni-3b --image photo.jpg -p \"What is in the picture?\"",
            "  omni run qwen-omni-3b --audio question.wav",
            "  omni run qwen-omni-3b --video clip.mp4 --audio-in-video -p \"What happens here?\"",
            "  omni run qwen-omni-3b --audio question.wav --speak answer.wav --voice Ethan",
            "  omni run qwen-omni-3b -p \"Tell me a story\" --speak - | ffplay -nodisp -autoexit -",
            "  omni run qwen-omni-3b < question.txt > answer.txt",
            "  git diff | omni run qwen-omni-3b --system \"Write a commit message for this change.\"",
            "  omni run qwen-omni-3b -p \"A name for a cat\" --temperature 1 --seed 7 --json",
        })
final class RunCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(index = "0", paramLabel = "MODEL", description = "Folder of a checkpoint in the released layout.")
    private String model = "";

    @Option(
            names = {"-p", "--prompt"},
            paramLabel = "TEXT",
            order = 1,
            description =
                    "The prompt; - reads it from standard input, as leaving it out does where something is piped in and"
                            + " there are no pictures, sounds or videos.")
    private @Nullable String prompt;

    @Option(
            names = "--system",
            paramLabel = "TEXT",
            order = 2,
            description = "The system prompt (default: the one of the model's template).")
    private @Nullable String system;

    @Option(
            names = "--json",
            order = 3,
            description = "Print one JSON object with text, ids and timings instead of the text.")
    private boolean json;

    @Option(
            names = "--speak",
            paramLabel = "OUT.wav",
            order = OptionSections.SPEECH,
            description = "Also speak the answer, into a WAV file that grows while it is made; - writes the sound to"
                    + " standard output and the text to standard error.")
    private @Nullable String speak;

    @Mixin
    private MediaArguments media = new MediaArguments();

    @Mixin
    private SamplingArguments sampling = new SamplingArguments();

    @Mixin
    private SpeechArguments speech = new SpeechArguments();

    @Mixin
    private ModelArguments machine = new ModelArguments();

    RunCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        Streams streams = session.streams();
        GenerationOptions generation = sampling.toGenerationOptions();
        OpenOptions options = machine.toOpenOptions();
        MediaOptions taking = media.toMediaOptions(false);
        SpeechOptions speaking = speaking();
        List<Part> parts = new ArrayList<>(media.parts());
        if (parts.isEmpty() || prompt != null) {
            parts.add(Part.text(PromptText.of(prompt, streams)));
        }
        Request request = new Request(new Message("user", parts), generation, taking, speaking, null);
        return new OneTurn(model, options, system, request, json, true, "--speak", speak).ask(session);
    }

    /** How the answer is spoken; null if it is not. */
    private @Nullable SpeechOptions speaking() {
        if (speak == null) {
            speech.requireNone();
            return null;
        }
        if (json && speak.equals("-")) {
            throw new UsageException(
                    "--speak -: it writes sound to standard output, where --json writes too; name a file");
        }
        return speech.toSpeechOptions();
    }
}
