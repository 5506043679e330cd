package omni.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Color;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import omni.Conversation;
import omni.GenerationOptions;
import omni.MediaOptions;
import omni.Omni;
import omni.Reply;
import omni.ReplyListener;
import omni.Request;
import omni.chat.Message;
import omni.chat.Part;
import omni.fixture.MediaFixtures;
import omni.fixture.TinyModels;
import omni.loader.Json;
import omni.loader.JsonArray;
import omni.loader.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MediaCommandTest {
    private static final String MODEL = NanoModel.folder().toString();
    private static final Path SAMPLES = NanoModel.folder().resolve("samples");

    @TempDir
    private Path folder;

    private final CommandRunner runner = new CommandRunner();

    private static Reply reply(MediaOptions media, Part... parts) {
        try (Omni omni = Omni.open(NanoModel.folder());
                Conversation conversation = omni.conversation()) {
            Request request =
                    Request.of(parts).withGeneration(GenerationOptions.greedy()).withMedia(media);
            return conversation.ask(request, ReplyListener.SILENT);
        }
    }

    private static JsonObject json(CommandRunner runner) {
        return Json.parse("standard output", runner.out()).asObject();
    }

    private int run(String... more) {
        List<String> arguments = new ArrayList<>(List.of("run", MODEL, "--temperature", "0", "--json"));
        arguments.addAll(Arrays.asList(more));
        return runner.run(arguments.toArray(String[]::new));
    }

    @Test
    void placesMediaBeforeTheTextInTheOrderOfTheCommandLine() {
        Path red = MediaFixtures.picture(folder.resolve("red.png"), 56, 84, Color.RED);
        Path tone = MediaFixtures.tone(folder.resolve("tone.wav"), 0.5, 400);
        Path clip = MediaFixtures.clip(folder.resolve("clip"), 2, 56, 56);
        Path blue = MediaFixtures.picture(folder.resolve("blue.png"), 84, 84, Color.BLUE);
        Reply expected = reply(
                MediaOptions.defaults(),
                Part.image(red),
                Part.audio(tone),
                Part.video(clip),
                Part.image(blue),
                Part.audio(tone),
                Part.text("What is it?"));
        assertEquals(
                0,
                run(
                        "--image",
                        red.toString(),
                        "-p",
                        "What is it?",
                        "--audio",
                        tone.toString(),
                        "--video",
                        clip.toString(),
                        "--image=" + blue,
                        "--audio",
                        tone.toString()),
                runner.err());
        JsonObject json = json(runner);
        assertEquals(expected.promptIds(), json.getInts("prompt_ids"));
        assertEquals(expected.tokenIds(), json.getInts("token_ids"));
        assertTrue(json.getObject("timings").getDouble("encode_s") > 0);
    }

    @Test
    void takesMediaWithoutAText() {
        Path question = SAMPLES.resolve("audio_sum_1.wav");
        Reply expected = reply(MediaOptions.defaults(), Part.audio(question));
        // What is piped in is the prompt only if it is asked for.
        runner.input("not read\n");
        assertEquals(0, run("--audio", question.toString()), runner.err());
        assertEquals(expected.promptIds(), json(runner).getInts("prompt_ids"));
        CommandRunner piped = new CommandRunner().input("What does the speaker say?\n");
        assertEquals(0, piped.run("run", MODEL, "--audio", question.toString(), "-p", "-", "--json"), piped.err());
        assertEquals(
                reply(MediaOptions.defaults(), Part.audio(question), Part.text("What does the speaker say?"))
                        .promptIds(),
                json(piped).getInts("prompt_ids"));
    }

    @Test
    void takesVideosAsTheOptionsSay() {
        String clip = SAMPLES.resolve("video_with_sound").toString();
        MediaOptions defaults = MediaOptions.defaults();
        Part video = Part.video(SAMPLES.resolve("video_with_sound"));
        Part text = Part.text("What do you see?");
        List<Integer> plain = reply(defaults, video, text).promptIds();
        assertNotEquals(
                plain, reply(defaults.withAudioInVideo(true), video, text).promptIds());
        compare(reply(defaults.withAudioInVideo(true), video, text), clip, "--audio-in-video");
        compare(reply(defaults.withAudioInVideo(true), video, text), clip, "--use-audio-in-video");
        compare(reply(defaults.withAudioInVideo(true).withFps(1), video, text), clip, "--audio-in-video", "--fps", "1");
        compare(reply(defaults.withMaxPixels(3200), video, text), clip, "--max-pixels", "3200");
        compare(reply(defaults.withMinPixels(30_000), video, text), clip, "--min-pixels", "30000");
        String gif = SAMPLES.resolve("video_1.gif").toString();
        Part film = Part.video(SAMPLES.resolve("video_1.gif"));
        compare(reply(defaults.withMaxFrames(4), film, text), gif, "--max-frames", "4");
    }

    private static void compare(Reply expected, String clip, String... options) {
        CommandRunner runner = new CommandRunner();
        List<String> arguments = new ArrayList<>(
                List.of("run", MODEL, "--temperature", "0", "--json", "-p", "What do you see?", "--video", clip));
        arguments.addAll(Arrays.asList(options));
        assertEquals(0, runner.run(arguments.toArray(String[]::new)), runner.err());
        assertEquals(expected.promptIds(), json(runner).getInts("prompt_ids"), arguments.toString());
        assertEquals(expected.tokenIds(), json(runner).getInts("token_ids"), arguments.toString());
    }

    @Test
    void refusesOptionsThatContradictEachOther() {
        assertUsage("--audio-in-video: videos=0; give one with --video", "--audio-in-video", "-p", "x");
        assertUsage(
                "min pixels: value=300, max pixels=200; the least must not be more than the most",
                "--image",
                "a.png",
                "--min-pixels",
                "300",
                "--max-pixels",
                "200");
        assertUsage("frames per second: value=-1.0; give more than 0, at most 1000", "--video", "a.mp4", "--fps", "-1");
        assertUsage("max frames: value=0; give 1 or more", "--video", "a.mp4", "--max-frames", "0");
        assertUsage("--max-pixels: value=many; give a whole number", "--image", "a.png", "--max-pixels", "many");
        assertUsage("--image: length=0; give the name of a file", "--image", "");
        assertUsage("option without its value: --audio FILE", "--audio");
    }

    private static void assertUsage(String message, String... more) {
        CommandRunner runner = new CommandRunner();
        List<String> arguments = new ArrayList<>(List.of("run", "m"));
        arguments.addAll(Arrays.asList(more));
        assertEquals(2, runner.run(arguments.toArray(String[]::new)), runner.err());
        assertEquals("omni: " + message + "\nTry: omni run --help\n", runner.err());
    }

    @Test
    void saysWhatIsWrongWithAMediumInOneLine() throws Exception {
        Path text = Files.writeString(folder.resolve("note.png"), "not a picture");
        Path missing = folder.resolve("missing.wav");
        Path image = MediaFixtures.picture(folder.resolve("a.png"), 56, 56, Color.RED);
        String qwen2 = TinyModels.QWEN2.path().toString();
        assertFailure("media: file=" + missing + "; no such file", MODEL, "--audio", missing.toString());
        assertFailure(
                "picture: file=" + text + "; its content is no picture, whatever its name says",
                MODEL,
                "--image",
                text.toString());
        assertFailure(
                "this model cannot see: architecture=Qwen2ForCausalLM, medium=" + image
                        + "; use a Qwen2.5-Omni or Qwen2.5-VL checkpoint",
                qwen2,
                "--image",
                image.toString());
        assertFailure(
                "this model cannot hear: architecture=Qwen2ForCausalLM, medium=" + missing
                        + "; use a Qwen2.5-Omni checkpoint",
                qwen2,
                "--audio",
                missing.toString());
        Path large = MediaFixtures.picture(folder.resolve("large.png"), 896, 896, Color.RED);
        int tokens = reply(MediaOptions.defaults(), Part.image(image), Part.image(large), Part.text("x"))
                .promptIds()
                .size();
        assertFailure(
                "prompt too long: tokens=" + tokens + ", context=500, media=[" + image + ": 4 tokens; " + large
                        + ": 1024 tokens]; give fewer, shorter or smaller media, or open the model with a larger"
                        + " context",
                MODEL,
                "-c",
                "500",
                "--image",
                image.toString(),
                "--image",
                large.toString());
    }

    private static void assertFailure(String message, String model, String... more) {
        CommandRunner runner = new CommandRunner();
        List<String> arguments = new ArrayList<>(List.of("run", model, "-p", "x"));
        arguments.addAll(Arrays.asList(more));
        assertEquals(1, runner.run(arguments.toArray(String[]::new)), runner.err());
        assertEquals("omni: " + message + "\n", runner.err());
        assertEquals("", runner.out());
    }

    @Test
    void showsPlaysAndRemembersInAConversation() throws Exception {
        Path saved = folder.resolve("talk.json");
        Path sound = SAMPLES.resolve("audio_sum_1.wav");
        Path image = SAMPLES.resolve("image_0.png");
        String input = "/audio " + sound + "\n\n/image " + image + "\nWhat is in the picture?\n/save " + saved + "\n";
        assertEquals(0, runner.input(input).run("chat", MODEL), runner.err());
        try (Omni omni = Omni.open(NanoModel.folder());
                Conversation whole =
                        omni.conversation(List.of(Message.user(Part.audio(sound)), Message.assistant("Zero.")))) {
            Reply second = whole.ask(
                    Request.of(Part.image(image), Part.text("What is in the picture?")), ReplyListener.SILENT);
            assertEquals("Zero.\n" + second.text() + "\n", runner.out());
        }
        JsonArray messages = Json.read(saved).asArray();
        assertEquals(4, messages.size());
        JsonObject heard = messages.get(0).asObject().getArray("content").get(0).asObject();
        assertEquals("audio", heard.getString("type"));
        assertEquals(sound.toString(), heard.getString("audio"));
        JsonArray seen = messages.get(2).asObject().getArray("content");
        assertEquals("image", seen.get(0).asObject().getString("type"));
        assertEquals("What is in the picture?", seen.get(1).asObject().getString("text"));
        assertEquals(
                "with the next turn: " + sound, runner.err().lines().toList().get(0));
    }

    @Test
    void beginsAConversationWithMediaOfTheCommandLine() {
        String image = SAMPLES.resolve("image_0.png").toString();
        assertEquals(0, runner.input("What is in the picture?\n").run("chat", MODEL, "--image", image), runner.err());
        assertEquals("A white star.\n", runner.out());
    }

    @Test
    void takesTheNameOfAFileWithQuotesAroundIt() {
        Path image = MediaFixtures.picture(folder.resolve("a picture.png"), 56, 56, Color.RED);
        for (String name : List.of("'" + image + "'", "\"" + image + "\"", " " + image + " ")) {
            CommandRunner each = new CommandRunner().input("/image " + name + "\n");
            assertEquals(0, each.run("chat", MODEL), each.err());
            assertEquals("with the next turn: " + image + "\n", each.err());
        }
    }

    @Test
    void complainsAboutFilesThatAreNotThereWhenTheyAreNamed() {
        String missing = folder.resolve("missing.wav").toString();
        assertEquals(1, runner.input("/audio " + missing + "\n").run("chat", MODEL));
        assertEquals("omni: /audio: file=" + missing + "; no such file\n", runner.err());
        CommandRunner nameless = new CommandRunner().input("/image\n");
        assertEquals(1, nameless.run("chat", MODEL));
        assertEquals("omni: /image: length=0; give the name of a file behind it\n", nameless.err());
    }
}
