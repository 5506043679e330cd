package omni.talker;

import static omni.talker.TalkerFixture.ids;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import omni.engine.Matrix;
import omni.engine.ThreadTeam;
import omni.engine.Workspace;
import omni.thinker.MediaSpan;
import omni.thinker.Prompt;
import omni.thinker.RopePositions;
import omni.thinker.Splice;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

@TestInstance(Lifecycle.PER_CLASS)
class TalkerInputTest {
    private TalkerFixture tiny;
    private ThreadTeam team;
    private Workspace memory;

    @BeforeAll
    void open() {
        tiny = new TalkerFixture();
        team = new ThreadTeam(1);
        memory = new Workspace(team);
    }

    @AfterAll
    void close() {
        memory.close();
        team.close();
        tiny.close();
    }

    private Matrix matrix(int rows) {
        return memory.matrix(rows, tiny.talker.config().embeddingSize());
    }

    private Matrix hidden(int seed, int rows) {
        Random random = new Random(seed);
        Matrix out = matrix(rows);
        for (int r = 0; r < rows; r++) {
            for (int c = 0; c < out.cols(); c++) {
                out.set(r, c, (float) random.nextGaussian());
            }
        }
        return out;
    }

    /** The embedding of a token plus row {@code row} of {@code hidden}. */
    private float[] sum(int id, Matrix hidden, int row) {
        Matrix out = matrix(1);
        tiny.thinker.embed(id, out, 0);
        float[] sum = out.toArray();
        for (int c = 0; c < sum.length; c++) {
            sum[c] += hidden.get(row, c);
        }
        return sum;
    }

    private float[] row(TalkerInput input, int position) {
        Matrix out = matrix(1);
        input.copy(position, out);
        return out.toArray();
    }

    private float[] reply(TalkerInput input, int index) {
        Matrix out = matrix(1);
        input.addReply(index, out, 0);
        return out.toArray();
    }

    private TalkerInput input() {
        return new TalkerInput(tiny.thinker, tiny.talker.config());
    }

    @Test
    void addsEmbeddingsAndHiddenStatesOfEveryPosition() {
        int[] ids = ids(1, 300);
        try (TalkerInput input = input()) {
            input.begin(tiny.prompt(ids), 0);
            Matrix hidden = hidden(2, 300);
            input.computed(0, ids, hidden.rows(0, 129));
            input.computed(129, ids, hidden.rows(129, 300));
            assertEquals(300, input.length());
            for (int position : new int[] {0, 127, 128, 129, 299}) {
                assertArrayEquals(sum(ids[position], hidden, position), row(input, position), "position " + position);
            }
            Matrix across = matrix(5);
            input.copy(126, across);
            assertArrayEquals(row(input, 130), across.rows(4, 5).toArray());
        }
    }

    @Test
    void leavesOutTheEmbeddingsOfMediaButKeepsTheirHiddenStates() {
        int audio = tiny.thinker.ropeRules().audioToken();
        int[] ids = {
            5,
            tiny.thinker.ropeRules().audioStart(),
            audio,
            audio,
            tiny.thinker.ropeRules().audioEnd(),
            7,
            audio
        };
        List<MediaSpan> media = List.of(new MediaSpan.Audio(2));
        int[] promptIds = Arrays.copyOf(ids, 6);
        Prompt prompt = new Prompt(
                promptIds,
                RopePositions.of(promptIds, media, tiny.thinker.ropeRules()),
                List.of(new Splice(2, hidden(9, 2))));
        try (TalkerInput input = input()) {
            input.begin(prompt, 0);
            Matrix hidden = hidden(3, 7);
            input.computed(0, ids, hidden);
            assertArrayEquals(sum(ids[1], hidden, 1), row(input, 1));
            assertArrayEquals(hidden.rows(2, 3).toArray(), row(input, 2));
            assertArrayEquals(hidden.rows(3, 4).toArray(), row(input, 3));
            assertArrayEquals(sum(ids[4], hidden, 4), row(input, 4));
            // A placeholder in the reply is a token like others.
            assertArrayEquals(sum(audio, hidden, 6), reply(input, 0));
        }
    }

    @Test
    void followsTheReplyWithTheTextsEndAndThenPaddingForEver() {
        int[] ids = ids(4, 12);
        Matrix hidden = hidden(5, 12);
        Matrix nothing = matrix(1);
        try (TalkerInput input = input()) {
            input.begin(tiny.prompt(Arrays.copyOf(ids, 10)), 0);
            input.computed(0, ids, hidden.rows(0, 10));
            assertEquals(0, input.replyRows());
            assertFalse(input.hasReply(0));
            input.computed(10, ids, hidden.rows(10, 11));
            input.computed(11, ids, hidden.rows(11, 12));
            assertEquals(2, input.replyRows());
            assertTrue(input.hasReply(1));
            assertFalse(input.hasReply(2));
            assertThrows(IllegalStateException.class, () -> reply(input, 2));
            input.endText();
            assertTrue(input.hasReply(2) && input.hasReply(4000) && input.textEnded());
            assertArrayEquals(sum(ids[10], hidden, 10), reply(input, 0));
            assertArrayEquals(sum(ids[11], hidden, 11), reply(input, 1));
            assertArrayEquals(sum(tiny.talker.config().textEnd(), nothing, 0), reply(input, 2));
            assertArrayEquals(sum(tiny.talker.config().textPad(), nothing, 0), reply(input, 3));
            assertArrayEquals(sum(tiny.talker.config().textPad(), nothing, 0), reply(input, 4000));
            assertThrows(IllegalStateException.class, () -> input.computed(12, ids(4, 13), hidden.rows(0, 1)));
        }
    }

    @Test
    void refusesRowsThatDoNotFollowThoseHeld() {
        int[] ids = ids(6, 20);
        Matrix hidden = hidden(7, 20);
        try (TalkerInput input = input()) {
            input.begin(tiny.prompt(ids), 0);
            input.computed(0, ids, hidden.rows(0, 8));
            assertThrows(IllegalStateException.class, () -> input.computed(9, ids, hidden.rows(9, 10)));
            assertThrows(IllegalStateException.class, () -> input.computed(7, ids, hidden.rows(7, 8)));
            assertThrows(IllegalArgumentException.class, () -> input.begin(tiny.prompt(ids), 9));
            input.begin(tiny.prompt(ids), 8);
            input.computed(8, ids, hidden.rows(8, 20));
            assertEquals(20, input.length());
        }
    }

    @Test
    void remembersWhatChangedSinceTheTalkerLastLooked() {
        int[] ids = ids(8, 20);
        Prompt prompt = tiny.prompt(ids);
        Matrix hidden = hidden(9, 20);
        try (TalkerInput input = input()) {
            input.begin(prompt, 0);
            input.computed(0, ids, hidden);
            assertEquals(0, input.unchanged(20));
            assertEquals(20, input.unchanged(20));
            input.begin(prompt, 12);
            input.computed(12, ids, hidden.rows(12, 20));
            input.begin(prompt, 15);
            assertEquals(12, input.unchanged(20));
            input.clear();
            assertEquals(0, input.unchanged(20));
        }
    }

    @Test
    void holdsWhatWasPredicted() {
        int[] ids = ids(10, 129);
        try (TalkerInput input = input()) {
            assertEquals(TalkerInput.bytesFor(tiny.talker.config(), 0), input.bytes());
            input.begin(tiny.prompt(ids), 0);
            input.computed(0, ids, hidden(11, 129).rows(0, 128));
            assertEquals(TalkerInput.bytesFor(tiny.talker.config(), 128), input.bytes());
            input.computed(128, ids, hidden(11, 129).rows(128, 129));
            assertEquals(TalkerInput.bytesFor(tiny.talker.config(), 129), input.bytes());
            assertEquals(TalkerInput.bytesFor(tiny.talker.config(), 256), input.bytes());
        }
    }
}
