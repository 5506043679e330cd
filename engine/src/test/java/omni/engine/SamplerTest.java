package omni.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import omni.error.OmniException;
import omni.error.RequestException;
import org.junit.jupiter.api.Test;

class SamplerTest {
    private static final float NEVER = Float.NEGATIVE_INFINITY;

    @Test
    void greedyTakesTheFirstOfTheBest() {
        assertEquals(1, sampler(SamplingOptions.GREEDY, 4).next(row(1, 3, 3, 2), new TokenHistory()));
    }

    @Test
    void greedyMindsPenaltyAndSuppressionButNothingElse() {
        SamplingOptions options = SamplingOptions.GREEDY
                .withRepetitionPenalty(2)
                .withSuppressed(List.of(3, 99))
                .withTopK(1)
                .withTopP(0.1);
        assertArrayEquals(
                new float[] {1.5f, -8, 2, NEVER, 0},
                sampler(options, 5).scores(row(3, -4, 2, 9, 0), history(0, 1, 3, 4, 99)));
        assertEquals(2, sampler(options, 5).next(row(3, -4, 2, 9, 0), history(0, 1, 3, 4, 99)));
    }

    @Test
    void penalizesAnIdOnceHoweverOftenItOccurred() {
        SamplingOptions options = SamplingOptions.PLAIN.withRepetitionPenalty(2);
        assertArrayEquals(new float[] {2, -2}, sampler(options, 2).scores(row(4, -1), history(0, 1, 0, 0, 1)));
    }

    @Test
    void runsItsStepsInTheOrderOfTheReference() {
        SamplingOptions options = new SamplingOptions(0.5, 3, 0.95, 0, 2, List.of(4));
        // penalty: 4 -> 2; suppression: id 4; temperature doubles; top-k leaves 4, 6, 5; top-p removes the least of
        // them: 0.09 > 0.05 stays.
        assertArrayEquals(
                new float[] {4, NEVER, 6, 5, NEVER}, sampler(options, 5).scores(row(4, 1, 3, 2.5f, 9), history(0)));
        assertArrayEquals(
                new float[] {NEVER, NEVER, 6, 5, NEVER},
                sampler(options.withTopP(0.9), 5).scores(row(4, 1, 3, 2.5f, 9), history(0)));
    }

    @Test
    void givesTheDistributionItDrawsFrom() {
        float[] p = sampler(SamplingOptions.PLAIN.withTopK(2), 3)
                .probabilities(row((float) Math.log(3), -2, 0), new TokenHistory());
        assertArrayEquals(new float[] {0.75f, 0, 0.25f}, p, 1e-7f);
        assertArrayEquals(
                new float[] {1, 0, 0},
                sampler(SamplingOptions.GREEDY, 3).probabilities(row(1, 0, 1), new TokenHistory()));
    }

    @Test
    void aSeedGivesTheSameTokensAndLookingAtScoresDrawsNothing() {
        SamplingOptions options = SamplingOptions.PLAIN.withTopP(0.9);
        Matrix logits = RandomModel.rows(1, 500, 3);
        Sampler first = new Sampler(options, 500, new RandomStream(9, 0));
        Sampler second = new Sampler(options, 500, new RandomStream(9, 0));
        for (int i = 0; i < 50; i++) {
            second.scores(logits, new TokenHistory());
            assertEquals(first.next(logits, new TokenHistory()), second.next(logits, new TokenHistory()));
        }
    }

    @Test
    void neverChoosesWhatIsImpossible() {
        Sampler sampler = sampler(SamplingOptions.PLAIN.withTemperature(1e-6), 4);
        for (int i = 0; i < 20; i++) {
            assertEquals(2, sampler.next(row(NEVER, 1e30f, 2e30f, NEVER), new TokenHistory()));
        }
    }

    @Test
    void refusesLogitsThatAreNoNumbers() {
        for (SamplingOptions options : List.of(SamplingOptions.GREEDY, SamplingOptions.PLAIN)) {
            OmniException nan = assertThrows(
                    OmniException.class, () -> sampler(options, 3).next(row(0, Float.NaN, 0), new TokenHistory()));
            assertEquals(
                    "bad logits: id=1, value=NaN; the weights may be damaged, or a number has grown beyond float32",
                    nan.getMessage());
            OmniException infinite = assertThrows(
                    OmniException.class,
                    () -> sampler(options, 2).next(row(0, Float.POSITIVE_INFINITY), new TokenHistory()));
            assertEquals(
                    "bad logits: id=1, value=Infinity; the weights may be damaged, or a number has grown beyond"
                            + " float32",
                    infinite.getMessage());
        }
    }

    @Test
    void refusesWhenNothingIsLeft() {
        for (SamplingOptions options : List.of(SamplingOptions.GREEDY, SamplingOptions.PLAIN)) {
            OmniException e = assertThrows(
                    OmniException.class,
                    () -> sampler(options.withSuppressed(List.of(0, 1)), 2).next(row(1, 2), new TokenHistory()));
            assertEquals("no token can be chosen: every logit is -infinity; suppress fewer ids", e.getMessage());
        }
    }

    @Test
    void refusesOptionsOutsideTheirRange() {
        assertRefused("bad sampling option: temperature=-1.0; 0 is greedy, else at least 1.0E-6", -1, 0, 1, 0, 1);
        assertRefused(
                "bad sampling option: temperature=NaN; 0 is greedy, else at least 1.0E-6", Double.NaN, 0, 1, 0, 1);
        assertRefused("bad sampling option: top-k=-1; 0 keeps all, else at least 1", 1, -1, 1, 0, 1);
        assertRefused("bad sampling option: top-p=1.5; must lie between 0 and 1", 1, 0, 1.5, 0, 1);
        assertRefused("bad sampling option: min-p=-0.5; must lie between 0 and 1", 1, 0, 1, -0.5, 1);
        assertRefused("bad sampling option: repetition penalty=0.0; must be positive", 1, 0, 1, 0, 0);
    }

    private static void assertRefused(
            String message, double temperature, int topK, double topP, double minP, double penalty) {
        RequestException e = assertThrows(
                RequestException.class, () -> new SamplingOptions(temperature, topK, topP, minP, penalty, List.of()));
        assertEquals(message, e.getMessage());
    }

    private static Sampler sampler(SamplingOptions options, int vocabulary) {
        return new Sampler(options, vocabulary, new RandomStream(1, 0));
    }

    private static TokenHistory history(int... ids) {
        TokenHistory history = new TokenHistory();
        history.addAll(ids);
        return history;
    }

    private static Matrix row(float... values) {
        Matrix out = RandomModel.zeros(1, values.length);
        for (int i = 0; i < values.length; i++) {
            out.set(0, i, values[i]);
        }
        return out;
    }
}
