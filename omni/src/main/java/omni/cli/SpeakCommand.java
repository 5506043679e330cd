package omni.cli;

import java.util.concurrent.Callable;
import omni.GenerationOptions;
import omni.OpenOptions;
import omni.Request;
import omni.SpeechOptions;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code omni speak}: reads a text aloud. */
@Command(
        name = "speak",
        description = {
            "Reads a text aloud, best effort: the model is asked to repeat the text, the text is put into its mouth as its"
                    + " answer, and the answer is spoken.",
            "",
            "The models were made to speak their own answers. They read short texts of an answer's kind well; they may"
                    + " skip or change words of others, and long texts are better read paragraph by paragraph."
        },
        customSynopsis = "omni speak MODEL [-p TEXT|-] -o OUT.wav|- [OPTIONS]",
        footer = {
            "%nExamples:",
            "  omni speak qwen-omni-3b -p \"Good morning.\" -o morning.wav",
            "  omni speak qwen-omni-3b -o letter.wav --voice Ethan < letter.txt",
            "  omni speak qwen-omni-3b -p \"Good morning.\" -o - | ffplay -nodisp -autoexit -",
        })
final class SpeakCommand implements Callable<Integer> {
    /** What the publishers ask for where speech is wanted (reference notes, section 3). */
    static final String SYSTEM =
            "You are Qwen, a virtual human developed by the Qwen Team, Alibaba Group, capable of perceiving"
                    + " auditory and visual inputs, as well as generating text and speech.";

    private static final String REQUEST = "Repeat after me: ";

    private final Session session;

    @Parameters(index = "0", paramLabel = "MODEL", description = "Folder of a checkpoint in the released layout.")
    private String model = "";

    @Option(
            names = {"-p", "--prompt"},
            paramLabel = "TEXT",
            order = 1,
            description =
                    "The text; - reads it from standard input, as leaving it out does where something is piped in.")
    private @Nullable String text;

    @Option(
            names = {"-o", "--out"},
            paramLabel = "OUT.wav",
            required = true,
            order = 2,
            description = "The WAV file that is written; - for standard output.")
    private String out = "";

    @Option(
            names = "--seed",
            paramLabel = "S",
            order = 3,
            description = "Makes the sound repeatable (default: another one each time, told by --json).")
    private @Nullable Long seed;

    @Option(
            names = "--json",
            order = 4,
            description = "Print one JSON object with codes, length and timings on standard output.")
    private boolean json;

    @Mixin
    private SpeechArguments speech = new SpeechArguments();

    @Mixin
    private ModelArguments machine = new ModelArguments();

    SpeakCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        Streams streams = session.streams();
        SpeechOptions speaking = speech.toSpeechOptions();
        OpenOptions options = machine.toOpenOptions();
        if (json && out.equals("-")) {
            throw new UsageException("-o -: it writes sound to standard output, where --json writes too; name a file");
        }
        String words = PromptText.of(text, streams).strip();
        GenerationOptions generation = GenerationOptions.defaults();
        Request request = Request.of(REQUEST + words)
                .withGeneration(seed == null ? generation : generation.withSeed(seed))
                .withSpeech(speaking)
                .withDictated(words);
        return new OneTurn(model, options, SYSTEM, request, json, false, "-o", out).ask(session);
    }
}
