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
    void answersEverySampleAsTheReferenceDoesAndSpeaksSome() throws IOException {
        Path out = folder.resolve("a/b");
        assertEquals(0, runner.run("demo", "--out", out.toString()), runner.err());
        JsonObject expected = Json.readObject(NanoModel.folder().resolve("samples/expected.json"));
        List<JsonValue> cases = expected.getArray("cases").toValues();
        int spoken = 0;
        for (JsonValue value : cases) {
            JsonObject sample = value.asObject();
            String answer = sample.getString("text");
            String name = sample.getString("name");
            assertTrue(runner.out().contains("\n  " + answer + "\n  as the reference, "), runner.out());
            assertEquals(answer + "\n", Files.readString(out.resolve(name + ".txt")));
            assertEquals(sample.has("speech"), Files.exists(out.resolve(name + ".wav")), name);
            assertEquals(sample.has("speech"), Files.exists(out.resolve(name + ".png")), name);
            if (sample.has("speech")) {
                spoken++;
                long samples =
                        480L * sample.getObject("speech").getInts("codes").size();
                assertEquals(44 + 2 * samples, Files.size(out.resolve(name + ".wav")), name);
            }
        }
        assertTrue(spoken > 0);
        assertTrue(
                runner.out()
                        .contains("\n" + cases.size() + " of " + cases.size() + " answers are those of the reference, "
                                + spoken + " of them spoken.\n"),
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
        assertEquals(130, runner.run("demo", "--out", folder.toString()));
        assertFalse(runner.out().contains("answers are those of the reference"), runner.out());
        assertEquals(List.of(), runner.exits);
    }
}
