package omni.golden;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import omni.cli.CommandRunner;
import omni.loader.ImageProcessorConfig;
import omni.loader.Json;
import omni.loader.JsonObject;
import omni.loader.JsonValue;
import omni.loader.PatchConfig;
import omni.loader.VideoProcessorConfig;
import omni.loader.VisionConfig;
import omni.thinker.GridThw;

/**
 * A prompt of one user turn, asked through the command line: media before the text, pictures and clips as files made of the stored
 * patches. Sounds are stored as features only, which no file can be made of.
 */
final class CommandLineCase {
    private static final Pattern SYSTEM =
            Pattern.compile("<\\|im_start\\|>system\n(.*?)<\\|im_end\\|>\n", Pattern.DOTALL);
    private static final Pattern USER =
            Pattern.compile("<\\|im_start\\|>user\n(?:<\\|\\w+\\|>)*(.*?)<\\|im_end\\|>\n", Pattern.DOTALL);

    private final TensorCase one;
    private final GoldenFolder.Model model;

    private CommandLineCase(TensorCase one, GoldenFolder.Model model) {
        this.one = one;
        this.model = model;
    }

    /** Whether a case of a manifest can be asked. */
    static boolean canAsk(JsonObject entry) {
        JsonObject info = entry.getObject("info");
        if (!info.has("conversation_shape") || entry.getObject("tensors").has("audio_features")) {
            return false;
        }
        List<JsonValue> turns = info.getArray("conversation_shape").toValues();
        String last = turns.get(turns.size() - 1)
                .asArray()
                .get(1)
                .asArray()
                .toStrings()
                .toString();
        boolean alone = turns.size() == 1
                || (turns.size() == 2
                        && turns.get(0).asArray().get(0).asString().equals("system"));
        return alone && last.matches("\\[((image|video), )*text]");
    }

    /** Asks, and compares the ids of prompt and answer. */
    static void run(TensorCase one, GoldenFolder.Model model) throws IOException {
        Path folder = Files.createTempDirectory("omni-golden");
        try {
            new CommandLineCase(one, model).run(folder);
        } finally {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    private void run(Path folder) throws IOException {
        int steps = Math.toIntExact(one.shape("tokens")[0]);
        String text = one.info().getString("text");
        List<String> arguments =
                new ArrayList<>(List.of("run", model.path().toString(), "--temperature", "0", "--json"));
        arguments.addAll(
                List.of("-n", Integer.toString(steps), "-p", first(USER, text), "--system", first(SYSTEM, text)));
        media(folder, arguments);
        CommandRunner runner = new CommandRunner();
        one.findings().equal("exit code", 0, runner.run(arguments.toArray(String[]::new)));
        one.findings().equal("messages", "", runner.err().replaceFirst("omni: the answer was cut: .*\n", ""));
        JsonObject reply = Json.parse("standard output", runner.out()).asObject();
        one.compare("input_ids", ints(reply, "prompt_ids"), reply.getInt("prompt_tokens"));
        one.compare("tokens", ints(reply, "token_ids"), steps);
    }

    private static String first(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        if (!matcher.find()) {
            throw new IllegalStateException("not found: pattern=" + pattern + ", text=" + text);
        }
        return matcher.group(1);
    }

    private static int[] ints(JsonObject reply, String key) {
        return reply.getInts(key).stream().mapToInt(i -> i).toArray();
    }

    private void media(Path folder, List<String> arguments) throws IOException {
        VisionConfig vision = model.config().vision();
        if (vision == null) {
            return;
        }
        List<GridThw> images = CaseMedia.grids(one.intsOrNone("image_grid_thw"));
        List<GridThw> clips = CaseMedia.grids(one.intsOrNone("video_grid_thw"));
        PatchConfig pictures = ImageProcessorConfig.read(model.path(), vision).patches();
        PatchConfig frames = VideoProcessorConfig.read(model.path(), vision).patches();
        PatchPictures storedImages = images.isEmpty() ? null : stored("pixel_values", pictures);
        PatchPictures storedClips = clips.isEmpty() ? null : stored("pixel_values_videos", frames);
        List<JsonValue> turns = one.info().getArray("conversation_shape").toValues();
        int image = 0;
        int clip = 0;
        for (String part :
                turns.get(turns.size() - 1).asArray().get(1).asArray().toStrings()) {
            if (part.equals("image") && storedImages != null) {
                Path file = storedImages.picture(images.get(image), folder.resolve("image" + image + ".png"));
                image++;
                arguments.addAll(List.of("--image", file.toString()));
            } else if (part.equals("video") && storedClips != null) {
                Path frameFolder = storedClips.clip(clips.get(clip), folder.resolve("clip" + clip));
                clip++;
                arguments.addAll(List.of("--video", frameFolder.toString()));
            }
        }
        if (image + clip > 0) {
            // The stored sizes are final: nothing is to be enlarged again.
            arguments.addAll(List.of("--min-pixels", "1"));
        }
        if (clip > 0 && !one.info().get("fps").isNull()) {
            arguments.addAll(List.of("--fps", Double.toString(one.info().getDouble("fps", 0))));
        }
    }

    private PatchPictures stored(String tensor, PatchConfig config) {
        return new PatchPictures(config, one.floats(tensor), Math.toIntExact(one.shape(tensor)[1]));
    }
}
