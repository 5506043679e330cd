package omni.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import omni.GenerationOptions;
import omni.MediaOptions;
import omni.Request;
import omni.SpeechOptions;
import omni.chat.Message;
import omni.chat.Part;
import omni.loader.JsonObject;
import omni.loader.JsonValue;
import org.jspecify.annotations.Nullable;

/**
 * A question of the bundled checkpoint's samples, and the reference's answer.
 *
 * @param name also of the files that are written
 * @param system the system prompt, null for the template's
 * @param description the question for a reader: typed words in quotation marks, files by name
 * @param request the question
 * @param answer of the reference
 * @param codes of the reference's greedy speech; empty if the answer is not spoken
 */
record DemoSample(
        String name, @Nullable String system, String description, Request request, String answer, List<Integer> codes) {
    /** The samples of a file {@code expected.json}; media are relative to its folder. */
    static List<DemoSample> read(JsonObject expected, Path folder) {
        List<DemoSample> samples = new ArrayList<>();
        for (JsonValue value : expected.getArray("cases").toValues()) {
            samples.add(read(value.asObject(), folder, samples.size()));
        }
        return samples;
    }

    private static DemoSample read(JsonObject sample, Path folder, int index) {
        List<Part> parts = new ArrayList<>();
        StringJoiner description = new StringJoiner(" + ");
        MediaOptions media = MediaOptions.defaults();
        for (JsonValue value : sample.getArray("content").toValues()) {
            JsonObject part = value.asObject();
            switch (part.getString("type")) {
                case "text" -> {
                    parts.add(Part.text(part.getString("text")));
                    description.add('"' + part.getString("text") + '"');
                }
                case "image" -> {
                    parts.add(Part.image(folder.resolve(part.getString("file"))));
                    description.add("picture " + part.getString("file"));
                }
                case "audio" -> {
                    parts.add(Part.audio(folder.resolve(part.getString("file"))));
                    description.add("sound " + part.getString("file")
                            + (sample.has("spoken") ? " (\"" + sample.getString("spoken") + "\")" : ""));
                }
                case "video" -> {
                    boolean heard = part.getBoolean("use_audio_in_video", false);
                    media = media.withFps(part.getDouble("fps", 2)).withAudioInVideo(heard);
                    parts.add(Part.video(folder.resolve(part.getString("frames"))));
                    description.add("clip " + part.getString("frames") + (heard ? " with its sound" : ""));
                }
                default -> throw part.refuse("type", "known are text, image, audio, video");
            }
        }
        JsonObject speech = sample.findObject("speech");
        Request request = Request.of(new Message("user", parts))
                .withGeneration(GenerationOptions.greedy().withSeed(index))
                .withMedia(media)
                .withSpeech(speech == null ? null : spoken(speech));
        return new DemoSample(
                sample.getString("name"),
                sample.has("system") ? sample.getString("system") : null,
                description.toString(),
                request,
                sample.getString("text"),
                speech == null ? List.of() : speech.getInts("codes"));
    }

    /** As the reference spoke it: greedy, by its voice. */
    private static SpeechOptions spoken(JsonObject speech) {
        return SpeechOptions.defaults()
                .withVoice(speech.getString("speaker"))
                .withTemperature(0)
                .withRepeatPenalty(speech.getDouble("repetition_penalty", 1))
                .withSteps(speech.getInt("num_steps", 10))
                .withGuidance(speech.getDouble("guidance_scale", 0.5));
    }
}
