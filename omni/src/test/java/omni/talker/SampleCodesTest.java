package omni.talker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import omni.engine.Cancellation;
import omni.engine.Matrix;
import omni.engine.RandomStream;
import omni.engine.Sampler;
import omni.engine.SamplingOptions;
import omni.engine.ThreadTeam;
import omni.engine.TokenHistory;
import omni.engine.TokenStream;
import omni.fixture.TinyModels;
import omni.loader.Checkpoint;
import omni.loader.Json;
import omni.loader.JsonObject;
import omni.loader.JsonValue;
import omni.loader.ModelConfig;
import omni.loader.Speaker;
import omni.loader.Speakers;
import omni.thinker.Prompt;
import omni.thinker.RopeRules;
import omni.thinker.Thinker;
import omni.thinker.ThinkerSession;
import omni.thinker.ThinkerWorkspace;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The spoken samples of the bundled model that need no encoder: a trained Talker, which ends by itself. */
class SampleCodesTest {
    private static final Path MODEL =
            TinyModels.resource("/omni/demo/model/config.json").resolveSibling("");

    @TestFactory
    Stream<DynamicTest> givesTheCodesOfTheReference() {
        RopeRules rules = RopeRules.of(ModelConfig.read(MODEL));
        List<JsonObject> samples =
                Json.readObject(MODEL.resolve("samples/expected.json")).getArray("cases").toValues().stream()
                        .map(JsonValue::asObject)
                        .filter(sample -> sample.has("speech")
                                && sample.getInts("prompt_ids").stream().noneMatch(rules::isPlaceholder))
                        .toList();
        assertTrue(!samples.isEmpty());
        return samples.stream()
                .map(sample -> DynamicTest.dynamicTest(sample.getString("name"), () -> assertSpoken(sample)));
    }

    private static int[] ints(JsonObject object, String key) {
        return object.getInts(key).stream().mapToInt(i -> i).toArray();
    }

    private static void assertSpoken(JsonObject sample) {
        ModelConfig config = ModelConfig.read(MODEL);
        JsonObject speech = sample.getObject("speech");
        try (Checkpoint checkpoint = Checkpoint.open(MODEL);
                ThreadTeam team = new ThreadTeam(2);
                Talker talker = Talker.load(config, checkpoint, team)) {
            Thinker thinker = Thinker.load(config, checkpoint);
            Speaker speaker = Speakers.load(MODEL, config).voice(speech.getString("speaker"));
            Prompt prompt = Prompt.ofText(ints(sample, "prompt_ids"), thinker.ropeRules());
            int[] text = ints(sample, "token_ids");
            try (TalkerInput input = new TalkerInput(thinker, talker.config());
                    ThinkerWorkspace thinkerWorkspace = new ThinkerWorkspace(thinker, 64, team);
                    TalkerWorkspace workspace = new TalkerWorkspace(talker, 64, team);
                    ThinkerSession writer = new ThinkerSession(thinker, thinkerWorkspace, 512, input);
                    TalkerSession session = new TalkerSession(talker, thinker, workspace, input, 512)) {
                input.begin(prompt, writer.begin(prompt, input.length()));
                session.begin(prompt, speaker);
                int[] written = write(writer, thinker, text[text.length - 1]);
                assertEquals(Arrays.toString(text), Arrays.toString(written));
                input.endText();
                SamplingOptions sampling = talker.samplingDefaults()
                        .withTemperature(0)
                        .withRepetitionPenalty(speech.getDouble("repetition_penalty", 0));
                CodeStream codes = new CodeStream(
                        session,
                        new Sampler(sampling, talker.vocabulary(), new RandomStream(0, CodeStream.RANDOM_STREAM)),
                        SpeechLimits.of(config),
                        new Cancellation());
                while (!codes.ended()) {
                    codes.advance();
                }
                assertEquals(Arrays.toString(ints(speech, "codes")), Arrays.toString(codes.codes()));
                assertEquals(SpeechEnd.MARK, codes.end());
            }
        }
    }

    private static int[] write(ThinkerSession writer, Thinker thinker, int endId) {
        Matrix logits = null;
        while (logits == null) {
            logits = writer.prefill(new Cancellation());
        }
        TokenStream text = new TokenStream(
                logits,
                writer.steps(new Cancellation()),
                new Sampler(SamplingOptions.GREEDY, thinker.vocabulary(), new RandomStream(0, 0)),
                new TokenHistory(),
                Set.of(endId),
                50,
                new Cancellation());
        text.drain((index, id) -> {});
        return text.tokens();
    }
}
