package omni.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import omni.draw.PngFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InspectCommandTest {
    private static final Path MODEL = NanoModel.folder();
    private static final Path SAMPLES = MODEL.resolve("samples");
    private static final String RELEASED = "rules of the released Qwen2.5-Omni; --model MODEL for those of another\n";

    @TempDir
    Path folder;

    private final CommandRunner runner = new CommandRunner();

    @Test
    void drawsASound() throws IOException {
        Path sound = SAMPLES.resolve("audio_sum_1.wav");
        assertEquals(0, inspect(sound));
        assertEquals(
                sound + ": sound, 1.99 s at 16000 Hz, 1 channel -> 199 frames of 10 ms, 1 block of 2 s, 50 tokens;"
                        + " wrote " + folder.resolve("audio_sum_1.wav.mel.png") + "\n",
                runner.out());
        assertEquals(RELEASED, runner.err());
        BufferedImage drawing =
                ImageIO.read(folder.resolve("audio_sum_1.wav.mel.png").toFile());
        // Four pixels a frame and the margins.
        assertEquals(199 * 4 + 190, drawing.getWidth());
    }

    @Test
    void drawsAPictureByTheRulesOfAModel() {
        Path picture = SAMPLES.resolve("image_2.png");
        assertEquals(0, inspect(picture, "--model", MODEL.toString()));
        assertEquals(
                picture + ": picture, 214x224 -> 224x224, 16x16 patches, 8x8 cells, 64 tokens; wrote "
                        + folder.resolve("image_2.png.patches.png") + "\n",
                runner.out());
        assertEquals("", runner.err());
    }

    @Test
    void drawsAClipAndItsSound() {
        Path clip = SAMPLES.resolve("video_with_sound");
        assertEquals(0, inspect(clip, "--model", MODEL.toString(), "--fps", "2"));
        assertEquals(
                clip + ": video, 8 frames at 2/s, 4.00 s, 109x104 -> 8 frames taken, 4 steps of 1 s, 112x112, 8x8"
                        + " patches, 4x4 cells, 4 x 16 = 64 tokens; its sound, 0.71 s at 16000 Hz, 1 channel -> 71 frames"
                        + " of 10 ms, 1 block of 2 s, 18 tokens; wrote " + folder.resolve("video_with_sound.frames.png")
                        + ", " + folder.resolve("video_with_sound.mel.png") + "\n",
                runner.out());
        CommandRunner second = new CommandRunner();
        assertEquals(
                0,
                second.run(
                        "inspect",
                        SAMPLES.resolve("video_1.gif").toString(),
                        "--out",
                        folder.toString(),
                        "--max-frames",
                        "4",
                        "--max-pixels",
                        "4000"));
        assertTrue(
                second.out()
                        .contains(
                                ": video, 6 frames at 2/s, 3.00 s, 115x126 -> 4 frames taken, 2 steps of 1 s, 56x56, "),
                second.out());
        assertTrue(second.out().contains("; no sound; wrote "), second.out());
    }

    @Test
    void replacesItsOwnDrawingsAndSaysSo() throws IOException {
        Path picture = SAMPLES.resolve("image_0.png");
        assertEquals(0, inspect(picture));
        Path drawing = folder.resolve("image_0.png.patches.png");
        byte[] first = Files.readAllBytes(drawing);
        assertEquals(0, inspect(picture));
        assertTrue(runner.out().endsWith("; wrote " + drawing + " (replaced)\n"), runner.out());
        assertArrayEquals(first, Files.readAllBytes(drawing), "the same input gives the same drawing");
    }

    @Test
    void leavesOtherFilesAlone() throws IOException {
        Path mine = Files.writeString(folder.resolve("image_0.png.patches.png"), "mine");
        assertEquals(1, inspect(SAMPLES.resolve("image_0.png")));
        assertEquals("mine", Files.readString(mine));
        assertEquals(
                RELEASED + "omni: inspect: file=" + mine
                        + "; it exists and is no drawing of omni's, move it or give another folder with --out\n",
                runner.err());
        assertEquals("", runner.out());
    }

    @Test
    void filesOfOneNameGetDrawingsOfTheirOwn() throws IOException {
        Path other = Files.createDirectory(folder.resolve("other")).resolve("image_0.png");
        Files.copy(SAMPLES.resolve("image_1.png"), other);
        assertEquals(0, inspect(SAMPLES.resolve("image_0.png"), other.toString()));
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(
                    List.of("image_0.png.2.patches.png", "image_0.png.patches.png", "other"),
                    files.map(f -> f.getFileName().toString()).sorted().toList());
        }
        assertTrue(PngFile.isDrawing(folder.resolve("image_0.png.2.patches.png")));
    }

    @Test
    void oneBadFileDoesNotKeepTheOthersFromBeingDrawn() throws IOException {
        Path bad = Files.writeString(folder.resolve("bad.png"), "This is text.\n");
        assertEquals(1, inspect(bad, SAMPLES.resolve("image_0.png").toString()));
        assertEquals(
                RELEASED + "omni: picture: file=" + bad + "; its content is no picture, whatever its name says\n",
                runner.err());
        assertEquals(1, runner.out().lines().count(), runner.out());
    }

    @Test
    void refusesWhatAModelCannotTake() throws IOException {
        Path deaf = Files.createDirectory(folder.resolve("deaf"));
        Files.writeString(
                deaf.resolve("config.json"),
                "{\"architectures\": [\"Qwen2ForCausalLM\"], \"model_type\": \"qwen2\", \"hidden_size\": 64,"
                        + " \"num_attention_heads\": 2, \"num_key_value_heads\": 1, \"intermediate_size\": 64,"
                        + " \"num_hidden_layers\": 1, \"vocab_size\": 100}");
        Path sound = SAMPLES.resolve("audio_sum_1.wav");
        Path picture = SAMPLES.resolve("image_0.png");
        assertEquals(1, inspect(sound, picture.toString(), "--model", deaf.toString()));
        assertEquals(
                "omni: inspect: file=" + sound + ", model=" + deaf + "; the model does not hear\n"
                        + "omni: inspect: file=" + picture + ", model=" + deaf + "; the model does not see\n",
                runner.err());
    }

    @Test
    void refusesValuesThatMakeNoSense() {
        assertEquals(2, runner.run("inspect", "x.png", "--fps", "0"));
        assertEquals(2, runner.run("inspect", "x.png", "--max-frames", "0"));
        assertEquals(2, runner.run("inspect", "x.png", "--min-pixels", "9000", "--max-pixels", "8000"));
        assertEquals(
                "omni: frames per second: value=0.0; give more than 0, at most 1000\nTry: omni inspect --help\n"
                        + "omni: max frames: value=0; give 1 or more\nTry: omni inspect --help\n"
                        + "omni: min pixels: value=9000, max pixels=8000; the least must not be more than the most\n"
                        + "Try: omni inspect --help\n",
                runner.err());
        CommandRunner none = new CommandRunner();
        assertEquals(2, none.run("inspect"));
        assertEquals("omni: missing argument: FILE\nTry: omni inspect --help\n", none.err());
    }

    private int inspect(Path file, String... more) {
        return runner.run(
                Stream.concat(Stream.of("inspect", file.toString(), "--out", folder.toString()), Stream.of(more))
                        .toArray(String[]::new));
    }
}
