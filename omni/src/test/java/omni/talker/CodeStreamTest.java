package omni.talker;

import static omni.talker.TalkerFixture.GO_ON;
import static omni.talker.TalkerFixture.ids;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import omni.engine.Cancellation;
import omni.engine.Matrix;
import omni.engine.SamplingOptions;
import omni.thinker.Prompt;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

@TestInstance(Lifecycle.PER_CLASS)
class CodeStreamTest {
    private static final int TEXT = 5;
    private static final int CODES = 30;
    private static final long SEED = 11;

    private TalkerFixture tiny;
    private Prompt prompt;

    @BeforeAll
    void open() {
        tiny = new TalkerFixture();
        prompt = tiny.prompt(ids(1, 40));
    }

    @AfterAll
    void close() {
        tiny.close();
    }

    /** No end marks, so that only the limits end it. */
    private SpeechLimits endless(int maxCodes) {
        return SpeechLimits.of(tiny.config).withEndCodes(List.of()).withMaxCodes(maxCodes);
    }

    private static int[] drain(CodeStream codes) {
        while (!codes.ended()) {
            assertTrue(codes.ready());
            codes.advance();
        }
        return codes.codes();
    }

    private CodeStream stream(
            TalkerFixture.Chat chat, int tokens, SpeechLimits limits, SamplingOptions sampling, long seed) {
        chat.answer(prompt, tokens);
        chat.session.begin(prompt, tiny.speaker());
        return chat.codes(limits, sampling, seed, GO_ON);
    }

    private int[] codes(SpeechLimits limits, SamplingOptions sampling, long seed) {
        try (TalkerFixture.Chat chat = tiny.chat(2, 64)) {
            return drain(stream(chat, TEXT, limits, sampling, seed));
        }
    }

    @Test
    void drawsTheSameCodesForTheSameSeed() {
        SamplingOptions sampling = tiny.talker.samplingDefaults();
        int[] first = codes(endless(CODES), sampling, SEED);
        assertEquals(CODES, first.length);
        assertArrayEquals(first, codes(endless(CODES), sampling, SEED));
        assertFalse(Arrays.equals(first, codes(endless(CODES), sampling, SEED + 1)));
    }

    @Test
    void drawsAsTheReferenceDoesUnlessToldOtherwise() {
        assertEquals(
                new SamplingOptions(
                        0.9, 40, 0.8, 0, 1.05, List.of(tiny.talker.config().codecStart())),
                tiny.talker.samplingDefaults());
    }

    @Test
    void countsPromptAndCodesForTheRepetitionPenalty() {
        // So strong a penalty never lets a code return, nor one that stands for the prompt appear.
        int[] codes = codes(endless(CODES), tiny.greedy().withRepetitionPenalty(1e30), SEED);
        assertEquals(CODES, Arrays.stream(codes).distinct().count());
        assertTrue(Arrays.stream(codes)
                .noneMatch(code -> code == tiny.talker.config().codecMask()
                        || code == tiny.talker.config().codecPad()
                        || code == tiny.talker.config().codecStart()));
    }

    @Test
    void endsAtTheLimitOfCodes() {
        try (TalkerFixture.Chat chat = tiny.chat(1, 64)) {
            CodeStream codes = stream(chat, TEXT, endless(7), tiny.greedy(), SEED);
            assertThrows(IllegalStateException.class, codes::end);
            assertThrows(IllegalStateException.class, codes::code);
            assertEquals(7, drain(codes).length);
            assertEquals(SpeechEnd.LENGTH, codes.end());
            assertFalse(codes.advance());
        }
    }

    @Test
    void endsAtAnEndMarkThatIsNotHeard() {
        int[] free = codes(endless(CODES), tiny.greedy(), SEED);
        int at = 12;
        while (Arrays.stream(free, 0, at).anyMatch(code -> code == free[12])) {
            at--;
        }
        int mark = free[at];
        SpeechLimits limits = endless(CODES).withEndCodes(List.of(mark));
        try (TalkerFixture.Chat chat = tiny.chat(1, 64)) {
            CodeStream codes = stream(chat, TEXT, limits, tiny.greedy(), SEED);
            assertArrayEquals(Arrays.copyOf(free, at), drain(codes));
            assertEquals(SpeechEnd.MARK, codes.end());
            assertArrayEquals(Arrays.copyOf(free, at + 1), codes.drawn());
            assertEquals(at, codes.size());
        }
    }

    @Test
    void endsAtThePaddingAndEndCodesOfTheCheckpoint() {
        assertEquals(
                List.of(tiny.talker.config().codecPad(), tiny.talker.config().codecEnd()),
                SpeechLimits.of(tiny.config).endCodes());
    }

    @Test
    void doesNotGoOnLongAfterTheTextHasEnded() {
        // 2 codes a second: 5 tokens of text and 5 seconds make 20 codes.
        SpeechLimits limits = new SpeechLimits(SpeechLimits.DEFAULT_MAX_CODES, List.of(), 2);
        try (TalkerFixture.Chat chat = tiny.chat(1, 64)) {
            CodeStream codes = stream(chat, TEXT, limits, tiny.greedy(), SEED);
            assertEquals(20, drain(codes).length);
            assertEquals(SpeechEnd.BEYOND_TEXT, codes.end());
        }
    }

    @Test
    void endsWhenTheContextIsFull() {
        try (TalkerFixture.Chat chat = tiny.new Chat(1, 64, 50)) {
            CodeStream codes = stream(chat, TEXT, endless(CODES), tiny.greedy(), SEED);
            // 42 positions of the prompt, then one for each code that is fed back.
            assertEquals(9, drain(codes).length);
            assertEquals(SpeechEnd.LENGTH, codes.end());
            assertTrue(chat.session.full());
        }
    }

    @Test
    void saysNothingOfATextOfOneToken() {
        try (TalkerFixture.Chat chat = tiny.chat(1, 64)) {
            CodeStream codes = stream(chat, 1, endless(CODES), tiny.greedy(), SEED);
            assertEquals(0, drain(codes).length);
            assertEquals(SpeechEnd.NO_TEXT, codes.end());
            CodeStream next = stream(chat, 2, endless(CODES), tiny.greedy(), SEED);
            assertEquals(CODES, drain(next).length);
        }
    }

    @Test
    void waitsForTheTextWithoutAnInfluenceOnTheCodes() {
        int[] expected = codes(endless(CODES), tiny.talker.samplingDefaults(), SEED);
        Random random = new Random(3);
        try (TalkerFixture.Chat chat = tiny.chat(2, 64)) {
            chat.ask(prompt);
            chat.session.begin(prompt, tiny.speaker());
            CodeStream codes = chat.codes(endless(CODES), tiny.talker.samplingDefaults(), SEED, GO_ON);
            int tokens = 1;
            while (!codes.ended()) {
                boolean write = !codes.ready() || random.nextBoolean();
                if (write && tokens < TEXT) {
                    chat.write();
                    tokens++;
                } else if (write) {
                    chat.input.endText();
                }
                if (codes.ready()) {
                    codes.advance();
                }
            }
            assertArrayEquals(expected, codes.codes());
        }
    }

    @Test
    void endsWithinOneStepWhenCancelled() {
        int[] expected = codes(endless(CODES), tiny.greedy(), SEED);
        for (int at : new int[] {0, 1, 5, 20}) {
            Cancellation cancellation = new Cancellation();
            try (TalkerFixture.Chat chat = tiny.chat(1, 64)) {
                chat.answer(prompt, TEXT);
                chat.session.begin(prompt, tiny.speaker());
                CodeStream codes = chat.codes(endless(CODES), tiny.greedy(), SEED, cancellation);
                while (codes.size() < at) {
                    codes.advance();
                }
                cancellation.cancel();
                assertTrue(codes.ready());
                assertFalse(codes.advance());
                assertEquals(SpeechEnd.INTERRUPTED, codes.end());
                assertArrayEquals(Arrays.copyOf(expected, at), codes.codes());
                chat.session.begin(prompt, tiny.speaker());
                assertArrayEquals(expected, drain(chat.codes(endless(CODES), tiny.greedy(), SEED, GO_ON)));
            }
        }
    }

    @Test
    void endsWhenCancelledInTheMiddleOfAStep() {
        Talker plain = tiny.talker;
        Cancellation cancellation = new Cancellation();
        int[] left = {6};
        tiny.talker = plain.observedBy(new TalkerTap() {
            @Override
            public void projected(Matrix sums, Matrix inputs) {
                if (--left[0] == 0) {
                    cancellation.cancel();
                }
            }

            @Override
            public void decoded(Matrix hidden) {}
        });
        try (TalkerFixture.Chat chat = tiny.chat(1, 64)) {
            chat.answer(prompt, TEXT);
            chat.session.begin(prompt, tiny.speaker());
            CodeStream codes = chat.codes(endless(CODES), tiny.greedy(), SEED, cancellation);
            // One chunk, the opening with the first code, three steps; the fourth is cancelled.
            assertEquals(4, drain(codes).length);
            assertEquals(SpeechEnd.INTERRUPTED, codes.end());
        } finally {
            tiny.talker = plain;
        }
    }
}
