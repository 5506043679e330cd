package omni.thinker;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import omni.engine.Cancellation;
import omni.engine.Matrix;
import omni.engine.ThreadTeam;
import omni.engine.Workspace;
import omni.error.RequestException;
import omni.fixture.TinyModels;
import omni.loader.Checkpoint;
import omni.loader.ModelConfig;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

@TestInstance(Lifecycle.PER_CLASS)
class ThinkerSessionTest {
    private static final int CONTEXT = 300;
    private static final int STEPS = 6;
    private static final Cancellation GO_ON = new Cancellation();

    private Checkpoint checkpoint;
    private Thinker thinker;
    private ThreadTeam team;

    @BeforeAll
    void open() {
        checkpoint = Checkpoint.open(TinyModels.OMNI.path());
        thinker = Thinker.load(ModelConfig.read(TinyModels.OMNI.path()), checkpoint);
        team = new ThreadTeam(2);
    }

    @AfterAll
    void close() {
        team.close();
        checkpoint.close();
    }

    private static int[] ids(int seed, int length) {
        return new Random(seed).ints(length, 0, 600).toArray();
    }

    private Prompt prompt(int... ids) {
        return Prompt.ofText(ids, thinker.ropeRules());
    }

    private ThinkerSession session(ThinkerWorkspace ws) {
        return new ThinkerSession(thinker, ws, CONTEXT, HiddenStates.IGNORED);
    }

    private static Matrix prefill(ThinkerSession session) {
        Matrix logits = null;
        while (logits == null) {
            logits = session.prefill(GO_ON);
        }
        return logits;
    }

    private static int best(Matrix row) {
        int best = 0;
        for (int i = 1; i < row.cols(); i++) {
            best = row.get(0, i) > row.get(0, best) ? i : best;
        }
        return best;
    }

    /** Logits of the prompt and of {@link #STEPS} greedy steps, one row after the other. */
    private static float[] run(ThinkerSession session, Prompt prompt) {
        session.begin(prompt);
        Matrix logits = prefill(session);
        float[] out = logits.toArray();
        for (int step = 0; step < STEPS; step++) {
            logits = session.step(best(logits), GO_ON);
            float[] row = logits.toArray();
            out = Arrays.copyOf(out, out.length + row.length);
            System.arraycopy(row, 0, out, out.length - row.length, row.length);
        }
        return out;
    }

    private float[] run(Prompt prompt, int chunk, int threads) {
        try (ThreadTeam own = new ThreadTeam(threads);
                ThinkerWorkspace ws = new ThinkerWorkspace(thinker, chunk, own);
                ThinkerSession session = session(ws)) {
            return run(session, prompt);
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
            float[] one = run(prompt(ids(length, length)), 64, 1);
            assertArrayEquals(one, run(prompt(ids(length, length)), 64, 2), "length " + length);
            assertArrayEquals(one, run(prompt(ids(length, length)), 64, 3), "length " + length);
        }
    }

    @Test
    void givesTheSameBitsAgainAndInAUsedSession() {
        Prompt prompt = prompt(ids(1, 90));
        float[] fresh = run(prompt, 32, 2);
        assertArrayEquals(fresh, run(prompt, 32, 2));
        try (ThinkerWorkspace ws = new ThinkerWorkspace(thinker, 32, team);
                ThinkerSession session = session(ws)) {
            run(session, prompt(ids(2, 140)));
            assertArrayEquals(fresh, run(session, prompt));
        }
    }

    @Test
    void computesAPromptInChunksAsItDoesWhole() {
        Prompt prompt = prompt(ids(3, 150));
        float[] whole = run(prompt, 150, 2);
        for (int chunk : new int[] {1, 7, 64, 149}) {
            assertClose(whole, run(prompt, chunk, 2), "chunk " + chunk);
        }
    }

    @Test
    void computesOnlyWhatTheLastPromptDidNotShare() {
        int[] first = ids(4, 100);
        int[] second = Arrays.copyOf(first, 120);
        second[70]++;
        try (ThinkerWorkspace ws = new ThinkerWorkspace(thinker, 512, team);
                ThinkerSession session = session(ws)) {
            run(session, prompt(first));
            assertEquals(70, session.begin(prompt(second)));
            assertEquals(70, session.length());
            Matrix logits = prefill(session);
            assertEquals(120, session.length());
            assertClose(Arrays.copyOf(run(prompt(second), 512, 2), logits.cols()), logits.toArray(), "second prompt");
        }
    }

    @Test
    void keepsGeneratedTokensThatTheNextPromptRepeats() {
        int[] first = ids(5, 40);
        try (ThinkerWorkspace ws = new ThinkerWorkspace(thinker, 512, team);
                ThinkerSession session = session(ws)) {
            session.begin(prompt(first));
            Matrix logits = prefill(session);
            int[] all = Arrays.copyOf(first, 46);
            for (int i = 40; i < 44; i++) {
                all[i] = best(logits);
                logits = session.step(all[i], GO_ON);
            }
            assertEquals(44, session.begin(prompt(all)));
            assertClose(
                    Arrays.copyOf(run(prompt(all), 512, 2), logits.cols()),
                    prefill(session).toArray(),
                    "continued");
        }
    }

    @Test
    void alwaysComputesTheLastPosition() {
        Prompt prompt = prompt(ids(6, 20));
        try (ThinkerWorkspace ws = new ThinkerWorkspace(thinker, 512, team);
                ThinkerSession session = session(ws)) {
            session.begin(prompt);
            float[] logits = prefill(session).toArray();
            assertEquals(19, session.begin(prompt));
            assertClose(logits, prefill(session).toArray(), "again");
        }
    }

    @Test
    void forgetsEverythingWhenCleared() {
        Prompt prompt = prompt(ids(7, 20));
        try (ThinkerWorkspace ws = new ThinkerWorkspace(thinker, 512, team);
                ThinkerSession session = session(ws)) {
            session.begin(prompt);
            prefill(session);
            session.clear();
            assertEquals(0, session.length());
            assertEquals(0, session.begin(prompt));
        }
    }

    @Test
    void takesMediaEmbeddingsInTheirPlaces() {
        int[] ids = ids(8, 30);
        int[] other = ids.clone();
        Arrays.fill(other, 10, 14, 1);
        try (ThinkerWorkspace ws = new ThinkerWorkspace(thinker, 9, team);
                Workspace memory = new Workspace(team);
                ThinkerSession session = session(ws)) {
            Matrix rows = memory.matrix(4, thinker.config().hidden());
            for (int i = 0; i < 4; i++) {
                thinker.embed(ids[10 + i], rows, i);
            }
            RopePositions positions = RopePositions.of(other, List.of(), thinker.ropeRules());
            Prompt spliced = new Prompt(other, positions, List.of(new Splice(10, rows)));
            assertArrayEquals(run(prompt(ids), 9, 2), run(session, spliced));

            Prompt same = new Prompt(other, positions, List.of(new Splice(10, rows.rows(0, 4))));
            assertEquals(29, session.begin(same));
            prefill(session);
            Matrix otherRows = memory.matrix(4, thinker.config().hidden());
            assertEquals(10, session.begin(new Prompt(other, positions, List.of(new Splice(10, otherRows)))));
            prefill(session);
            assertEquals(10, session.begin(prompt(other)));
        }
    }

    @Test
    void showsTheHiddenStatesOfEveryPositionOnceWithItsToken() {
        int[] longer = ids(9, 25);
        Prompt prompt = prompt(ids(9, 20));
        StringBuilder seen = new StringBuilder();
        HiddenStates listener = (first, ids, hidden) -> {
            seen.append(first).append('+').append(hidden.rows()).append(' ');
            for (int i = first; i < first + hidden.rows() && i < 20; i++) {
                assertEquals(longer[i], ids[i], "token " + i);
            }
        };
        try (ThinkerWorkspace ws = new ThinkerWorkspace(thinker, 8, team);
                ThinkerSession session = new ThinkerSession(thinker, ws, CONTEXT, listener)) {
            session.begin(prompt);
            session.step(best(prefill(session)), GO_ON);
            session.begin(prompt(longer));
            prefill(session);
            session.begin(prompt(longer), 22);
            prefill(session);
        }
        assertEquals("0+8 8+8 16+4 20+1 20+5 22+3 ", seen.toString());
    }

    @Test
    void staysUsableAfterACancelledChunk() {
        Prompt prompt = prompt(ids(10, 60));
        float[] expected = run(prompt, 16, 2);
        Cancellation cancelled = new Cancellation();
        cancelled.cancel();
        try (ThinkerWorkspace ws = new ThinkerWorkspace(thinker, 16, team);
                ThinkerSession session = session(ws)) {
            session.begin(prompt);
            session.prefill(GO_ON);
            assertThrows(CancellationException.class, () -> session.prefill(cancelled));
            assertEquals(16, session.length());
            assertEquals(16, session.begin(prompt));
            assertArrayEquals(expected, run(session, prompt));
            int length = session.length();
            assertThrows(CancellationException.class, () -> session.step(1, cancelled));
            assertEquals(length, session.length());
        }
    }

    @Test
    void shouldRefuseAPromptThatIsLongerThanTheContext() {
        try (ThinkerWorkspace ws = new ThinkerWorkspace(thinker, 512, team);
                ThinkerSession session = session(ws)) {
            session.begin(prompt(ids(11, 20)));
            prefill(session);
            RequestException e =
                    assertThrows(RequestException.class, () -> session.begin(prompt(ids(11, CONTEXT + 1))));
            assertEquals(
                    "prompt too long: tokens=301, context=300; shorten the prompt or open the model with a larger"
                            + " context",
                    e.getMessage());
            assertEquals(20, session.length());
            assertFalse(session.full());
            session.begin(prompt(ids(11, CONTEXT)));
            prefill(session);
            assertTrue(session.full());
        }
    }

    @Test
    void shouldRefuseAMoreThanTrainedContext() {
        try (ThinkerWorkspace ws = new ThinkerWorkspace(thinker, 1, team)) {
            assertThrows(RequestException.class, () -> new ThinkerSession(thinker, ws, 32_769, HiddenStates.IGNORED));
        }
    }

    @Test
    void shouldRefuseStepsBeforeThePromptIsComputed() {
        try (ThinkerWorkspace ws = new ThinkerWorkspace(thinker, 4, team);
                ThinkerSession session = session(ws)) {
            assertThrows(IllegalStateException.class, () -> session.step(1, GO_ON));
            session.begin(prompt(ids(12, 6)));
            session.prefill(GO_ON);
            assertThrows(IllegalStateException.class, () -> session.step(1, GO_ON));
        }
    }

    @Test
    void shouldRefuseATokenWithoutAnEmbedding() {
        try (ThinkerWorkspace ws = new ThinkerWorkspace(thinker, 4, team);
                ThinkerSession session = session(ws)) {
            session.begin(prompt(1, 1280));
            RequestException e = assertThrows(RequestException.class, () -> session.prefill(GO_ON));
            assertEquals(
                    "unknown token: id=1280, vocabulary=1280; tokenizer and weights do not belong together",
                    e.getMessage());
        }
    }

    @Test
    void shouldRefuseAnEmptyPrompt() {
        RequestException e = assertThrows(RequestException.class, this::prompt);
        assertEquals("empty prompt: tokens=0; give some text", e.getMessage());
    }
}
