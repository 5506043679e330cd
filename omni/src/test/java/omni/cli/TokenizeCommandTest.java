package omni.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import omni.loader.Json;
import omni.loader.JsonObject;
import omni.loader.Tokenizer;
import org.junit.jupiter.api.Test;

class TokenizeCommandTest {
    private static final String MODEL = NanoModel.folder().toString();
    private static final String TEXT = "Hello, \\ you\tthere!\n<|im_end|>";

    private final Tokenizer tokenizer = Tokenizer.load(NanoModel.folder());
    private final List<Integer> ids =
            Arrays.stream(tokenizer.encode(TEXT)).boxed().toList();
    private final CommandRunner runner = new CommandRunner();

    @Test
    void listsIdsAndTexts() {
        assertEquals(0, runner.run("tokenize", MODEL, "-p", TEXT));
        List<String> lines = runner.out().lines().toList();
        assertEquals(ids.size(), lines.size());
        assertEquals(
                ids,
                lines.stream()
                        .map(line -> Integer.parseInt(line.split("\t", 2)[0]))
                        .toList());
        assertTrue(runner.out().contains("\t\\\\\n"), runner.out());
        assertTrue(runner.out().contains("\t\\t\n"), runner.out());
        assertTrue(runner.out().endsWith("\t<|im_end|>\n"), runner.out());
    }

    @Test
    void printsIdsAndPiecesAsJson() {
        assertEquals(0, runner.input(TEXT).run("tokenize", MODEL, "--json"));
        JsonObject json = Json.parse("standard output", runner.out()).asObject();
        assertEquals(List.of("ids", "pieces"), List.copyOf(json.keys()));
        assertEquals(ids, json.getInts("ids"));
        assertEquals(
                ids.stream().map(tokenizer::piece).toList(),
                json.getArray("pieces").toStrings());
    }

    @Test
    void decodesIds() {
        String list = ids.stream().map(String::valueOf).collect(Collectors.joining(","));
        for (String written : List.of(list, "[" + list.replace(",", ", ") + "]", list.replace(',', ' '))) {
            CommandRunner each = new CommandRunner();
            assertEquals(0, each.run("tokenize", MODEL, "--decode", written), each.err());
            assertEquals(TEXT + "\n", each.out());
        }
        assertEquals(0, runner.run("tokenize", MODEL, "--json", "--decode", list));
        assertEquals(
                TEXT, Json.parse("standard output", runner.out()).asObject().getString("text"));
    }

    @Test
    void refusesWhatIsNoListOfIds() {
        assertUsage("--decode: value=two; give whole numbers with commas between them", "--decode", "1,two");
        assertUsage("--decode: value=; give whole numbers with commas between them", "--decode", "");
        assertUsage(
                "--decode: value=99999999999; give whole numbers with commas between them", "--decode", "99999999999");
        assertUsage("--decode: value=-1; an id is 0 or more", "--decode", "-1");
        assertUsage("-p and --decode contradict each other; give one of them", "--decode", "1", "-p", "x");
    }

    private static void assertUsage(String message, String... options) {
        CommandRunner each = new CommandRunner();
        String[] args = new String[2 + options.length];
        args[0] = "tokenize";
        args[1] = MODEL;
        System.arraycopy(options, 0, args, 2, options.length);
        assertEquals(2, each.run(args));
        assertEquals("omni: " + message + "\nTry: omni tokenize --help\n", each.err());
    }
}
