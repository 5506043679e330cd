package omni.talker;

import static omni.talker.TalkerFixture.GO_ON;
import static omni.talker.TalkerFixture.ids;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.concurrent.CancellationException;
import omni.engine.Cancellation;
import omni.engine.Matrix;
import omni.error.RequestException;
import omni.fixture.Thrown;
import omni.loader.Speaker;
import omni.thinker.Prompt;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

@TestInstance(Lifecycle.PER_CLASS)
class TalkerSessionTest {
    private static final int TEXT = 6;

    /** More than the text, so that its end and padding are heard too. */
    private static final int STEPS = 10;

    private TalkerFixture tiny;

    @BeforeAll
    void open() {
        tiny = new TalkerFixture();
    }

    @AfterAll
    void close() {
        tiny.close();
    }

    private float[] fresh(Prompt prompt, int chunk, int threads) {
        return fresh(prompt, tiny.speaker(), chunk, threads);
    }

    private float[] fresh(Prompt prompt, Speaker speaker, int chunk, int threads) {
        try (TalkerFixture.Chat chat = tiny.chat(threads, chunk)) {
            chat.answer(prompt, TEXT);
            return chat.speak(prompt, speaker, STEPS);
        }
    }

    private static void assertClose(float[] expected, float[] actual, String what) {
        assertEquals(expected.length, actual.length, what);
        for (int i = 0; i < expected.length; i++) {
            assertEquals(expected[i], actual[i], 1e-4f * Math.max(1, Math.abs(expected[i])), what + ", index " + i);
        }
    }

    @Test
    void givesTheSameBitsForAnyNumberOfThreads() {
        for (int length : new int[] {1, 7, 131}) {
            Prompt prompt = tiny.prompt(ids(length, length));
            float[] one = fresh(prompt, 64, 1);
            assertArrayEquals(one, fresh(prompt, 64, 2), "length " + length);
            assertArrayEquals(one, fresh(prompt, 64, 3), "length " + length);
        }
    }

    @Test
    void givesTheSameBitsAgainAndInAUsedSession() {
        Prompt prompt = tiny.prompt(ids(1, 90));
        float[] fresh = fresh(prompt, 32, 2);
        assertArrayEquals(fresh, fresh(prompt, 32, 2));
        try (TalkerFixture.Chat chat = tiny.chat(2, 32)) {
            Prompt other = tiny.prompt(ids(2, 140));
            chat.answer(other, TEXT);
            chat.speak(other, tiny.speaker(), STEPS);
            chat.answer(prompt, TEXT);
            assertArrayEquals(fresh, chat.speak(prompt, tiny.speaker(), STEPS));
        }
    }

    @Test
    void computesAPromptInChunksAsItDoesWhole() {
        Prompt prompt = tiny.prompt(ids(3, 150));
        float[] whole = fresh(prompt, 150, 2);
        for (int chunk : new int[] {2, 7, 64, 149}) {
            assertClose(whole, fresh(prompt, chunk, 2), "chunk " + chunk);
        }
    }

    @Test
    void givesTheSameBitsWhenRowsComeOneByOne() {
        Prompt prompt = tiny.prompt(ids(4, 75));
        float[] expected = fresh(prompt, 32, 2);
        try (TalkerFixture.Chat chat = tiny.chat(2, 32)) {
            chat.ask(prompt);
            chat.session.begin(prompt, tiny.speaker());
            Matrix logits = null;
            float[] out = new float[0];
            int tokens = 1;
            while (out.length < expected.length) {
                while (!chat.session.ready()) {
                    if (tokens == TEXT) {
                        chat.input.endText();
                    } else {
                        chat.write();
                        tokens++;
                    }
                }
                logits = logits == null
                        ? chat.session.prefill(GO_ON)
                        : chat.session.step(TalkerFixture.best(logits), GO_ON);
                if (logits != null) {
                    float[] row = logits.toArray();
                    out = Arrays.copyOf(out, out.length + row.length);
                    System.arraycopy(row, 0, out, out.length - row.length, row.length);
                }
            }
            assertArrayEquals(expected, out);
        }
    }

    @Test
    void isReadyAsSoonAsTheThinkerIsOneTokenAhead() {
        Prompt prompt = tiny.prompt(ids(5, 20));
        try (TalkerFixture.Chat chat = tiny.chat(1, 16)) {
            assertFalse(chat.session.ready());
            chat.ask(prompt);
            chat.session.begin(prompt, tiny.speaker());
            assertTrue(chat.session.ready());
            chat.session.prefill(GO_ON);
            assertEquals(16, chat.session.length());
            chat.session.prefill(GO_ON);
            assertEquals(20, chat.session.length());
            // The first token is chosen, but only when it is fed back there is a hidden state of it.
            assertFalse(chat.session.ready());
            chat.write();
            assertTrue(chat.session.ready());
            assertFalse(chat.session.prefilled());
            Matrix logits = chat.session.prefill(GO_ON);
            assertTrue(chat.session.prefilled());
            assertFalse(chat.session.ready());
            IllegalStateException e = assertThrows(IllegalStateException.class, () -> chat.session.step(1, GO_ON));
            assertEquals(
                    "talker: computed=22, prompt rows=20, rows of the Thinker=21; the next row is not there yet",
                    e.getMessage());
            assertEquals(tiny.talker.vocabulary(), logits == null ? 0 : logits.cols());
            chat.input.endText();
            assertTrue(chat.session.ready());
            chat.session.step(1, GO_ON);
            assertTrue(chat.session.ready());
        }
    }

    @Test
    void computesOfASecondTurnOnlyWhatIsNew() {
        Prompt first = tiny.prompt(ids(6, 60));
        try (TalkerFixture.Chat chat = tiny.chat(2, 32)) {
            chat.answer(first, TEXT);
            chat.speak(first, tiny.speaker(), STEPS);
            int[] history = chat.all();
            int[] more = Arrays.copyOf(history, history.length + 25);
            System.arraycopy(ids(7, 25), 0, more, history.length, 25);
            Prompt second = tiny.prompt(more);
            assertEquals(65, chat.answer(second, TEXT));
            // The first turn's codes are gone; of its prompt nothing is computed again.
            assertEquals(60, chat.session.begin(second, tiny.speaker()));
            assertEquals(60, chat.session.length());
            assertClose(fresh(second, 512, 2), chat.speak(second, tiny.speaker(), STEPS), "second turn");
        }
    }

    @Test
    void hearsATurnThatWasNotSpokenBeforeTheNext() {
        Prompt first = tiny.prompt(ids(8, 50));
        try (TalkerFixture.Chat chat = tiny.chat(2, 512)) {
            chat.answer(first, TEXT);
            chat.speak(first, tiny.speaker(), STEPS);
            int[] changed = first.ids();
            changed[30]++;
            assertEquals(30, chat.answer(tiny.prompt(changed), TEXT));
            changed[31]++;
            Prompt third = tiny.prompt(Arrays.copyOf(changed, 48));
            assertEquals(31, chat.answer(third, TEXT));
            assertEquals(30, chat.session.begin(third, tiny.speaker()));
            assertClose(fresh(third, 512, 2), chat.speak(third, tiny.speaker(), STEPS), "third turn");
        }
    }

    @Test
    void keepsThePromptWhenTheVoiceChanges() {
        Prompt prompt = tiny.prompt(ids(9, 40));
        Speaker other = tiny.speakers.voice("Ethan");
        try (TalkerFixture.Chat chat = tiny.chat(2, 512)) {
            chat.answer(prompt, TEXT);
            float[] one = chat.speak(prompt, tiny.speaker(), STEPS);
            assertEquals(40, chat.session.begin(prompt, other));
            float[] two = chat.speak(prompt, other, STEPS);
            assertFalse(Arrays.equals(one, two));
            assertClose(fresh(prompt, other, 512, 2), two, "the other voice");
            assertArrayEquals(one, chat.speak(prompt, tiny.speaker(), STEPS));
        }
    }

    @Test
    void asksTheThinkerAgainForRowsThatWereForgotten() {
        Prompt prompt = tiny.prompt(ids(10, 40));
        try (TalkerFixture.Chat chat = tiny.chat(2, 512)) {
            chat.answer(prompt, TEXT);
            chat.input.clear();
            assertEquals(0, chat.answer(prompt, TEXT));
            assertArrayEquals(fresh(prompt, 512, 2), chat.speak(prompt, tiny.speaker(), STEPS));
        }
    }

    @Test
    void staysUsableWhereverItIsCancelled() {
        Prompt prompt = tiny.prompt(ids(11, 50));
        float[] expected = fresh(prompt, 20, 2);
        // Three chunks of the prompt, the opening, the steps: each is cancelled once while it runs.
        Talker plain = tiny.talker;
        int passes = 4 + STEPS - 1;
        for (int at = 0; at < passes; at++) {
            Cancellation cancellation = new Cancellation();
            int[] left = {at};
            tiny.talker = plain.observedBy(new TalkerTap() {
                @Override
                public void projected(Matrix sums, Matrix inputs) {
                    if (left[0]-- == 0) {
                        cancellation.cancel();
                    }
                }

                @Override
                public void decoded(Matrix hidden) {}
            });
            try (TalkerFixture.Chat chat = tiny.chat(2, 20)) {
                chat.answer(prompt, TEXT);
                chat.session.begin(prompt, tiny.speaker());
                int[] done = {0};
                int[] before = {0};
                assertThrows(CancellationException.class, () -> {
                    Matrix logits = null;
                    for (; done[0] < passes; done[0]++) {
                        before[0] = chat.session.length();
                        logits = logits == null
                                ? chat.session.prefill(cancellation)
                                : chat.session.step(TalkerFixture.best(logits), cancellation);
                    }
                });
                assertEquals(at, done[0]);
                assertEquals(before[0], chat.session.length(), "cancelled pass " + at);
                assertArrayEquals(expected, chat.speak(prompt, tiny.speaker(), STEPS), "after pass " + at);
            } finally {
                tiny.talker = plain;
            }
        }
    }

    @Test
    void saysThatAPromptIsTooLongToBeAnsweredAloud() {
        try (TalkerFixture.Chat chat = tiny.new Chat(1, 64, 50)) {
            Prompt prompt = tiny.prompt(ids(12, 48));
            chat.answer(prompt, TEXT);
            assertEquals(
                    "prompt too long to be answered aloud: tokens=48, talker's context=50; shorten the prompt or ask for"
                            + " text alone",
                    Thrown.message(RequestException.class, () -> chat.session.begin(prompt, tiny.speaker())));
            Prompt shorter = tiny.prompt(ids(12, 47));
            chat.answer(shorter, TEXT);
            chat.speak(shorter, tiny.speaker(), 1);
            assertFalse(chat.session.full());
            chat.session.step(1, GO_ON);
            assertTrue(chat.session.full());
            RequestException e = assertThrows(RequestException.class, () -> chat.session.step(1, GO_ON));
            assertEquals(
                    "context is full: positions=51, limit=50; shorten the input or allow a larger context",
                    e.getMessage());
        }
    }

    @Test
    void refusesStepsBeforeThePromptAndChunksBehindIt() {
        Prompt prompt = tiny.prompt(ids(13, 6));
        try (TalkerFixture.Chat chat = tiny.chat(1, 64)) {
            assertThrows(IllegalStateException.class, () -> chat.session.prefill(GO_ON));
            chat.answer(prompt, TEXT);
            chat.session.begin(prompt, tiny.speaker());
            assertThrows(IllegalStateException.class, () -> chat.session.step(1, GO_ON));
            chat.speak(prompt, tiny.speaker(), 1);
            assertThrows(IllegalStateException.class, () -> chat.session.prefill(GO_ON));
        }
    }

    @Test
    void forgetsEverythingWhenCleared() {
        Prompt prompt = tiny.prompt(ids(14, 30));
        try (TalkerFixture.Chat chat = tiny.chat(1, 64)) {
            chat.answer(prompt, TEXT);
            float[] first = chat.speak(prompt, tiny.speaker(), STEPS);
            chat.session.clear();
            assertEquals(0, chat.session.length());
            assertFalse(chat.session.ready());
            assertArrayEquals(first, chat.speak(prompt, tiny.speaker(), STEPS));
        }
    }
}
