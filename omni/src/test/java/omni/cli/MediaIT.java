package omni.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.awt.Color;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import omni.cli.JarProcess.Result;
import omni.fixture.MediaFixtures;
import omni.fixture.Programs;
import omni.loader.Json;
import omni.loader.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Media as people have them, in one prompt and a small heap: half a minute of sound, a picture of three quarters of a megapixel, ten
 * seconds of video with sound. The model is the bundled one, or the one in {@code -Domni.fullsize=DIR}, whose memory is then compared
 * with the prediction.
 */
class MediaIT {
    private static final int TOKENS = 3;

    @TempDir
    private Path folder;

    @Test
    void takesASoundAPictureAndAClipInASmallHeap() throws Exception {
        assumeTrue(Programs.ffmpeg(), "ffmpeg and ffprobe are not on PATH; they make and read the clip");
        String full = System.getProperty("omni.fullsize");
        String model = full == null ? NanoModel.folder().toString() : full;
        Path sound = MediaFixtures.tone(folder.resolve("sound.wav"), 30, 440);
        Path picture = MediaFixtures.picture(folder.resolve("picture.png"), 1036, 728, Color.RED);
        Path clip = clip(folder.resolve("clip.mp4"));
        Result result = jar(
                "run",
                model,
                "--audio",
                sound.toString(),
                "--image",
                picture.toString(),
                "--video",
                clip.toString(),
                "--audio-in-video",
                "-p",
                "What do you hear and see?",
                "--temperature",
                "0",
                "-n",
                Integer.toString(TOKENS),
                "-c",
                "8192",
                "--json");
        assertEquals(0, result.code(), result.err());
        JsonObject reply = Json.parse("run", result.out()).asObject();
        int prompt = reply.getInt("prompt_tokens");
        // 750 of the sound, 962 of the picture, 250 of the clip's own sound.
        assertTrue(prompt > 750 + 962 + 250, "prompt=" + prompt);
        assertTrue(reply.getInts("token_ids").size() <= TOKENS);
        assertTrue(reply.getObject("timings").getDouble("encode_s") > 0);
        if (full != null) {
            compareMemory(full, prompt + TOKENS, reply.getObject("timings").getLong("peak_rss_bytes"));
        }
    }

    private static void compareMemory(String model, int positions, long peak) throws Exception {
        Result result = jar("show", model, "-c", Integer.toString(positions), "--json");
        assertEquals(0, result.code(), result.err());
        JsonObject memory = Json.parse("show", result.out()).asObject().getObject("memory");
        long predicted =
                memory.getLong("total_bytes") + memory.getLong("hearing_bytes") + memory.getLong("seeing_bytes");
        String figures = "peak=" + peak + ", predicted=" + predicted;
        System.out.println(model + ": " + figures);
        assertTrue(Math.abs(peak - predicted) <= 0.1 * predicted, figures);
    }

    private static Result jar(String... args) throws IOException, InterruptedException {
        List<String> command = JarProcess.command(List.of(), JarProcess.JAVA, List.of("-Xmx512m"), args);
        return JarProcess.start(Map.of(), command).type("").result();
    }

    private static Path clip(Path file) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        "ffmpeg",
                        "-v",
                        "error",
                        "-f",
                        "lavfi",
                        "-i",
                        "testsrc=size=320x240:rate=25:duration=10",
                        "-f",
                        "lavfi",
                        "-i",
                        "sine=frequency=300:duration=10",
                        "-c:v",
                        "mpeg4",
                        file.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(60, TimeUnit.SECONDS) && process.exitValue() == 0, said);
        return file;
    }
}
