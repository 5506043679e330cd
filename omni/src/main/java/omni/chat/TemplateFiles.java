package omni.chat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import omni.error.ModelFormatException;
import omni.loader.Json;
import omni.loader.JsonObject;
import omni.loader.JsonValue;

/**
 * Where a checkpoint keeps its template: {@code chat_template.jinja} as newer writers do, {@code chat_template.json} as those with a
 * processor did, or the key {@code chat_template} of {@code tokenizer_config.json}. The first one found counts.
 */
final class TemplateFiles {
    private static final String KEY = "chat_template";
    private static final long MAX_BYTES = 1 << 20;

    private TemplateFiles() {}

    static ChatTemplate read(Path folder) {
        Path jinja = folder.resolve("chat_template.jinja");
        if (Files.exists(jinja)) {
            return ChatTemplate.parse(text(jinja), jinja.toString());
        }
        for (String name : new String[] {"chat_template.json", "tokenizer_config.json"}) {
            Path file = folder.resolve(name);
            if (Files.exists(file)) {
                JsonObject object = Json.readObject(file);
                JsonValue value = object.find(KEY);
                if (value != null) {
                    return ChatTemplate.parse(value.isArray() ? named(value) : value.asString(), file.toString());
                }
            }
        }
        return ChatTemplate.released();
    }

    /** Of several templates the one that is called default, else the first. */
    private static String named(JsonValue list) {
        String first = null;
        for (JsonValue entry : list.asArray().toValues()) {
            JsonObject template = entry.asObject();
            if (template.getString("name", "").equals("default")) {
                return template.getString("template");
            }
            if (first == null) {
                first = template.getString("template");
            }
        }
        if (first == null) {
            throw list.refuse("expected at least one template");
        }
        return first;
    }

    private static String text(Path file) {
        try {
            long size = Files.size(file);
            if (size > MAX_BYTES) {
                throw new ModelFormatException("file too large: file=" + file + ", bytes=" + size + ", limit="
                        + MAX_BYTES + "; is it the right file?");
            }
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(Files.readAllBytes(file)))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new ModelFormatException("chat template: file=" + file + "; it is not UTF-8 text", e);
        } catch (IOException e) {
            throw new ModelFormatException("chat template: file=" + file + "; it cannot be read: " + e.getMessage(), e);
        }
    }
}
