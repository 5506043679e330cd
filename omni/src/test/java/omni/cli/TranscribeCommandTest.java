package omni.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import omni.audio.MonoReader;
import omni.media.SoundFile;
import omni.media.WavWriter;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TranscribeCommandTest {
    private static final String MODEL = NanoModel.folder().toString();
    private static final Path SAMPLES = NanoModel.folder().resolve("samples");
    private static final int RATE = 16_000;

    @TempDir
    Path folder;

    private final CommandRunner runner = new CommandRunner();
    private Path twelve = SAMPLES;
    private Path zero = SAMPLES;

    /** Copies of samples with short names. */
    @BeforeEach
    void copy() throws IOException {
        twelve = Files.copy(SAMPLES.resolve("audio_words_1.wav"), folder.resolve("twelve.wav"));
        zero = Files.copy(SAMPLES.resolve("audio_sum_1.wav"), folder.resolve("zero.wav"));
    }

    @Test
    void printsWhatWasSaid() {
        assertEquals(0, transcribe("--prompt", "What does the speaker say?", twelve.toString()));
        assertEquals("Twelve.\n", runner.out());
        assertFalse(runner.err().contains("omni:"), runner.err());
    }

    @Test
    void asksForATranscriptWhereNothingElseIsAsked() {
        assertEquals(0, transcribe(twelve.toString()));
        CommandRunner run = new CommandRunner();
        assertEquals(
                0,
                run.run(
                        "run",
                        MODEL,
                        "--audio",
                        twelve.toString(),
                        "--system",
                        "You are a speech recognition model.",
                        "-p",
                        "Transcribe the audio into text."));
        assertEquals(run.out(), runner.out());
    }

    @Test
    void cutsAtPausesAndTellsTheirTimes() throws IOException {
        Path talk = folder.resolve("talk.wav");
        write(talk, 3, twelve, 2.5, zero, 20);
        assertEquals(0, transcribe("--prompt", "Repeat after me.", "--format", "srt", talk.toString()));
        List<String> lines = runner.out().lines().toList();
        assertEquals(List.of("1", "00:00:02,800 --> 00:00:04,040"), lines.subList(0, 2));
        assertEquals(List.of("", "2", "00:00:06,120 --> 00:00:08,540"), lines.subList(3, 6));
        assertEquals(8, lines.size(), runner.out());
    }

    @Test
    void printsJsonOfAllFiles() {
        assertEquals(
                0, transcribe("--prompt", "Repeat after me.", "--format", "json", twelve.toString(), zero.toString()));
        assertEquals(
                "{\"files\":[{\"file\":\"" + twelve + "\",\"seconds\":0.837,\"text\":\"Twelve.\",\"segments\":["
                        + "{\"start\":0,\"end\":0.837,\"text\":\"Twelve.\"}]},{\"file\":\"" + zero
                        + "\",\"seconds\":1.986,\"text\":\"How much is zero plus zero?\",\"segments\":["
                        + "{\"start\":0,\"end\":1.986,\"text\":\"How much is zero plus zero?\"}]}]}\n",
                runner.out());
    }

    @Test
    void oneBadFileDoesNotKeepTheOthersFromBeingHeard() throws IOException {
        Path bad = Files.write(folder.resolve("bad.wav"), Arrays.copyOf(Files.readAllBytes(zero), 5000));
        assertEquals(1, transcribe("--prompt", "Repeat after me.", bad.toString(), twelve.toString()));
        assertEquals("==> " + bad + " <==\n\n==> " + twelve + " <==\nTwelve.\n", runner.out());
        assertEquals(
                "omni: wav: file=" + bad + ", declared=63540 bytes of samples, found=4956; the file is cut off",
                runner.err()
                        .lines()
                        .filter(line -> line.startsWith("omni:"))
                        .findFirst()
                        .orElse(""));
    }

    @Test
    void writesFilesOnRequestAndReplacesNoneUnasked() throws IOException {
        Path out = folder.resolve("out");
        String[] arguments = {
            "--prompt",
            "Repeat after me.",
            "--format",
            "vtt",
            "--out",
            out.toString(),
            twelve.toString(),
            zero.toString()
        };
        assertEquals(0, transcribe(arguments));
        assertEquals(
                twelve + ": 0.84 s, 1 segment; wrote " + out.resolve("twelve.vtt") + "\n" + zero
                        + ": 1.99 s, 1 segment; wrote " + out.resolve("zero.vtt") + "\n",
                runner.out());
        assertEquals(
                "WEBVTT\n\n00:00:00.000 --> 00:00:00.837\nTwelve.\n\n", Files.readString(out.resolve("twelve.vtt")));
        assertEquals(1, transcribe(arguments));
        assertTrue(
                runner.err()
                        .endsWith("omni: transcribe: file=" + out.resolve("twelve.vtt")
                                + "; it exists, give another folder with --out, or --overwrite to replace it\n"),
                runner.err());
        List<String> replacing = new ArrayList<>(List.of(arguments));
        replacing.add("--overwrite");
        Files.writeString(out.resolve("zero.vtt"), "old");
        assertEquals(0, transcribe(replacing.toArray(String[]::new)));
        assertTrue(Files.readString(out.resolve("zero.vtt")).startsWith("WEBVTT\n"));
        try (Stream<Path> files = Files.list(out)) {
            assertEquals(2, files.count(), "no unfinished file is left");
        }
    }

    @Test
    void refusesTwoTranscriptsOfOneName() throws IOException {
        Path other = Files.createDirectory(folder.resolve("other")).resolve("twelve.mp3");
        assertEquals(1, transcribe("--out", folder.toString(), twelve.toString(), other.toString()));
        assertEquals(
                "omni: transcribe: file=" + twelve + ", file=" + other + "; both transcripts would be "
                        + folder.resolve("twelve.txt")
                        + ", transcribe them one after the other into different folders\n",
                runner.err());
    }

    @Test
    void saysSoWhereThereIsNothingToHear() throws IOException {
        Path quiet = folder.resolve("quiet.wav");
        write(quiet, 40);
        assertEquals(0, transcribe("--format", "vtt", quiet.toString()));
        assertEquals("WEBVTT\n\n", runner.out());
        assertEquals(
                "omni: transcribe: file=" + quiet + ", silence=-50.0 dB; nothing in it is louder than that\n",
                runner.err());
    }

    @Test
    void readsStandardInput() throws IOException {
        runner.input(Files.readAllBytes(twelve));
        assertEquals(0, transcribe("-", "--prompt", "Repeat after me.", "--format", "srt"));
        assertEquals("1\n00:00:00,000 --> 00:00:00,837\nTwelve.\n\n", runner.out());
        CommandRunner empty = new CommandRunner().input("");
        assertEquals(1, empty.run("transcribe", MODEL, "-"));
        assertEquals("omni: wav: file=standard input; the header is cut off\n", empty.err());
    }

    @Test
    void stopsOnRequestAndKeepsWhatWasHeard() throws IOException {
        Path talk = folder.resolve("talk.wav");
        write(talk, 0.5, twelve, 3, zero, 3, twelve, 3);
        runner.interruptedBehind(".\n");
        assertEquals(
                130, transcribe("--prompt", "Repeat after me.", talk.toString(), zero.toString(), twelve.toString()));
        assertTrue(runner.out().startsWith("==> " + talk + " <==\n"), runner.out());
        // The key is pressed while the second piece begins to be printed.
        assertEquals(3, runner.out().lines().count(), runner.out());
        assertFalse(runner.out().contains("zero plus zero"), runner.out());
        assertEquals(List.of(), runner.exits);
    }

    @Test
    void refusesAModelThatDoesNotHear() throws IOException {
        Files.writeString(
                folder.resolve("config.json"),
                "{\"architectures\": [\"Qwen2ForCausalLM\"], \"model_type\": \"qwen2\", \"hidden_size\": 64,"
                        + " \"num_attention_heads\": 2, \"num_key_value_heads\": 1, \"intermediate_size\": 64,"
                        + " \"num_hidden_layers\": 1, \"vocab_size\": 100}");
        assertEquals(1, runner.run("transcribe", folder.toString(), twelve.toString()));
        assertEquals(
                "omni: transcribe: model=" + folder + ", architecture=QWEN2; the model does not hear, use a"
                        + " Qwen2.5-Omni checkpoint\n",
                runner.err());
    }

    @Test
    void refusesWrongUsage() {
        assertUsage("missing argument: FILE", "transcribe", MODEL);
        assertUsage("--format: value=doc; give one of txt, srt, vtt, json", MODEL, "a.wav", "--format", "doc");
        assertUsage(
                "--format: value=srt, files=2; subtitles of several files need a folder, give one with --out",
                MODEL,
                "a.wav",
                "b.wav",
                "--format",
                "srt");
        assertUsage("--piece: value=1.0; give 2 to 300 seconds", MODEL, "a.wav", "--piece", "1");
        assertUsage("--silence: value=3.0; give -200 to 0 dB", MODEL, "a.wav", "--silence", "3");
        assertUsage(
                "--prompt and --language contradict each other; give one of them",
                MODEL,
                "a.wav",
                "--prompt",
                "x",
                "--language",
                "German");
    }

    private static void assertUsage(String message, String... args) {
        CommandRunner each = new CommandRunner();
        List<String> all = new ArrayList<>(List.of(args));
        if (!all.getFirst().equals("transcribe")) {
            all.addFirst("transcribe");
        }
        assertEquals(2, each.run(all.toArray(String[]::new)));
        assertEquals("omni: " + message + "\nTry: omni transcribe --help\n", each.err());
    }

    private int transcribe(String... arguments) {
        List<String> all = new ArrayList<>(List.of("transcribe", MODEL));
        all.addAll(List.of(arguments));
        return runner.run(all.toArray(String[]::new));
    }

    /** Silences in seconds and sounds, one after the other. */
    private static void write(Path target, Object... parts) {
        try (WavWriter writer = WavWriter.create(target, RATE)) {
            for (Object part : parts) {
                float[] samples = part instanceof Path file
                        ? read(file)
                        : new float[(int) (RATE * ((Number) part).doubleValue())];
                writer.write(samples, 0, samples.length);
            }
        }
    }

    private static float[] read(Path file) {
        float[] samples = new float[10 * RATE];
        try (MonoReader reader = new MonoReader(SoundFile.of(file).open(), RATE)) {
            return Arrays.copyOf(samples, reader.read(samples, 0, samples.length));
        }
    }
}
