package omni.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import omni.error.ModelFormatException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TemplateFilesTest {
    @TempDir
    private Path folder;

    private static String template(String system) {
        return "<|im_start|>system\\n" + system + "<|im_end|>";
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(folder.resolve(name), text);
    }

    private String systemPrompt() {
        return ChatTemplate.load(folder).defaultSystemPrompt();
    }

    @Test
    void looksInOneFileAfterTheOther() throws IOException {
        assertSame(ChatTemplate.released(), ChatTemplate.load(folder));
        write("tokenizer_config.json", "{\"model_max_length\": 1}");
        assertSame(ChatTemplate.released(), ChatTemplate.load(folder));
        write("tokenizer_config.json", "{\"chat_template\": \"" + template("a") + "\"}");
        assertEquals("a", systemPrompt());
        write("chat_template.json", "{\"chat_template\": null}");
        assertEquals("a", systemPrompt());
        write("chat_template.json", "{\"chat_template\": \"" + template("b") + "\"}");
        assertEquals("b", systemPrompt());
        write("chat_template.jinja", template("c").replace("\\n", "\n"));
        assertEquals("c", systemPrompt());
    }

    @Test
    void takesTheDefaultOfSeveralTemplates() throws IOException {
        String list = "{\"chat_template\": [{\"name\": \"tools\", \"template\": \"" + template("a")
                + "\"}, {\"name\": \"%s\"," + " \"template\": \"" + template("b") + "\"}]}";
        write("tokenizer_config.json", list.formatted("default"));
        assertEquals("b", systemPrompt());
        write("tokenizer_config.json", list.formatted("other"));
        assertEquals("a", systemPrompt());
    }

    @Test
    void shouldRefuseFilesThatHoldNoTemplate() throws IOException {
        write("tokenizer_config.json", "{\"chat_template\": []}");
        assertEquals(
                "json: file=" + folder.resolve("tokenizer_config.json")
                        + ", key=chat_template, found=[]; expected at least one template",
                assertThrows(ModelFormatException.class, this::systemPrompt).getMessage());
        write("chat_template.json", "{\"chat_template\": 3}");
        assertThrows(ModelFormatException.class, this::systemPrompt);
        Files.write(folder.resolve("chat_template.jinja"), new byte[] {'a', (byte) 0xff});
        assertEquals(
                "chat template: file=" + folder.resolve("chat_template.jinja") + "; it is not UTF-8 text",
                assertThrows(ModelFormatException.class, this::systemPrompt).getMessage());
        Files.write(folder.resolve("chat_template.jinja"), new byte[(1 << 20) + 1]);
        assertEquals(
                "file too large: file=" + folder.resolve("chat_template.jinja")
                        + ", bytes=1048577, limit=1048576; is it the right file?",
                assertThrows(ModelFormatException.class, this::systemPrompt).getMessage());
    }
}
