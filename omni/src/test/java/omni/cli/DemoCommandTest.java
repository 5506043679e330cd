package omni.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import omni.loader.Json;
import omni.loader.JsonObject;
import omni.loader.JsonValue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoCommandTest {
    @TempDir
    private Path folder;

    private final CommandRunner runner = new CommandRunner();

    @Test
    void answersTheTypedSamplesAsTheReferenceDoes() throws IOException {
        Path out = folder.resolve("a/b");
        assertEquals(0, runner.run("demo", "--out", out.toString()), runner.err());
        int typed = 0;
        JsonObject expected = Json.readObject(NanoModel.folder().resolve("samples/expected.json"));
        for (JsonValue value : expected.getArray("cases").toValues()) {
            JsonObject sample = value.asObject();
            List<JsonValue> content = sample.getArray("content").toValues();
            JsonObject part = content.get(0).asObject();
            if (content.size() == 1 && part.getString("type").equals("text")) {
                typed++;
                String answer = sample.getString("text");
                assertTrue(
                        runner.out()
                                .contains("> " + part.getString("text") + "\n  " + answer + "\n  as the reference, "),
                        runner.out());
                assertEquals(answer + "\n", Files.readString(out.resolve(sample.getString("name") + ".txt")));
            }
        }
        assertTrue(typed > 0);
        assertTrue(
                runner.out().contains("\n" + typed + " of " + typed + " answers are those of the reference.\n"),
                runner.out());
        assertTrue(runner.out().startsWith("This is a very small model ("), runner.out());
        assertTrue(runner.out().contains("It is no assistant."), runner.out());
        assertTrue(runner.out().contains("java -jar omni.jar run "), runner.out());
    }

    @Test
    void refusesAnOutputFolderThatCannotBeMade() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "x");
        assertEquals(1, runner.run("demo", "--out", file.toString()));
        assertTrue(runner.err().startsWith("omni: --out: folder=" + file + "; it cannot be made: "), runner.err());
    }

    @Test
    void unpacksTheModelAndRemovesIt() throws IOException {
        Path unpacked;
        try (BundledModel model = BundledModel.unpack()) {
            unpacked = model.folder();
            try (Stream<Path> files = Files.walk(NanoModel.folder())) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    Path copy =
                            unpacked.resolve(NanoModel.folder().relativize(file).toString());
                    assertEquals(-1, Files.mismatch(file, copy), file.toString());
                }
            }
        }
        assertTrue(Files.notExists(unpacked));
    }

    @Test
    void stopsWhenItIsInterrupted() {
        runner.interruptedBehind("\n> ");
        assertEquals(130, runner.run("demo"));
        assertFalse(runner.out().contains("answers are those of the reference"), runner.out());
        assertEquals(List.of(), runner.exits);
    }
}
