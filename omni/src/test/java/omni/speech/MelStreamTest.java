package omni.speech;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;
import omni.engine.Cancellation;
import omni.engine.Matrix;
import omni.error.RequestException;
import omni.fixture.Thrown;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(Lifecycle.PER_CLASS)
class MelStreamTest {
    /** Codes of a block: 24 frames, 2 for each code. */
    private static final int BLOCK = 12;

    private static final ChunkPlan ONE_BY_ONE = new ChunkPlan(List.of(1), 1);

    private TinyDit tiny;
    private DitSchedule schedule;

    @BeforeAll
    void open() {
        tiny = TinyDit.open(2);
        schedule = tiny.dit.schedule(TinyDit.OPTIONS, tiny.team);
    }

    @AfterAll
    void close() {
        schedule.close();
        tiny.close();
    }

    private MelStream stream(ChunkPlan plan) {
        return tiny.stream(TinyDit.OPTIONS, plan, schedule);
    }

    private float[] whole(int... codes) {
        return tiny.mel(TinyDit.OPTIONS, ChunkPlan.WHOLE, codes);
    }

    @Test
    void aLookAheadToTheEndGivesTheBitsOfTheWhole() {
        int[] codes = tiny.codes(5 * BLOCK);
        float[] whole = whole(codes);
        // Each plan's first chunk and what it looks ahead to are exactly the utterance, which has not been finished
        // then.
        for (ChunkPlan plan : List.of(new ChunkPlan(List.of(1), 4), new ChunkPlan(List.of(3, 1), 2))) {
            try (MelStream stream = stream(plan)) {
                stream.addCodes(codes);
                float[] mel = new float[0];
                while (stream.frames() == 0) {
                    mel = TinyDit.joined(mel, stream.step(new Cancellation()));
                }
                assertFalse(stream.ready(), plan.toString());
                assertEquals(24 * plan.blocks(0), stream.frames());
                stream.finish();
                while (stream.ready()) {
                    mel = TinyDit.joined(mel, stream.step(new Cancellation()));
                }
                assertArrayEquals(whole, mel, plan.toString());
                assertTrue(stream.done());
            }
        }
    }

    @Test
    void withoutLookAheadLayersEveryPlanGivesTheBitsOfTheWhole(@TempDir Path folder) {
        // Blocks of 7 frames begin in the middle of a code, and layer 1 looks back before layer 3 does.
        try (TinyDit other = TinyDit.edited(
                folder,
                json -> json.replaceAll(
                        "\"look_ahead_layers\": \\[\\s*2\\s*\\]",
                        "" + "\"look_ahead_layers\": [], \"block_size\": 7"))) {
            assertEquals(7, other.config.blockSize());
            int[] codes = other.codes(31);
            float[] whole = other.mel(TinyDit.OPTIONS, ChunkPlan.WHOLE, codes);
            for (ChunkPlan plan : List.of(
                    ONE_BY_ONE, ChunkPlan.DEFAULT, new ChunkPlan(List.of(2), 0), new ChunkPlan(List.of(3, 1), 5))) {
                assertArrayEquals(whole, other.mel(TinyDit.OPTIONS, plan, codes), plan.toString());
                try (DitSchedule points = other.dit.schedule(TinyDit.OPTIONS, other.team);
                        MelStream stream = other.stream(TinyDit.OPTIONS, plan, points)) {
                    float[] mel = new float[0];
                    for (int code : codes) {
                        stream.addCodes(code);
                        while (stream.ready()) {
                            mel = TinyDit.joined(mel, stream.step(new Cancellation()));
                        }
                    }
                    stream.finish();
                    while (stream.ready()) {
                        mel = TinyDit.joined(mel, stream.step(new Cancellation()));
                    }
                    assertArrayEquals(whole, mel, "code by code, " + plan);
                }
            }
        }
    }

    @Test
    void aLayerMayLookBothWays(@TempDir Path folder) {
        try (TinyDit other = TinyDit.edited(
                folder,
                json -> json.replaceAll(
                        "\"look_ahead_layers\": \\[\\s*2\\s*\\]", "\"look_ahead_layers\": [1, 3, 4]"))) {
            assertEquals(List.of(1, 3, 4), other.config.lookAheadLayers());
            int[] codes = other.codes(4 * BLOCK);
            float[] whole = other.mel(TinyDit.OPTIONS, ChunkPlan.WHOLE, codes);
            try (DitSchedule points = other.dit.schedule(TinyDit.OPTIONS, other.team);
                    MelStream stream = other.stream(TinyDit.OPTIONS, new ChunkPlan(List.of(2), 2), points)) {
                stream.addCodes(codes);
                float[] mel = TinyDit.drain(stream);
                stream.finish();
                while (stream.ready()) {
                    mel = TinyDit.joined(mel, stream.step(new Cancellation()));
                }
                assertArrayEquals(whole, mel);
            }
        }
    }

    @Test
    void waitsForTheCodesThatAChunkLooksAheadTo() {
        try (MelStream stream = stream(ChunkPlan.DEFAULT)) {
            assertFalse(stream.ready());
            stream.addCodes(tiny.codes(2 * BLOCK - 1));
            assertFalse(stream.ready());
            stream.addCodes(1);
            assertTrue(stream.ready());
            int evaluations = 4 * (TinyDit.OPTIONS.steps() - 1);
            for (int i = 1; i < evaluations; i++) {
                assertNull(stream.step(new Cancellation()), "evaluation " + i);
                assertEquals(evaluations - i, stream.stepsLeft());
            }
            Matrix mel = stream.step(new Cancellation());
            assertNotNull(mel);
            assertEquals(24, mel.rows());
            assertEquals(tiny.dit.melBins(), mel.cols());
            assertEquals(24, stream.frames());
            // The second chunk has two blocks, and looks ahead to one.
            stream.addCodes(tiny.codes(2 * BLOCK - 1));
            assertFalse(stream.ready());
            assertFalse(stream.done());
            stream.finish();
            assertTrue(stream.ready());
            assertEquals(2 * 35, TinyDit.drain(stream).length / tiny.dit.melBins());
            assertTrue(stream.done());
            assertFalse(stream.ready());
        }
    }

    @Test
    void whatIsShorterThanABlockComesOutWhole() {
        for (int n : new int[] {1, 2, BLOCK - 1, BLOCK, BLOCK + 1}) {
            int[] codes = tiny.codes(n);
            assertArrayEquals(whole(codes), tiny.mel(TinyDit.OPTIONS, ChunkPlan.DEFAULT, codes), n + " codes");
        }
    }

    @Test
    void aFrameDoesNotDependOnHowManyAreSolvedBesideIt() {
        // Without look-ahead at the end, the first of two blocks that nobody behind is seen by: blocks 0 and 1 alone.
        int[] codes = tiny.codes(3 * BLOCK);
        float[] one = tiny.mel(new MelOptions(2, 0), new ChunkPlan(List.of(1), 0), codes);
        int frames = 24 * tiny.dit.melBins();
        float[] alone = tiny.mel(new MelOptions(2, 0), ChunkPlan.WHOLE, Arrays.copyOf(codes, BLOCK));
        assertArrayEquals(alone, Arrays.copyOf(one, frames));
    }

    @Test
    void endsAtOnceWithoutCodes() {
        try (MelStream stream = stream(ChunkPlan.DEFAULT)) {
            assertFalse(stream.done());
            stream.finish();
            assertTrue(stream.done());
            assertFalse(stream.ready());
            assertEquals(0, stream.bytes());
        }
    }

    @Test
    void givesTheSameBitsForAnyNumberOfThreadsAndOnAUsedModel() {
        int[] codes = tiny.codes(40);
        float[] first = tiny.mel(TinyDit.OPTIONS, ChunkPlan.DEFAULT, codes);
        assertArrayEquals(first, tiny.mel(TinyDit.OPTIONS, ChunkPlan.DEFAULT, codes), "used");
        try (TinyDit alone = TinyDit.open(1)) {
            assertArrayEquals(first, alone.mel(TinyDit.OPTIONS, ChunkPlan.DEFAULT, codes), "one thread");
        }
    }

    @Test
    void canBeCancelledAtAnyStepAndClosed() {
        int[] codes = tiny.codes(3 * BLOCK);
        float[] expected = tiny.mel(TinyDit.OPTIONS, ONE_BY_ONE, codes);
        int steps = 0;
        boolean done = false;
        while (!done) {
            try (MelStream stream = stream(ONE_BY_ONE)) {
                stream.addCodes(codes);
                stream.finish();
                for (int i = 0; i < steps && stream.ready(); i++) {
                    stream.step(new Cancellation());
                }
                done = stream.done();
                if (!done) {
                    Cancellation cancelled = new Cancellation();
                    cancelled.cancel();
                    assertThrows(CancellationException.class, () -> stream.step(cancelled));
                    assertFalse(stream.ready());
                    assertThrows(IllegalStateException.class, () -> stream.step(new Cancellation()));
                }
            }
            steps++;
        }
        assertEquals(1 + 2 * 8, steps);
        assertArrayEquals(expected, tiny.mel(TinyDit.OPTIONS, ONE_BY_ONE, codes));
    }

    @Test
    void isClosedTwiceWithoutHarmAndNotUsedAfterwards() {
        MelStream stream = stream(ChunkPlan.WHOLE);
        stream.addCodes(1, 2, 3);
        stream.finish();
        stream.step(new Cancellation());
        assertTrue(stream.bytes() > 0);
        stream.close();
        stream.close();
        assertEquals(0, stream.bytes());
        assertEquals(
                "mel stream: not ready: codes=3, frames=0, finished=true, cancelled=false, closed=true",
                Thrown.message(IllegalStateException.class, () -> stream.step(new Cancellation())));
    }

    @Test
    void holdsTheMemoryThatWasPredicted() {
        int[] codes = tiny.codes(100);
        for (ChunkPlan plan : List.of(ChunkPlan.DEFAULT, ChunkPlan.WHOLE)) {
            for (MelOptions options : List.of(TinyDit.OPTIONS, new MelOptions(4, 0))) {
                try (DitSchedule points = tiny.dit.schedule(options, tiny.team);
                        MelStream stream = tiny.stream(options, plan, points)) {
                    stream.addCodes(codes);
                    stream.finish();
                    TinyDit.drain(stream);
                    long predicted = MelStream.bytesFor(tiny.config, options, plan, 200, tiny.team.size());
                    assertEquals(predicted, stream.bytes() + points.bytes(), plan + ", " + options);
                }
            }
        }
    }

    @Test
    void shouldRefuseWhatMakesNoSense() {
        try (MelStream stream = stream(ChunkPlan.DEFAULT)) {
            assertEquals(
                    "unknown code: code=258, codes=258; codes are numbered from 0, and marks such as the end are no codes",
                    Thrown.message(RequestException.class, () -> stream.addCodes(3, 258)));
            assertEquals(
                    "unknown code: code=-1, codes=258; codes are numbered from 0, and marks such as the end are no codes",
                    Thrown.message(RequestException.class, () -> stream.addCodes(-1)));
            assertEquals(
                    "speech too long: codes=8388609, limit=8388608; cut the text",
                    Thrown.message(RequestException.class, () -> stream.addCodes(new int[(1 << 23) + 1])));
            stream.finish();
            assertEquals(
                    "mel stream: codes after the end",
                    Thrown.message(IllegalStateException.class, () -> stream.addCodes(1)));
        }
        assertEquals(
                "mel stream: steps=4, schedule=3",
                Thrown.message(
                        IllegalArgumentException.class,
                        () -> tiny.stream(new MelOptions(4, 1), ChunkPlan.WHOLE, schedule)));
        MelNoise noise = MelNoise.given(tiny.random(5, tiny.dit.melBins()));
        try (MelStream stream =
                new MelStream(tiny.dit, tiny.voice, schedule, TinyDit.OPTIONS, ChunkPlan.WHOLE, noise, tiny.team)) {
            stream.addCodes(1, 2, 3);
            stream.finish();
            assertEquals(
                    "speech: noise=[5,80], needed=[6,80]; give noise for every frame",
                    Thrown.message(RequestException.class, () -> stream.step(new Cancellation())));
        }
    }
}
