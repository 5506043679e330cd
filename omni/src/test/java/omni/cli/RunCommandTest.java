package omni.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import omni.Conversation;
import omni.GenerationOptions;
import omni.Omni;
import omni.Reply;
import omni.fixture.TinyModels;
import omni.loader.Json;
import omni.loader.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunCommandTest {
    private static final String MODEL = NanoModel.folder().toString();
    private static final String QUESTION = "What is three plus four?";

    private final CommandRunner runner = new CommandRunner();

    @Test
    void printsTheAnswerAndNothingElse() {
        assertEquals(0, runner.run("run", MODEL, "-p", QUESTION));
        assertEquals(reply(QUESTION, GenerationOptions.defaults()).text() + "\n", runner.out());
        assertEquals("", runner.err());
    }

    @Test
    void answersWhatIsPipedInLikeWhatIsTyped() {
        assertEquals(0, runner.run("run", MODEL, "-p", QUESTION, "--json"));
        List<Integer> ids = json(runner).getInts("prompt_ids");
        for (String[] args : new String[][] {{"run", MODEL, "--json"}, {"run", MODEL, "--json", "-p", "-"}}) {
            CommandRunner piped = new CommandRunner().input(QUESTION + "\n");
            assertEquals(0, piped.run(args), piped.err());
            assertEquals(ids, json(piped).getInts("prompt_ids"));
        }
    }

    @Test
    void printsOneObjectOfTheDocumentedShape() {
        assertEquals(0, runner.run("run", MODEL, "-p", QUESTION, "--temperature", "0", "--seed", "7", "--json"));
        Reply expected = reply(QUESTION, GenerationOptions.greedy());
        assertTrue(runner.out().endsWith("}\n"), runner.out());
        JsonObject json = json(runner);
        assertEquals(
                List.of("text", "token_ids", "prompt_ids", "prompt_tokens", "stop_reason", "seed", "timings"),
                List.copyOf(json.keys()));
        assertEquals(expected.text(), json.getString("text"));
        assertEquals(expected.tokenIds(), json.getInts("token_ids"));
        assertEquals(expected.promptIds(), json.getInts("prompt_ids"));
        assertEquals(expected.promptIds().size(), json.getInt("prompt_tokens"));
        assertEquals("eos", json.getString("stop_reason"));
        assertEquals(7, json.getLong("seed"));
        JsonObject timings = json.getObject("timings");
        assertEquals(
                List.of(
                        "load_s",
                        "encode_s",
                        "prefill_s",
                        "decode_s",
                        "talker_s",
                        "token2wav_s",
                        "first_text_s",
                        "first_audio_s",
                        "realtime_factor",
                        "prefill_tokens_per_s",
                        "decode_tokens_per_s",
                        "peak_rss_bytes"),
                List.copyOf(timings.keys()));
        for (String key : List.of("load_s", "prefill_s", "decode_s", "first_text_s", "prefill_tokens_per_s")) {
            assertTrue(timings.getDouble(key) > 0, key);
        }
        assertEquals("", runner.err());
    }

    @Test
    void repeatsAVariedAnswerWithItsSeed() {
        String[] args = {"run", MODEL, "-p", "Hello!", "--temperature", "5", "--top-k", "0", "-n", "20", "--json"};
        assertEquals(0, runner.run(args));
        JsonObject first = json(runner);
        CommandRunner again = new CommandRunner();
        String[] more = Arrays.copyOf(args, args.length + 2);
        more[args.length] = "--seed";
        more[args.length + 1] = Long.toString(first.getLong("seed"));
        assertEquals(0, again.run(more));
        assertEquals(first.getInts("token_ids"), json(again).getInts("token_ids"));
    }

    @Test
    void takesTheSystemPrompt() {
        assertEquals(0, runner.run("run", MODEL, "-p", QUESTION, "--system", "Be brief.", "-n", "1", "--json"));
        try (Omni omni = Omni.open(NanoModel.folder())) {
            int[] system = omni.tokenizer().encode("system\nBe brief.");
            List<Integer> prompt = json(runner).getInts("prompt_ids");
            assertEquals(Arrays.stream(system).boxed().toList(), prompt.subList(1, 1 + system.length));
        }
    }

    @Test
    void saysThatAnAnswerWasCut() {
        assertEquals(0, runner.run("run", TinyModels.QWEN2.path().toString(), "-p", "a", "--temp", "0", "-n", "3"));
        assertEquals(
                "omni: the answer was cut: tokens=3; raise --max-tokens or --ctx-size for a longer one\n",
                runner.err());
    }

    @Test
    void keepsWhatWasSaidWhenItIsInterrupted() {
        runner.interruptedBehind("");
        assertEquals(
                130, runner.run("run", TinyModels.QWEN2.path().toString(), "-p", "a", "--temp", "0", "-n", "30000"));
        assertTrue(runner.out().length() > 1, runner.out());
        assertTrue(runner.out().endsWith("\n"), runner.out());
        assertEquals("", runner.err());
        assertEquals(List.of(), runner.exits);
    }

    @Test
    void endsQuietlyWhenItsReaderHasEnough() {
        runner.outputClosedAfter(2);
        assertEquals(
                141, runner.run("run", TinyModels.QWEN2.path().toString(), "-p", "a", "--temp", "0", "-n", "30000"));
        assertEquals("", runner.err());
    }

    @Test
    void tellsThoseWhoWatchHowFastItWas() {
        assertEquals(0, runner.watched().run("run", MODEL, "-p", QUESTION));
        assertTrue(
                runner.err()
                        .matches("(?s).*prompt: [0-9]+ tokens, [0-9.]+/s · answer: [0-9]+ tokens, [0-9.]+/s · first"
                                + " text after [0-9.]+ s.*"),
                runner.err());
    }

    @Test
    void refusesAFolderThatIsNoModel(@TempDir Path folder) throws Exception {
        Path missing = folder.resolve("missing");
        assertEquals(1, runner.run("run", missing.toString(), "-p", "x"));
        assertEquals(
                "omni: model folder: path=" + missing
                        + "; no such folder, expected a folder with config.json, model.safetensors"
                        + " (or shards with their index) and tokenizer files\n",
                runner.err());
        CommandRunner file = new CommandRunner();
        Path text = Files.writeString(folder.resolve("file"), "x");
        assertEquals(1, file.run("run", text.toString(), "-p", "x"));
        assertTrue(file.err().startsWith("omni: model folder: path=" + text + "; "), file.err());
        assertEquals(1, file.err().lines().count());
    }

    @Test
    void refusesAPromptBeyondTheContext() {
        assertEquals(1, runner.run("run", MODEL, "-p", QUESTION, "-c", "10"));
        assertEquals(1, runner.err().lines().count(), runner.err());
        assertTrue(runner.err().startsWith("omni: "), runner.err());
        assertTrue(runner.err().contains("10"), runner.err());
        assertEquals("", runner.out());
    }

    @Test
    void printsAStackTraceOnlyWithDebug() {
        assertEquals(1, runner.run("run", "/no/such/model", "-p", "x"));
        assertFalse(runner.err().contains("\tat "), runner.err());
        CommandRunner debugged = new CommandRunner();
        assertEquals(1, debugged.run("run", "/no/such/model", "-p", "x", "--debug"));
        assertTrue(debugged.err().contains("\tat omni."), debugged.err());
    }

    private static Reply reply(String question, GenerationOptions options) {
        try (Omni omni = Omni.open(NanoModel.folder());
                Conversation conversation = omni.conversation()) {
            return conversation.ask(question, options);
        }
    }

    private static JsonObject json(CommandRunner runner) {
        return Json.parse("standard output", runner.out()).asObject();
    }
}
