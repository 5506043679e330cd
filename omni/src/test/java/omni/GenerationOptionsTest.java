package omni;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import omni.engine.SamplingOptions;
import omni.error.RequestException;
import omni.fixture.Thrown;
import omni.loader.GenerationConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class GenerationOptionsTest {
    private static final GenerationOptions NONE = GenerationOptions.defaults();
    private static final GenerationConfig SILENT =
            new GenerationConfig(List.of(1), null, null, null, null, null, null, null);

    private static SamplingOptions settled(GenerationOptions options, GenerationConfig config) {
        return options.sampling(SamplingDefaults.of(config).sampling());
    }

    private static String refusal(Executable options) {
        return Thrown.message(RequestException.class, options);
    }

    @Test
    void isGreedyWhereNobodyChooses() {
        assertEquals(new SamplingOptions(0, 50, 1, 0, 1, List.of()), settled(NONE, SILENT));
        assertEquals(1024, SamplingDefaults.of(SILENT).maxTokens());
    }

    @Test
    void samplesWhereTheCheckpointSaysSo() {
        GenerationConfig config = new GenerationConfig(List.of(1), true, 0.7, 20, 0.8, 0.05, 1.1, 99);
        assertEquals(new SamplingOptions(0.7, 20, 0.8, 0.05, 1.1, List.of()), settled(NONE, config));
        assertEquals(99, SamplingDefaults.of(config).maxTokens());
        assertEquals(
                new SamplingOptions(1, 50, 1, 0, 1, List.of()),
                settled(NONE, new GenerationConfig(List.of(1), true, null, null, null, null, null, null)));
    }

    @Test
    void ignoresTheCheckpointsTemperatureWhereItDoesNotSample() {
        GenerationConfig config = new GenerationConfig(List.of(1), false, 0.7, 20, 0.8, null, 1.1, null);
        assertEquals(new SamplingOptions(0, 20, 0.8, 0, 1.1, List.of()), settled(NONE, config));
        assertEquals(new SamplingOptions(0.5, 20, 0.8, 0, 1.1, List.of()), settled(NONE.withTemperature(0.5), config));
    }

    @Test
    void putsEveryOptionBeforeTheCheckpoints() {
        GenerationConfig config = new GenerationConfig(List.of(1), true, 0.7, 20, 0.8, 0.05, 1.1, 99);
        GenerationOptions options = NONE.withTemperature(0.2)
                .withTopK(3)
                .withTopP(0.4)
                .withMinP(0.5)
                .withRepeatPenalty(1.6)
                .withMaxTokens(7)
                .withSeed(8);
        assertEquals(new SamplingOptions(0.2, 3, 0.4, 0.5, 1.6, List.of()), settled(options, config));
        assertEquals(7, options.maxTokens());
        assertEquals(8, options.seed());
        assertEquals(0, settled(GenerationOptions.greedy(), config).temperature());
    }

    @Test
    void shouldRefuseWhatMakesNoSense() {
        assertEquals("max tokens: value=0; give 1 or more", refusal(() -> NONE.withMaxTokens(0)));
        assertEquals(
                "bad sampling option: temperature=-1.0; 0 is greedy, else at least 1.0E-6",
                refusal(() -> NONE.withTemperature(-1)));
        assertEquals(
                "bad sampling option: temperature=NaN; 0 is greedy, else at least 1.0E-6",
                refusal(() -> NONE.withTemperature(Double.NaN)));
        assertEquals("bad sampling option: top-k=-1; 0 keeps all, else at least 1", refusal(() -> NONE.withTopK(-1)));
        assertEquals("bad sampling option: top-p=1.5; must lie between 0 and 1", refusal(() -> NONE.withTopP(1.5)));
        assertEquals("bad sampling option: min-p=-0.5; must lie between 0 and 1", refusal(() -> NONE.withMinP(-0.5)));
        assertEquals(
                "bad sampling option: repetition penalty=0.0; must be positive",
                refusal(() -> NONE.withRepeatPenalty(0)));
    }
}
