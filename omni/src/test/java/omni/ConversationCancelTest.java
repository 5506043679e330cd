package omni;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import omni.chat.Message;
import omni.engine.StopReason;
import omni.fixture.TinyModels;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;

@TestInstance(Lifecycle.PER_CLASS)
@Timeout(120)
class ConversationCancelTest {
    private static final String QUESTION = "What colour is the largest object?";
    private static final GenerationOptions GREEDY = GenerationOptions.greedy().withMaxTokens(12);
    private static final GenerationOptions ENDLESS = GenerationOptions.greedy().withMaxTokens(100_000);

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
    void keepsWhatAClosedStreamHasSaid() {
        try (Conversation conversation = omni.conversation()) {
            ReplyStream stream = conversation.stream(QUESTION, GREEDY);
            assertNotNull(stream.next());
            stream.close();
            stream.close();
            assertSame(StopReason.INTERRUPTED, stream.reply().stopReason());
            assertEquals(
                    List.of(
                            Message.user(QUESTION),
                            Message.assistant(stream.reply().text())),
                    conversation.history());
            assertNull(stream.next());
        }
    }

    @Test
    void takesATurnBackThatWasCancelledBeforeItsFirstToken() {
        try (Conversation conversation = omni.conversation()) {
            conversation.stream(QUESTION, GREEDY).close();
            assertEquals(List.of(), conversation.history());
            assertEquals(
                    fresh(QUESTION, GREEDY).tokenIds(),
                    conversation.ask(QUESTION, GREEDY).tokenIds());
        }
    }

    @Test
    void endsWithinOneStepWhenCancelledByAnotherThread() throws Exception {
        ExecutorService other = Executors.newSingleThreadExecutor();
        try (Conversation conversation = omni.conversation()) {
            Reply expected = fresh("Go on.", GREEDY);
            CountDownLatch said = new CountDownLatch(5);
            Future<?> cancelled = other.submit(() -> {
                said.await();
                conversation.cancel();
                return null;
            });
            Reply reply = conversation.ask(QUESTION, ENDLESS, new ReplyListener() {
                @Override
                public void onToken(int id) {
                    said.countDown();
                }
            });
            cancelled.get(10, TimeUnit.SECONDS);
            assertSame(StopReason.INTERRUPTED, reply.stopReason());
            assertTrue(reply.tokenIds().size() >= 5);
            assertEquals(2, conversation.history().size());
            conversation.clear();
            assertEquals(expected.tokenIds(), conversation.ask("Go on.", GREEDY).tokenIds());
        } finally {
            other.shutdownNow();
        }
    }

    @Test
    void endsBetweenTheChunksOfALongPromptAndKeepsThoseThatAreDone() {
        String text = "seven letters ".repeat(120);
        try (Conversation conversation = omni.conversation()) {
            Reply cancelled = conversation.ask(text, GREEDY, new ReplyListener() {
                @Override
                public void onPrefill(int done, int total) {
                    conversation.cancel();
                }
            });
            assertSame(StopReason.INTERRUPTED, cancelled.stopReason());
            assertEquals(List.of(), cancelled.tokenIds());
            assertEquals("", cancelled.text());
            assertTrue(cancelled.timings().firstText() < 0);
            assertEquals(List.of(), conversation.history());
            int done = cancelled.timings().prefillTokens();
            assertEquals(done, conversation.cachedPositions());
            assertTrue(done > 0 && done < cancelled.promptIds().size(), "done " + done);
            Reply whole = conversation.ask(text, GREEDY);
            assertEquals(whole.promptIds().size() - done, whole.timings().prefillTokens());
            assertEquals(fresh(text, GREEDY).tokenIds(), whole.tokenIds());
        }
    }

    @Test
    void staysRightWhenCancelledAtAnyMoment() throws Exception {
        String text = "seven letters ".repeat(60);
        List<Integer> expected = fresh(text, GREEDY).tokenIds();
        Random random = new Random(1);
        ExecutorService other = Executors.newSingleThreadExecutor();
        try (Conversation conversation = omni.conversation()) {
            for (int i = 0; i < 30; i++) {
                long micros = random.nextInt(40_000);
                Future<?> cancelled = other.submit(() -> {
                    TimeUnit.MICROSECONDS.sleep(micros);
                    conversation.cancel();
                    return null;
                });
                Reply reply = conversation.ask(text, GREEDY);
                cancelled.get(10, TimeUnit.SECONDS);
                int said = reply.tokenIds().size();
                assertEquals(expected.subList(0, said), reply.tokenIds(), "cancelled after " + micros + " us");
                assertEquals(said == 0 ? 0 : 2, conversation.history().size());
                conversation.clear();
            }
            assertEquals(expected, conversation.ask(text, GREEDY).tokenIds());
        } finally {
            other.shutdownNow();
        }
    }

    @Test
    void survivesAModelThatIsClosedWhileItAnswers() throws Exception {
        ExecutorService other = Executors.newSingleThreadExecutor();
        try {
            for (int i = 0; i < 5; i++) {
                Omni closing = Omni.open(
                        TinyModels.QWEN2.path(), OpenOptions.defaults().withThreads(2));
                Conversation conversation = closing.conversation();
                CountDownLatch said = new CountDownLatch(1 + i);
                Future<Reply> reply = other.submit(() -> conversation.ask(QUESTION, ENDLESS, new ReplyListener() {
                    @Override
                    public void onToken(int id) {
                        said.countDown();
                    }
                }));
                assertTrue(said.await(30, TimeUnit.SECONDS));
                closing.close();
                assertSame(
                        StopReason.INTERRUPTED, reply.get(10, TimeUnit.SECONDS).stopReason());
            }
        } finally {
            other.shutdownNow();
        }
    }

    @Test
    void ignoresACancelWhileNothingIsInProgress() {
        try (Conversation conversation = omni.conversation()) {
            conversation.cancel();
            assertSame(StopReason.LENGTH, conversation.ask(QUESTION, GREEDY).stopReason());
        }
    }

    @Test
    void runsConversationsSideBySideAsIfAlone() throws Exception {
        List<String> questions = List.of("One?", "Two?", "Three?", "Four?");
        List<List<Integer>> expected = questions.stream()
                .map(question -> fresh(question, GREEDY.withMaxTokens(30)).tokenIds())
                .toList();
        ExecutorService pool = Executors.newFixedThreadPool(questions.size());
        try {
            List<Future<List<Integer>>> replies = questions.stream()
                    .map(question -> pool.submit(
                            () -> fresh(question, GREEDY.withMaxTokens(30)).tokenIds()))
                    .toList();
            for (int i = 0; i < questions.size(); i++) {
                assertEquals(expected.get(i), replies.get(i).get(60, TimeUnit.SECONDS), questions.get(i));
            }
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void leavesTheConversationAsItWasWhenAListenerFails() {
        try (Conversation conversation = omni.conversation()) {
            conversation.ask(QUESTION, GREEDY);
            List<Message> before = conversation.history();
            IllegalArgumentException failure = new IllegalArgumentException("mine");
            assertSame(
                    failure,
                    assertThrows(
                            IllegalArgumentException.class,
                            () -> conversation.ask("More.", GREEDY, new ReplyListener() {
                                @Override
                                public void onToken(int id) {
                                    throw failure;
                                }
                            })));
            assertSame(
                    failure,
                    assertThrows(
                            IllegalArgumentException.class,
                            () -> conversation.ask("More.", GREEDY, new ReplyListener() {
                                @Override
                                public void onText(String piece) {
                                    throw failure;
                                }
                            })));
            assertEquals(before, conversation.history());
            try (Conversation other = omni.conversation(before)) {
                assertEquals(
                        other.ask("More.", GREEDY).tokenIds(),
                        conversation.ask("More.", GREEDY).tokenIds());
            }
        }
    }
}
