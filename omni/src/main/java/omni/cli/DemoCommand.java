package omni.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import omni.Conversation;
import omni.Omni;
import omni.OpenOptions;
import omni.Reply;
import omni.Speech;
import omni.Timings;
import omni.audio.FeatureConfig;
import omni.audio.FeatureStream;
import omni.audio.LogMel;
import omni.chat.Message;
import omni.draw.PngFile;
import omni.draw.Spectrogram;
import omni.error.RequestException;
import omni.loader.Json;
import omni.media.SoundFile;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code omni demo}: the bundled checkpoint answers its samples, in writing and aloud. */
@Command(
        name = "demo",
        description = {
            "Asks a very small model, which is built in, its sample questions: typed, spoken, drawn and moving. Compares the"
                    + " answers with the reference's, speaks some of them, and writes texts, sounds and their spectrograms.",
            "",
            "The model knows a toy world only. It shows that everything works here; it is no assistant."
        },
        customSynopsis = "omni demo [--out DIR]",
        footer = {"%nExamples:", "  omni demo", "  omni demo --out answers", "  omni demo && omni doctor"})
final class DemoCommand implements Callable<Integer> {
    private static final String FAREWELL = """

        A released model is one command away, once its files are here:
          hf download Qwen/Qwen2.5-Omni-3B --local-dir qwen-omni-3b
          java -jar omni.jar run qwen-omni-3b --audio question.wav --image photo.jpg --speak answer.wav
        """;

    private final Session session;
    private final Streams streams;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            order = 1,
            defaultValue = "omni-demo",
            description = "The folder that texts, sounds and spectrograms are written to, made if need be (default:"
                    + " ${DEFAULT-VALUE}). Files of an earlier demo in it are replaced.")
    private String out = "";

    DemoCommand(Session session) {
        this.session = session;
        this.streams = session.streams();
    }

    @Override
    public Integer call() throws IOException {
        Path folder = outputFolder(out);
        try (BundledModel bundled = BundledModel.unpack();
                Omni omni = ModelArguments.open(bundled.folder().toString(), OpenOptions.defaults())) {
            introduce(omni.info().bytes());
            Path expected = bundled.sample("expected.json");
            List<DemoSample> samples = DemoSample.read(Json.readObject(expected), expected.resolveSibling("."));
            int right = 0;
            int spoken = 0;
            for (DemoSample sample : samples) {
                Reply reply = ask(omni, sample, folder);
                if (reply == null) {
                    return ExitCode.INTERRUPTED;
                }
                right += isRight(sample, reply) ? 1 : 0;
                spoken += reply.speech() == null ? 0 : 1;
                Files.writeString(folder.resolve(sample.name() + ".txt"), reply.text() + "\n");
            }
            streams.print("\n" + right + " of " + samples.size() + " answers are those of the reference, " + spoken
                    + " of them spoken.\nTexts, sounds (.wav) and spectrograms (.png) are in " + folder + ".\n");
            streams.print(FAREWELL);
            return right == samples.size() ? ExitCode.DONE : ExitCode.FAILED;
        }
    }

    private void introduce(long bytes) {
        streams.print("This is a very small model (" + Sizes.bytes(bytes)
                + " of weights) that was trained on a toy world: small sums,\na few words to repeat, drawn shapes,"
                + " greetings. It is built in to show that everything works on this\nmachine. It is no assistant.\n\n");
    }

    private static Path outputFolder(String name) {
        try {
            return Files.createDirectories(Path.of(name));
        } catch (IOException | InvalidPathException e) {
            throw new RequestException("--out: folder=" + name + "; it cannot be made: " + e.getMessage(), e);
        }
    }

    /** Text to the letter, and greedy speech to the code; the samples depend on noise that the reference drew. */
    private static boolean isRight(DemoSample sample, Reply reply) {
        Speech speech = reply.speech();
        return reply.text().equals(sample.answer())
                && (speech == null || speech.codes().equals(sample.codes()));
    }

    /** Asks one question in a conversation of its own; null if it was interrupted. */
    private @Nullable Reply ask(Omni omni, DemoSample sample, Path folder) {
        String system = sample.system();
        Path wav = folder.resolve(sample.name() + ".wav");
        try (Conversation conversation =
                        omni.conversation(system == null ? List.of() : List.of(Message.system(system)));
                SoundOutput sound =
                        sample.request().speech() == null ? null : SoundOutput.of("--out", wav.toString(), streams);
                Interrupts.Guard guard = session.interrupts().guard(conversation::cancel)) {
            streams.print("> " + sample.description() + "\n  ");
            Reply reply = conversation.ask(sample.request(), new AnswerPrinter(streams, false, sound));
            if (guard.interrupted()) {
                streams.print("\n");
                return null;
            }
            String verdict = isRight(sample, reply) ? "as the reference" : "the reference says: " + sample.answer();
            streams.print("\n  " + verdict + times(reply) + "\n");
            Speech speech = reply.speech();
            if (speech != null && sound != null) {
                sound.end(reply);
                Path png = draw(reply, speech, wav);
                streams.print(String.format(
                        Locale.ROOT,
                        "  spoken by %s: %.2f s in %s, first sound after %.2f s, %.1f s for a second of sound; %s%n",
                        speech.voice(),
                        speech.seconds(),
                        wav.getFileName(),
                        reply.timings().firstAudio(),
                        reply.timings().realtimeFactor(),
                        png.getFileName()));
            }
            return reply;
        }
    }

    private static String times(Reply reply) {
        Timings timings = reply.timings();
        return String.format(
                Locale.ROOT,
                ", %d + %d tokens in %.2f s",
                reply.promptIds().size(),
                reply.tokenIds().size(),
                timings.encode() + timings.prefill() + timings.decode());
    }

    /** The spectrogram of a spoken answer, beside its sound. */
    private static Path draw(Reply reply, Speech speech, Path wav) {
        Path png = wav.resolveSibling(wav.getFileName().toString().replaceFirst("[.]wav$", ".png"));
        try (FeatureStream features = FeatureStream.open(new LogMel(FeatureConfig.RELEASED), SoundFile.of(wav))) {
            Spectrogram spectrogram = Spectrogram.of(features);
            String note = String.format(
                    Locale.ROOT,
                    "spoken by %s, %.2f s, %d codes",
                    speech.voice(),
                    speech.seconds(),
                    speech.codes().size());
            PngFile.write(spectrogram.draw(reply.text(), List.of(note)), png);
        }
        return png;
    }
}
