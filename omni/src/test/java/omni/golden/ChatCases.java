package omni.golden;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import omni.chat.ChatTemplate;
import omni.chat.Message;
import omni.chat.Part;
import omni.loader.Json;
import omni.loader.JsonObject;
import omni.loader.JsonValue;

/** Conversations to prompts: text and ids, one placeholder per medium. */
final class ChatCases {
    private static final Set<String> OPTIONS = Set.of("add_vision_id", "add_audio_id");
    private static final Path NOWHERE = Path.of("x");

    private ChatCases() {}

    /**
     * Adds the cases of a list.
     *
     * @param cases receives them
     * @param group name of the group
     * @param list the list of conversations
     * @param model folder with template and tokenizer
     */
    static void add(List<GoldenCase> cases, String group, JsonObject list, Path model) {
        TokenizerFiles files = TokenizerFiles.in(model).get(0);
        Path templateFile = model.resolve("chat_template.json");
        ChatTemplate template =
                ChatTemplate.parse(Json.readObject(templateFile).getString("chat_template"), templateFile.toString());
        for (JsonValue each : list.getArray("cases").toValues()) {
            JsonObject row = each.asObject();
            cases.add(GoldenCase.of(group + "/chat_template/" + row.getString("name"), findings -> {
                String text = template.render(conversation(row), options(row));
                findings.equal("text", row.getString("text"), text);
                findings.equal(
                        "ids",
                        row.getInts("ids").toString(),
                        Arrays.toString(files.tokenizer().encode(text)));
            }));
        }
    }

    private static ChatTemplate.Options options(JsonObject row) {
        JsonObject options = row.getObject("options");
        if (!OPTIONS.containsAll(options.keys())) {
            throw row.refuse("options", "known are " + OPTIONS);
        }
        return new ChatTemplate.Options(
                row.getBoolean("add_generation_prompt"),
                options.getBoolean("add_vision_id", false),
                options.getBoolean("add_audio_id", false));
    }

    private static List<Message> conversation(JsonObject row) {
        List<Message> out = new ArrayList<>();
        for (JsonValue each : row.getArray("conversation").toValues()) {
            JsonObject turn = each.asObject();
            JsonValue content = turn.get("content");
            List<Part> parts = new ArrayList<>();
            if (content.isString()) {
                parts.add(new Part.Text(content.asString()));
            } else {
                content.asArray().toValues().forEach(part -> parts.add(part(part.asObject())));
            }
            out.add(new Message(turn.getString("role"), parts));
        }
        return out;
    }

    private static Part part(JsonObject part) {
        return switch (part.getString("type")) {
            case "text" -> new Part.Text(part.getString("text"));
            case "image", "image_url" -> new Part.Image(NOWHERE);
            case "audio" -> new Part.Audio(NOWHERE);
            case "video" -> new Part.Video(NOWHERE);
            default -> throw part.refuse("type", "known parts are text, image, image_url, audio, video");
        };
    }
}
