package omni.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import omni.loader.Json;
import omni.loader.JsonObject;
import omni.loader.JsonValue;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every sample of the bundled checkpoint, typed, spoken, drawn or moving, gets the reference's answer from the command line. */
class SamplesTest {
    private static final Path MODEL = NanoModel.folder();
    private static final Path SAMPLES = MODEL.resolve("samples");

    @TestFactory
    Stream<DynamicTest> answersAsTheReferenceDoes() {
        List<JsonValue> cases = Json.readObject(SAMPLES.resolve("expected.json"))
                .getArray("cases")
                .toValues();
        assertTrue(!cases.isEmpty());
        return cases.stream()
                .map(JsonValue::asObject)
                .map(sample -> DynamicTest.dynamicTest(sample.getString("name"), () -> compare(sample)));
    }

    private static void compare(JsonObject sample) {
        CommandRunner runner = new CommandRunner();
        assertEquals(0, runner.run(arguments(sample)), runner.err());
        JsonObject reply = Json.parse("standard output", runner.out()).asObject();
        assertEquals(sample.getString("text"), reply.getString("text"));
        assertEquals(sample.getInts("token_ids"), reply.getInts("token_ids"));
        assertEquals(sample.getInts("prompt_ids"), reply.getInts("prompt_ids"));
    }

    private static String[] arguments(JsonObject sample) {
        List<String> out = new ArrayList<>(List.of("run", MODEL.toString(), "--temperature", "0", "--json"));
        if (sample.has("system")) {
            out.addAll(List.of("--system", sample.getString("system")));
        }
        for (JsonValue value : sample.getArray("content").toValues()) {
            JsonObject part = value.asObject();
            switch (part.getString("type")) {
                case "text" -> out.addAll(List.of("-p", part.getString("text")));
                case "image" -> out.addAll(List.of("--image", file(part.getString("file"))));
                case "audio" -> out.addAll(List.of("--audio", file(part.getString("file"))));
                case "video" -> {
                    out.addAll(List.of("--video", file(part.getString("frames"))));
                    out.addAll(List.of("--fps", Double.toString(part.getDouble("fps", 2))));
                    if (part.getBoolean("use_audio_in_video", false)) {
                        // Its sound lies beside the folder under the same name.
                        assertEquals(part.getString("frames") + ".wav", part.getString("audio"));
                        out.add("--audio-in-video");
                    }
                }
                default -> throw part.refuse("type", "known are text, image, audio, video");
            }
        }
        return out.toArray(String[]::new);
    }

    private static String file(String name) {
        return SAMPLES.resolve(name).toString();
    }
}
