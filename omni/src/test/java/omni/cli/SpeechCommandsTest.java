package omni.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import omni.fixture.CheckpointCopy;
import omni.fixture.TinyModels;
import omni.loader.Json;
import omni.loader.JsonObject;
import omni.loader.JsonValue;
import omni.media.SampleReader;
import omni.media.SoundFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code run --speak} and {@code speak}, on the bundled and on tiny checkpoints; rough sound, for the sake of scalar kernels. */
class SpeechCommandsTest {
    private static final String MODEL = NanoModel.folder().toString();

    @TempDir
    Path folder;

    private final CommandRunner runner = new CommandRunner();

    private JsonObject json() {
        return Json.parse("standard output", runner.out()).asObject();
    }

    private static int frames(Path wav) {
        try (SampleReader reader = SoundFile.of(wav).open()) {
            float[] samples = new float[1 << 20];
            int all = 0;
            for (int n = reader.read(samples, samples.length); n > 0; n = reader.read(samples, samples.length)) {
                all += n;
            }
            return all;
        }
    }

    @Test
    void speaksTheReferencesCodesForEverySpokenSample() {
        int spoken = 0;
        Path samples = NanoModel.folder().resolve("samples");
        for (JsonValue value : Json.readObject(samples.resolve("expected.json"))
                .getArray("cases")
                .toValues()) {
            JsonObject sample = value.asObject();
            JsonObject part = sample.getArray("content").toValues().get(0).asObject();
            if (!sample.has("speech") || !part.getString("type").equals("text")) {
                continue;
            }
            spoken++;
            JsonObject speech = sample.getObject("speech");
            Path wav = folder.resolve("answer.wav");
            CommandRunner each = new CommandRunner();
            assertEquals(
                    0,
                    each.run(
                            "run",
                            MODEL,
                            "--system",
                            sample.getString("system"),
                            "-p",
                            part.getString("text"),
                            "--temperature",
                            "0",
                            "--talker-temperature",
                            "0",
                            "--talker-repeat-penalty",
                            Double.toString(speech.getDouble("repetition_penalty", 1)),
                            "--voice",
                            speech.getString("speaker"),
                            "--steps",
                            "2",
                            "--guidance",
                            "0",
                            "--speak",
                            wav.toString(),
                            "--json"),
                    each.err());
            JsonObject reply = Json.parse("standard output", each.out()).asObject();
            List<Integer> codes = speech.getInts("codes");
            assertEquals(codes, reply.getInts("codes"));
            JsonObject audio = reply.getObject("audio");
            assertEquals(wav.toString(), audio.getString("path"));
            assertEquals(24_000, audio.getInt("sample_rate"));
            assertEquals(codes.size() / 50.0, audio.getDouble("seconds"), 1e-9);
            assertEquals(480 * codes.size(), frames(wav));
            JsonObject timings = reply.getObject("timings");
            for (String name : List.of("talker_s", "token2wav_s", "first_audio_s", "realtime_factor")) {
                assertTrue(timings.getDouble(name) > 0, name);
            }
        }
        assertTrue(spoken > 0);
    }

    @Test
    void theSameSeedGivesTheSameFile() throws IOException {
        Path one = folder.resolve("one.wav");
        Path other = folder.resolve("other.wav");
        for (Path wav : List.of(one, other)) {
            assertEquals(
                    0,
                    new CommandRunner()
                            .run(
                                    "run",
                                    MODEL,
                                    "-p",
                                    "Hello!",
                                    "--seed",
                                    "5",
                                    "--steps",
                                    "2",
                                    "--speak",
                                    wav.toString()));
        }
        assertEquals(-1, Files.mismatch(one, other));
    }

    @Test
    void writesAGrowingWavToStandardOutputAndTheTextToStandardError() {
        assertEquals(
                0,
                runner.run("run", MODEL, "-p", "Hello!", "--temperature", "0", "--steps", "2", "--speak", "-"),
                runner.err());
        assertTrue(runner.out().startsWith("RIFF"), "a WAV");
        assertTrue(runner.err().contains("Hello! How can I help?"), runner.err());
    }

    @Test
    void readsATextAloud() {
        Path wav = folder.resolve("text.wav");
        assertEquals(
                0,
                runner.run("speak", MODEL, "-p", "Blue nine.", "-o", wav.toString(), "--steps", "2", "--json"),
                runner.err());
        assertEquals("Blue nine.", json().getString("text"));
        assertTrue(frames(wav) > 0);
        assertEquals(480 * json().getInts("codes").size(), frames(wav));
    }

    @Test
    void stopsAtTheLimitOfCodesAndSaysSo() {
        Path wav = folder.resolve("short.wav");
        assertEquals(
                0,
                runner.run(
                        "run",
                        MODEL,
                        "-p",
                        "Hello!",
                        "--steps",
                        "2",
                        "--speak",
                        wav.toString(),
                        "--talker-max-tokens",
                        "7"),
                runner.err());
        assertEquals(7 * 480, frames(wav));
        assertTrue(
                runner.err()
                        .contains("omni: the sound was cut: seconds=0.14, codes=7; raise --talker-max-tokens or ask for"
                                + " a shorter answer"),
                runner.err());
    }

    private void refused(int exit, String message, String... arguments) {
        CommandRunner each = new CommandRunner();
        assertEquals(exit, each.run(arguments), each.err());
        assertEquals("omni: " + message, each.err().lines().findFirst().orElse(""));
        assertEquals("", each.out());
    }

    @Test
    void refusesWhatMakesNoSense() throws IOException {
        String wav = folder.resolve("a.wav").toString();
        refused(
                2,
                "--voice: it changes speech, and none is asked for; add --speak OUT.wav",
                "run",
                MODEL,
                "-p",
                "x",
                "--voice",
                "Ethan");
        refused(
                2,
                "--no-stream: it changes speech, and none is asked for; add --speak OUT.wav",
                "run",
                MODEL,
                "-p",
                "x",
                "--no-stream");
        refused(
                2,
                "--speak -: it writes sound to standard output, where --json writes too; name a file",
                "run",
                MODEL,
                "-p",
                "x",
                "--speak",
                "-",
                "--json");
        refused(2, "steps: value=1; give 2 to 1000", "run", MODEL, "-p", "x", "--speak", wav, "--steps", "1");
        refused(
                1,
                "unknown voice: name=\"Nobody\", known=[\"Chelsie\", \"Ethan\"]; choose one of the known voices",
                "run",
                MODEL,
                "-p",
                "x",
                "--speak",
                wav,
                "--voice",
                "Nobody");
        refused(
                1,
                "--speak: file=" + folder + "; it is a folder, give the name of a file in it",
                "run",
                MODEL,
                "-p",
                "x",
                "--speak",
                folder.toString());
        Path none = folder.resolve("none");
        refused(
                1,
                "--speak: file=" + none.resolve("a.wav") + ", folder=" + none
                        + "; there is no such folder, make it or choose another",
                "run",
                MODEL,
                "-p",
                "x",
                "--speak",
                none.resolve("a.wav").toString());
        assertFalse(Files.exists(Path.of(wav)), "nothing was spoken");
    }

    @Test
    void aModelThatDoesNotSpeakStillWrites() {
        String model = TinyModels.QWEN2.path().toString();
        String wav = folder.resolve("a.wav").toString();
        assertEquals(1, runner.run("run", model, "-p", "x", "-n", "3", "--speak", wav));
        assertTrue(runner.err().startsWith("omni: "), runner.err());
        assertEquals(1, runner.err().lines().count(), runner.err());
        assertEquals(0, new CommandRunner().run("run", model, "-p", "x", "-n", "3"));
    }

    @Test
    void aBrokenFileOfVoicesIsNamedAndTextStillWorks() throws IOException {
        Path broken =
                CheckpointCopy.of(TinyModels.OMNI).withoutFile("spk_dict.pt").to(folder.resolve("broken"));
        Files.writeString(broken.resolve("spk_dict.pt"), "not a torch archive");
        String wav = folder.resolve("a.wav").toString();
        assertEquals(1, runner.run("run", broken.toString(), "-p", "x", "-n", "3", "--speak", wav));
        assertTrue(runner.err().contains("spk_dict.pt"), runner.err());
        assertEquals(1, runner.err().lines().count(), runner.err());
        assertEquals(0, new CommandRunner().run("run", broken.toString(), "-p", "x", "-n", "3"));
    }

    @Test
    void chatSpeaksIntoNumberedFiles() throws IOException {
        runner.input("/speak on " + folder + "\nHello!\n/voice Ethan\nHello!\n/speak off\nHello!\n/bye\n");
        assertEquals(0, runner.run("chat", MODEL, "--temperature", "0", "--steps", "2"), runner.err());
        assertTrue(frames(folder.resolve("answer-1.wav")) > 0);
        assertTrue(frames(folder.resolve("answer-2.wav")) > 0);
        assertFalse(Files.exists(folder.resolve("answer-3.wav")));
    }
}
