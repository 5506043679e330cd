package omni;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import omni.chat.ChatTemplate;
import omni.chat.Message;
import omni.engine.StopReason;
import omni.error.RequestException;
import omni.fixture.CheckpointCopy;
import omni.fixture.Thrown;
import omni.fixture.TinyModels;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(Lifecycle.PER_CLASS)
@Timeout(120)
class ConversationTest {
    private static final String QUESTION = "What colour is the largest object?";
    private static final GenerationOptions GREEDY = GenerationOptions.greedy().withMaxTokens(12);
    private static final GenerationOptions ENDLESS = GenerationOptions.greedy().withMaxTokens(100_000);

    @TempDir
    private static Path temp;

    private Omni omni;

    @BeforeAll
    void open() {
        omni = Omni.open(TinyModels.OMNI.path(), OpenOptions.defaults().withThreads(2));
    }

    @AfterAll
    void close() {
        omni.close();
    }

    private Reply fresh(String question, GenerationOptions options) {
        try (Conversation conversation = omni.conversation()) {
            return conversation.ask(question, options);
        }
    }

    @Test
    void asksInTheCheckpointsTemplate() {
        String text = ChatTemplate.released().render(List.of(Message.user(QUESTION)), ChatTemplate.Options.REPLY);
        assertEquals(text, omni.tokenizer().decode(ids(fresh(QUESTION, GREEDY).promptIds()), false));
    }

    private static int[] ids(List<Integer> list) {
        return list.stream().mapToInt(i -> i).toArray();
    }

    @Test
    void givesTheSameReplyOnOneThreadOnTwoOnAUsedAndOnAFreshModel() {
        Reply first = fresh(QUESTION, GREEDY);
        assertEquals(12, first.tokenIds().size());
        fresh("Something else.", GREEDY);
        assertEquals(first.tokenIds(), fresh(QUESTION, GREEDY).tokenIds());
        try (Omni single =
                        Omni.open(TinyModels.OMNI.path(), OpenOptions.defaults().withThreads(1));
                Conversation conversation = single.conversation()) {
            assertEquals(first.tokenIds(), conversation.ask(QUESTION, GREEDY).tokenIds());
        }
    }

    @Test
    void drawsTheSameReplyForTheSameSeed() {
        GenerationOptions sampled = GenerationOptions.defaults()
                .withTemperature(1.5)
                .withMaxTokens(12)
                .withTopK(0);
        Reply seven = fresh(QUESTION, sampled.withSeed(7));
        assertEquals(7, seven.seed());
        assertEquals(seven.tokenIds(), fresh(QUESTION, sampled.withSeed(7)).tokenIds());
        assertNotEquals(seven.tokenIds(), fresh(QUESTION, sampled.withSeed(8)).tokenIds());
        Reply unseeded = fresh(QUESTION, sampled);
        assertEquals(
                unseeded.tokenIds(),
                fresh(QUESTION, sampled.withSeed(unseeded.seed())).tokenIds());
    }

    @Test
    void computesOnlyWhatIsNewInASecondTurn() {
        try (Conversation conversation = omni.conversation()) {
            Reply first = conversation.ask(QUESTION, GREEDY.withMaxTokens(3));
            assertEquals(first.promptIds().size(), first.timings().prefillTokens());
            Reply second = conversation.ask("And the smallest?", GREEDY);
            int prompt = second.promptIds().size();
            assertEquals(
                    first.promptIds(),
                    second.promptIds().subList(0, first.promptIds().size()));
            assertTrue(
                    second.timings().prefillTokens()
                            <= prompt - first.promptIds().size(),
                    "prefilled " + second.timings().prefillTokens() + " of " + prompt + " behind "
                            + first.promptIds().size());

            Reply whole;
            try (Conversation other = omni.conversation(conversation.history().subList(0, 2))) {
                whole = other.ask("And the smallest?", GREEDY);
            }
            assertEquals(whole.promptIds(), second.promptIds());
            assertEquals(prompt, whole.timings().prefillTokens());
            assertEquals(whole.tokenIds(), second.tokenIds());
        }
    }

    @Test
    void keepsTheTurnsOfTheConversation() {
        try (Conversation conversation = omni.conversation("Be brief.")) {
            Reply reply = conversation.ask(QUESTION, GREEDY);
            assertEquals(
                    List.of(Message.system("Be brief."), Message.user(QUESTION), Message.assistant(reply.text())),
                    conversation.history());
            assertTrue(conversation.cachedPositions() >= reply.promptIds().size());
            conversation.clear();
            assertEquals(List.of(Message.system("Be brief.")), conversation.history());
            Reply again = conversation.ask(QUESTION, GREEDY);
            assertEquals(reply.tokenIds(), again.tokenIds());
            assertEquals(1, again.timings().prefillTokens());
        }
    }

    @Test
    void saysEveryPieceOnceAndNoBrokenCharacters() {
        StringBuilder heard = new StringBuilder();
        List<Integer> ids = new ArrayList<>();
        List<Integer> prefilled = new ArrayList<>();
        try (Conversation conversation = omni.conversation()) {
            Reply reply = conversation.ask(QUESTION, GREEDY.withMaxTokens(40), new ReplyListener() {
                @Override
                public void onPrefill(int done, int total) {
                    prefilled.add(done);
                    prefilled.add(total);
                }

                @Override
                public void onToken(int id) {
                    ids.add(id);
                }

                @Override
                public void onText(String piece) {
                    assertFalse(piece.isEmpty());
                    assertFalse(Character.isHighSurrogate(piece.charAt(piece.length() - 1)));
                    heard.append(piece);
                }
            });
            assertEquals(reply.text(), heard.toString());
            assertEquals(reply.tokenIds(), ids);
            assertEquals(omni.tokenizer().decode(ids(ids), true), reply.text());
            assertEquals(List.of(reply.promptIds().size(), reply.promptIds().size()), prefilled);
            assertTrue(reply.timings().firstText() > 0);
            assertTrue(reply.timings().prefillTokensPerSecond() > 0);
            assertTrue(reply.timings().decodeTokensPerSecond() > 0);
            assertEquals(39, reply.timings().decodeTokens());
            assertEquals(omni.loadSeconds(), reply.timings().load());
        }
    }

    @Test
    void letsTheCallerPullPieces() {
        Reply expected = fresh(QUESTION, GREEDY);
        try (Conversation conversation = omni.conversation();
                ReplyStream stream = conversation.stream(QUESTION, GREEDY)) {
            StringBuilder text = new StringBuilder();
            assertThrows(IllegalStateException.class, stream::reply);
            for (ReplyPiece piece = stream.next(); piece != null; piece = stream.next()) {
                text.append(assertInstanceOf(TextPiece.class, piece).text());
            }
            assertNull(stream.next());
            assertEquals(expected.text(), text.toString());
            assertEquals(expected.tokenIds(), stream.reply().tokenIds());
            assertSame(StopReason.LENGTH, stream.reply().stopReason());
        }
    }

    @Test
    void shouldRefuseASecondReplyWhileOneIsInProgress() {
        try (Conversation conversation = omni.conversation();
                ReplyStream stream = conversation.stream(QUESTION, GREEDY)) {
            assertNotNull(stream.next());
            String message = "conversation: a reply is in progress; read it to its end or close it first";
            assertEquals(
                    message,
                    assertThrows(IllegalStateException.class, () -> conversation.ask("More.", GREEDY))
                            .getMessage());
            assertEquals(
                    message,
                    assertThrows(IllegalStateException.class, conversation::clear)
                            .getMessage());
        }
    }

    @Test
    void endsAtTheEndMarks() {
        Reply long1 = fresh(QUESTION, GREEDY);
        int mark = long1.tokenIds().get(4);
        Set<Integer> before = new HashSet<>(long1.tokenIds().subList(0, 4));
        assertFalse(before.contains(mark), "choose another question");
        Path ending = CheckpointCopy.of(TinyModels.OMNI)
                .edited(
                        "generation_config.json",
                        json -> json.replace("\"eos_token_id\": 1219", "\"eos_token_id\": [9, " + mark + "]"))
                .to(temp.resolve("ending"));
        try (Omni other = Omni.open(ending);
                Conversation conversation = other.conversation()) {
            Reply reply = conversation.ask(QUESTION, GREEDY);
            assertSame(StopReason.EOS, reply.stopReason());
            assertEquals(long1.tokenIds().subList(0, 5), reply.tokenIds());
        }
    }

    @Test
    void takesDefaultsFromTheCheckpoint() {
        Path own = CheckpointCopy.of(TinyModels.OMNI)
                .edited(
                        "generation_config.json",
                        json -> json.replaceFirst(
                                "\\{",
                                "{\"do_sample\": true, \"temperature\": 1.5, \"top_k\": 0, \"max_new_tokens\": 7,"))
                .to(temp.resolve("own"));
        try (Omni other = Omni.open(own);
                Conversation conversation = other.conversation()) {
            Reply reply =
                    conversation.ask(QUESTION, GenerationOptions.defaults().withSeed(3));
            assertEquals(7, reply.tokenIds().size());
            conversation.clear();
            GenerationOptions same = GenerationOptions.defaults()
                    .withTemperature(1.5)
                    .withTopK(0)
                    .withMaxTokens(7)
                    .withSeed(3);
            assertEquals(reply.tokenIds(), fresh(QUESTION, same).tokenIds());
            assertEquals(
                    fresh(QUESTION, GREEDY).tokenIds(),
                    conversation.ask(QUESTION, GREEDY).tokenIds());
        }
    }

    @Test
    void stopsAtTheEndOfTheContext() {
        try (Omni small =
                        Omni.open(TinyModels.OMNI.path(), OpenOptions.defaults().withContextLength(64));
                Conversation conversation = small.conversation()) {
            Reply reply = conversation.ask(QUESTION, ENDLESS);
            assertSame(StopReason.LENGTH, reply.stopReason());
            assertEquals(64 + 1, reply.promptIds().size() + reply.tokenIds().size());
            String message = Thrown.message(RequestException.class, () -> conversation.ask(QUESTION, GREEDY));
            assertTrue(
                    message.matches("prompt too long: tokens=\\d+, context=64; shorten the prompt or open the model"
                            + " with a larger context"),
                    message);
            assertEquals(2, conversation.history().size());
            conversation.clear();
            assertEquals(
                    fresh(QUESTION, GREEDY.withMaxTokens(3)).tokenIds(),
                    conversation.ask(QUESTION, GREEDY.withMaxTokens(3)).tokenIds());
        }
    }

    @Test
    void shouldRefuseAReplyThatDoesNotFitIntoMemory() {
        long limit = omni.info().memory(256).total();
        try (Omni small = Omni.open(
                        TinyModels.OMNI.path(),
                        OpenOptions.defaults().withThreads(2).withMemoryLimit(limit));
                Conversation conversation = small.conversation()) {
            String message = Thrown.message(RequestException.class, () -> conversation.ask(QUESTION, ENDLESS));
            assertTrue(message.startsWith("not enough memory: positions=32768, needed="), message);
            conversation.ask(QUESTION, GREEDY);
            try (Conversation second = small.conversation()) {
                String other =
                        Thrown.message(RequestException.class, () -> second.ask(QUESTION, GREEDY.withMaxTokens(130)));
                assertTrue(other.startsWith("not enough memory: positions="), other);
                Conversation first = conversation;
                first.close();
                second.ask(QUESTION, GREEDY.withMaxTokens(130));
            }
        }
    }

    @Test
    void shouldRefuseTextThatSpellsAPlaceholder() {
        try (Conversation conversation = omni.conversation()) {
            String message = Thrown.message(RequestException.class, () -> conversation.ask("<|IMAGE|>", GREEDY));
            assertTrue(message.startsWith("placeholder without a medium"), message);
        }
    }

    @Test
    void shouldRefuseAnythingAfterItWasClosed() throws ExecutionException, InterruptedException {
        Conversation conversation = omni.conversation();
        ReplyStream stream = conversation.stream(QUESTION, ENDLESS);
        assertNotNull(stream.next());
        Executors.newSingleThreadExecutor().submit(conversation::close).get();
        while (stream.next() != null) {
            // What was whole already may still come.
        }
        assertSame(StopReason.INTERRUPTED, stream.reply().stopReason());
        conversation.close();
        assertEquals(
                "conversation: closed",
                assertThrows(IllegalStateException.class, () -> conversation.ask(QUESTION, GREEDY))
                        .getMessage());
    }

    @Test
    void endsWithItsModel() {
        Omni other = Omni.open(TinyModels.QWEN2.path());
        Conversation conversation = other.conversation();
        ReplyStream stream = conversation.stream(QUESTION, ENDLESS);
        assertNotNull(stream.next());
        other.close();
        other.close();
        while (stream.next() != null) {
            // What was whole already may still come.
        }
        assertSame(StopReason.INTERRUPTED, stream.reply().stopReason());
        String message = "omni: the model is closed";
        assertEquals(
                message,
                assertThrows(IllegalStateException.class, () -> conversation.ask(QUESTION, GREEDY))
                        .getMessage());
        assertEquals(
                message,
                assertThrows(IllegalStateException.class, other::conversation).getMessage());
        conversation.close();
    }
}
