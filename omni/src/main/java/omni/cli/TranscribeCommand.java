package omni.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import omni.Omni;
import omni.OpenOptions;
import omni.audio.FeatureConfig;
import omni.audio.SpeechPieces;
import omni.error.MediaException;
import omni.error.OmniException;
import omni.error.RequestException;
import omni.loader.ModelConfig;
import omni.media.SampleReader;
import omni.media.SoundFile;
import omni.media.SoundSource;
import omni.media.WavReader;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code omni transcribe}: what was said. */
@Command(
        name = "transcribe",
        description = {
            "Writes down what is said in sounds and videos.",
            "",
            "A file of any length is heard in pieces of at most 30 s, which end where it is quiet; times are those of the"
                    + " pieces, from the first sound in one to the last. A pause of 2 s or more ends a piece, too."
                    + " Silence is not given to the model, so nothing is heard in it.",
            "",
            "JSON is one object: {\"files\": [{\"file\": \"talk.wav\", \"seconds\": 63.4, \"text\": \"…\","
                    + " \"segments\": [{\"start\": 0.2, \"end\": 28.16, \"text\": \"…\"}]}]}"
        },
        customSynopsis = "omni transcribe MODEL FILE... [--format txt|srt|vtt|json] [OPTIONS]",
        footer = {
            "%nExamples:",
            "  omni transcribe qwen-omni-3b talk.wav",
            "  omni transcribe qwen-omni-3b film.mp4 --format srt --piece 8 > film.srt",
            "  omni transcribe qwen-omni-3b monday.mp3 tuesday.mp3 --format vtt --out transcripts",
            "  arecord -f cd -d 10 | omni transcribe qwen-omni-3b - --language German",
        })
final class TranscribeCommand implements Callable<Integer> {
    private static final String SYSTEM = "You are a speech recognition model.";
    private static final String STANDARD_INPUT = "-";

    private final Session session;
    private final Streams streams;

    @Parameters(index = "0", paramLabel = "MODEL", description = "Folder of a checkpoint in the released layout.")
    private String model = "";

    @Parameters(
            index = "1..*",
            arity = "1..*",
            paramLabel = "FILE",
            description = "Sounds, and videos with sound; - reads a WAV from standard input.")
    private List<String> files = new ArrayList<>();

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            order = 1,
            description = "txt, a line for each piece; srt or vtt, subtitles; json (default: txt).")
    private String format = "txt";

    @Option(
            names = "--out",
            paramLabel = "DIR",
            order = 2,
            description = "Write talk.wav's transcript to DIR/talk.txt, and so on, instead of printing it. Subtitles of"
                    + " several files need it.")
    private @Nullable String out;

    @Option(names = "--overwrite", order = 3, description = "Let --out replace files that are there.")
    private boolean overwrite;

    @Option(
            names = "--language",
            paramLabel = "NAME",
            order = 4,
            description = "The language that is spoken, in English words (default: the model finds out).")
    private @Nullable String language;

    @Option(
            names = "--prompt",
            paramLabel = "TEXT",
            order = 5,
            description = "What to ask after each piece (default: \"Transcribe the audio into text.\").")
    private @Nullable String prompt;

    @Option(
            names = "--system",
            paramLabel = "TEXT",
            order = 6,
            description = "The system prompt (default: \"" + SYSTEM + "\", with --prompt the one of the model's"
                    + " template).")
    private @Nullable String system;

    @Option(
            names = "--piece",
            paramLabel = "SECONDS",
            order = 7,
            description = "Longest piece, 2 to 300 s (default: 30). Short ones give more exact times, long ones fewer"
                    + " mistakes.")
    private double longest = SpeechPieces.Rules.DEFAULT.longestSeconds();

    @Option(
            names = "--silence",
            paramLabel = "DB",
            order = 8,
            description = "Below this level counts as silence (default: -50).")
    private double silence = SpeechPieces.Rules.DEFAULT.silenceDecibels();

    @Mixin
    private ModelArguments machine = new ModelArguments();

    TranscribeCommand(Session session) {
        this.session = session;
        this.streams = session.streams();
    }

    /**
     * A file to hear.
     *
     * @param name as given
     * @param target where its transcript goes, null for standard output
     */
    private record Job(String name, @Nullable Path target) {}

    @Override
    public Integer call() throws IOException {
        TranscriptFormat written = TranscriptFormat.of(format);
        Transcriber.Settings settings = settings();
        OpenOptions options = machine.toOpenOptions();
        if (files.size() > 1 && out == null && (written == TranscriptFormat.SRT || written == TranscriptFormat.VTT)) {
            throw new UsageException("--format: value=" + written.extension() + ", files=" + files.size()
                    + "; subtitles of several files need a folder, give one with --out");
        }
        List<Job> jobs = jobs(written);
        Path folder = ModelArguments.folder(model);
        ModelConfig config = ModelConfig.read(folder);
        if (config.audio() == null) {
            throw new RequestException("transcribe: model=" + model + ", architecture=" + config.architecture()
                    + "; the model does not hear, use a Qwen2.5-Omni checkpoint");
        }
        try (Omni omni = ModelArguments.open(model, options)) {
            Transcriber transcriber = new Transcriber(omni, FeatureConfig.read(folder), streams, settings);
            try (Interrupts.Guard guard = session.interrupts().guard(transcriber::stop)) {
                boolean failed = transcribe(jobs, transcriber, written);
                return guard.interrupted() ? ExitCode.INTERRUPTED : failed ? ExitCode.FAILED : ExitCode.DONE;
            }
        }
    }

    private Transcriber.Settings settings() {
        if (prompt != null && language != null) {
            throw new UsageException("--prompt and --language contradict each other; give one of them");
        }
        if (!(longest >= 2 && longest <= 300)) {
            throw new UsageException("--piece: value=" + longest + "; give 2 to 300 seconds");
        }
        if (!(silence >= -200 && silence <= 0)) {
            throw new UsageException("--silence: value=" + silence + "; give -200 to 0 dB");
        }
        String asked = prompt != null
                ? prompt
                : language == null
                        ? "Transcribe the audio into text."
                        : "Transcribe the " + language + " audio into text.";
        return new Transcriber.Settings(
                system == null && prompt == null ? SYSTEM : system, asked, new SpeechPieces.Rules(longest, silence));
    }

    /** Where each transcript goes; found before anything is computed. */
    private List<Job> jobs(TranscriptFormat written) {
        Path folder = folder();
        Map<Path, String> targets = new LinkedHashMap<>();
        List<Job> jobs = new ArrayList<>();
        for (String name : files) {
            if (folder == null) {
                jobs.add(new Job(name, null));
                continue;
            }
            String base = name.equals(STANDARD_INPUT) ? "stdin" : Inspector.name(MediaArguments.path("FILE", name));
            int dot = base.lastIndexOf('.');
            Path target = folder.resolve((dot > 0 ? base.substring(0, dot) : base) + "." + written.extension());
            String other = targets.put(target, name);
            if (other != null) {
                throw new RequestException(
                        "transcribe: file=" + other + ", file=" + name + "; both transcripts would be " + target
                                + ", transcribe them one after the other into different folders");
            }
            if (Files.exists(target) && !overwrite) {
                throw new RequestException("transcribe: file=" + target
                        + "; it exists, give another folder with --out, or --overwrite to replace it");
            }
            jobs.add(new Job(name, target));
        }
        return jobs;
    }

    private @Nullable Path folder() {
        if (out == null) {
            return null;
        }
        try {
            return Files.createDirectories(Path.of(out));
        } catch (IOException | InvalidPathException e) {
            throw new RequestException("--out: folder=" + out + "; it cannot be made: " + e.getMessage(), e);
        }
    }

    /** Hears all files; true if some could not be heard. */
    private boolean transcribe(List<Job> jobs, Transcriber transcriber, TranscriptFormat written) throws IOException {
        boolean failed = false;
        List<Transcript> done = new ArrayList<>();
        for (int i = 0; i < jobs.size() && !transcriber.stopped(); i++) {
            Job job = jobs.get(i);
            if (job.target == null && jobs.size() > 1 && written == TranscriptFormat.TXT) {
                streams.print((i == 0 ? "" : "\n") + "==> " + job.name + " <==\n");
            }
            try {
                done.add(transcribe(job, transcriber, written));
            } catch (OmniException e) {
                // One bad file says nothing about the others.
                streams.err().println("omni: " + Failures.message(e));
                failed = true;
            }
        }
        if (out == null && written == TranscriptFormat.JSON) {
            streams.printLine(TranscriptFormat.json(done));
        }
        return failed;
    }

    private Transcript transcribe(Job job, Transcriber transcriber, TranscriptFormat written) throws IOException {
        boolean printed = job.target == null;
        TranscriptPrinter printer = new TranscriptPrinter(streams, printed ? written : null);
        Transcript transcript = hear(job.name, transcriber, printer);
        printer.end();
        if (job.target != null) {
            write(written.file(transcript), job.target);
            streams.printLine(String.format(
                    Locale.ROOT,
                    "%s: %.2f s, %d %s; wrote %s",
                    job.name,
                    transcript.seconds(),
                    transcript.segments().size(),
                    transcript.segments().size() == 1 ? "segment" : "segments",
                    job.target));
        }
        return transcript;
    }

    private Transcript hear(String name, Transcriber transcriber, Transcriber.Listener listener) {
        if (name.equals(STANDARD_INPUT)) {
            return transcriber.hear(WavReader.of(streams.in(), "standard input"), name, 0, listener);
        }
        SoundSource source = SoundFile.of(MediaArguments.path("FILE", name));
        // A file that is damaged at its end is told so before hours are spent on its beginning.
        double seconds = seconds(source);
        return transcriber.hear(source.open(), name, seconds, listener);
    }

    private static double seconds(SoundSource source) {
        try (SampleReader reader = source.open()) {
            float[] block = new float[Math.max(1 << 14, reader.channels())];
            long samples = 0;
            for (int n = 1; n > 0; samples += n) {
                n = reader.read(block, block.length / reader.channels());
            }
            return (double) samples / reader.rate();
        }
    }

    /** The name is only given to the whole file. */
    private static void write(String text, Path target) throws IOException {
        Path part = target.resolveSibling(target.getFileName() + ".part");
        try {
            Files.writeString(part, text);
            Files.move(part, target, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            Files.deleteIfExists(part);
            throw new MediaException("transcribe: file=" + target + "; cannot be written: " + e.getMessage(), e);
        }
    }
}
