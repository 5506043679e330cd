package omni;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import omni.engine.ElementType;
import omni.error.ModelFormatException;
import omni.error.RequestException;
import omni.fixture.CheckpointCopy;
import omni.fixture.Thrown;
import omni.fixture.TinyModels;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OmniTest {
    @TempDir
    private Path temp;

    @Test
    void describesAllPartsOfACheckpointInTheOrderOfTheData() {
        ModelInfo info = Omni.describe(TinyModels.OMNI.path(), OpenOptions.defaults());
        assertEquals("Qwen2_5OmniModel", info.architecture());
        assertEquals(
                "audio encoder, vision encoder, language model, talker, token2wav dit, token2wav bigvgan",
                info.modules().stream().map(ModelInfo.Module::name).collect(Collectors.joining(", ")));
        assertEquals(3, info.layers());
        assertEquals(128, info.hiddenSize());
        assertEquals(1280, info.vocabularySize());
        assertEquals(32_768, info.contextLength());
        assertEquals(32_768, info.maxContextLength());
        ModelInfo.Module text = info.modules().get(2);
        // Per layer: q, o, k, v, their three biases, two norms, gate, up, down; then embedding, head and the last norm.
        long layer = 2 * 128 * 128 + 2 * 64 * 128 + 128 + 2 * 64 + 2 * 128 + 3 * 192 * 128;
        assertEquals(3 * layer + 2 * 1280 * 128 + 128, text.parameters());
        assertEquals(Map.of(ElementType.BF16, text.parameters()), text.parametersByType());
        assertEquals(2 * text.parameters(), text.bytes());
        assertEquals(info.modules().stream().mapToLong(ModelInfo.Module::bytes).sum(), info.bytes());
    }

    @Test
    void describesWhatItWouldOpen() {
        OpenOptions options = OpenOptions.defaults().withThreads(2).withContextLength(100);
        try (Omni omni = Omni.open(TinyModels.QWEN2.path(), options)) {
            assertEquals(Omni.describe(TinyModels.QWEN2.path(), options), omni.info());
            assertEquals(100, omni.info().contextLength());
            assertEquals(2, omni.threads());
            assertTrue(omni.loadSeconds() > 0);
            assertEquals("You are a helpful assistant.", omni.defaultSystemPrompt());
        }
    }

    @Test
    void predictsMemoryPartByPart() {
        ModelInfo untied = Omni.describe(TinyModels.OMNI.path(), OpenOptions.defaults());
        long text = untied.modules().get(2).bytes();
        long table = 1280L * 128 * 2;
        assertEquals(text - table, untied.memory(0).weights());
        assertEquals(text, untied.memory(32_768).weights());
        // Three layers of keys and values, 2 heads of size 32, in whole pages of 128 positions.
        assertEquals(0, untied.memory(0).kvCache());
        assertEquals(3L * 2 * 2 * 32 * 4 * 128, untied.memory(1).kvCache());
        assertEquals(3L * 2 * 2 * 32 * 4 * 256, untied.memory(129).kvCache());
        assertEquals(
                untied.memory(0).total() - untied.memory(0).weights(),
                untied.memory(0).workspace()
                        + untied.memory(0).tokenizer()
                        + untied.memory(0).runtime());

        ModelInfo tied = Omni.describe(TinyModels.QWEN2.path(), OpenOptions.defaults());
        assertEquals(tied.bytes(), tied.memory(0).weights());
    }

    @Test
    void opensCheckpointsOfEveryArchitecture() {
        for (TinyModels model : TinyModels.values()) {
            try (Omni omni = Omni.open(model.path());
                    Conversation conversation = omni.conversation()) {
                assertEquals(
                        3,
                        conversation
                                .ask("Hello", GenerationOptions.greedy().withMaxTokens(3))
                                .tokenIds()
                                .size(),
                        model.name());
            }
        }
    }

    @Test
    void leavesNoThreadBehind() {
        Set<Thread> before = Thread.getAllStackTraces().keySet();
        for (int i = 0; i < 3; i++) {
            try (Omni omni =
                    Omni.open(TinyModels.QWEN2.path(), OpenOptions.defaults().withThreads(3))) {
                omni.conversation().ask("Hello", GenerationOptions.greedy().withMaxTokens(2));
            }
        }
        Set<String> left = Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> !before.contains(thread))
                .map(Thread::getName)
                .filter(name -> name.startsWith("omni"))
                .collect(Collectors.toSet());
        assertEquals(Set.of(), left);
    }

    @Test
    void shouldRefuseAMissingFolder() {
        Path nowhere = temp.resolve("nowhere");
        String message = Thrown.message(ModelFormatException.class, () -> Omni.open(nowhere));
        assertTrue(message.startsWith("model folder: path=" + nowhere + "; no such folder"), message);
    }

    @Test
    void shouldRefuseAContextThatTheModelWasNotMadeFor() {
        OpenOptions options = OpenOptions.defaults().withContextLength(4097);
        String message = "context too large: positions=4097, model's limit=4096; ask for at most that many";
        assertEquals(
                message,
                assertThrows(RequestException.class, () -> Omni.open(TinyModels.QWEN2.path(), options))
                        .getMessage());
        assertEquals(
                message,
                assertThrows(RequestException.class, () -> Omni.describe(TinyModels.QWEN2.path(), options))
                        .getMessage());
    }

    @Test
    void shouldRefuseAModelThatDoesNotFitIntoMemory() {
        String message = Thrown.message(
                RequestException.class,
                () -> Omni.open(TinyModels.QWEN2.path(), OpenOptions.defaults().withMemoryLimit(1_000_000)));
        assertTrue(message.startsWith("not enough memory: positions=0, needed="), message);
    }

    @Test
    void shouldRefuseATemplateThatIsNotChatMl() {
        Path model = CheckpointCopy.of(TinyModels.QWEN2)
                .edited("chat_template.json", json -> "{\"chat_template\": \"[INST]\"}")
                .to(temp);
        assertEquals(
                "chat template: source=" + temp.resolve("chat_template.json")
                        + ", marks=<|im_start|> and <|im_end|> not found; omni supports checkpoints whose template is"
                        + " ChatML",
                assertThrows(ModelFormatException.class, () -> Omni.open(model)).getMessage());
    }

    @Test
    void shouldRefuseOptionsThatMakeNoSense() {
        OpenOptions defaults = OpenOptions.defaults();
        assertEquals(
                "threads: value=-1; give 1 or more, or 0 for one per processor",
                assertThrows(RequestException.class, () -> defaults.withThreads(-1))
                        .getMessage());
        assertEquals(
                "context: value=-1; give the number of positions, or 0 for the model's own",
                assertThrows(RequestException.class, () -> defaults.withContextLength(-1))
                        .getMessage());
        assertEquals(
                "memory limit: bytes=-1; give a positive number of bytes",
                assertThrows(RequestException.class, () -> defaults.withMemoryLimit(-1))
                        .getMessage());
    }
}
