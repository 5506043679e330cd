package omni.golden;

import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import omni.engine.Matrix;
import omni.engine.RandomStream;
import omni.engine.Sampler;
import omni.engine.SamplingOptions;
import omni.engine.TokenHistory;
import omni.loader.JsonObject;

/** From logits and history to the distribution to draw from. */
final class SamplingGroup extends TensorGroup {
    private static final Set<String> OPTIONS = Set.of("penalty", "suppress", "temperature", "top_k", "top_p");

    SamplingGroup() {
        super("sampling");
    }

    @Override
    protected void run(TensorCase one, GoldenFolder goldens) {
        JsonObject given = one.info().getObject("options");
        if (!OPTIONS.containsAll(given.keys())) {
            throw one.info().refuse("options", "known are " + OPTIONS);
        }
        SamplingOptions options = SamplingOptions.PLAIN
                .withRepetitionPenalty(given.getDouble("penalty", 1))
                .withSuppressed(given.getInts("suppress", List.of()))
                .withTemperature(given.getDouble("temperature", 1))
                .withTopK(given.getInt("top_k", 0))
                .withTopP(given.getDouble("top_p", 1));
        float[] logits = one.floats("logits");
        TokenHistory history = new TokenHistory();
        history.addAll(one.ints("history"));
        Sampler sampler = new Sampler(options, logits.length, new RandomStream(0, 0));
        try (Arena arena = Arena.ofConfined()) {
            Matrix row = new Matrix(arena.allocate(4L * logits.length, 64), 0, 1, logits.length, logits.length);
            for (int i = 0; i < logits.length; i++) {
                row.set(0, i, logits[i]);
            }
            float[] scores = sampler.scores(row, history);
            int kept = 0;
            for (float score : scores) {
                kept += score > Float.NEGATIVE_INFINITY ? 1 : 0;
            }
            one.findings().equal("kept", one.info().getInt("kept"), kept);
            compare(one, "scores", scores, logits);
            compare(one, "probabilities", sampler.probabilities(row, history), logits);
        }
    }

    /** Which of several equal logits a top-p bound keeps is left open, so their values are compared in order of size. */
    private static void compare(TensorCase one, String tensor, float[] actual, float[] logits) {
        float[] sorted = logits.clone();
        Arrays.sort(sorted);
        boolean ties = false;
        for (int i = 1; i < sorted.length; i++) {
            ties |= sorted[i] == sorted[i - 1] && sorted[i] > Float.NEGATIVE_INFINITY;
        }
        if (ties) {
            one.compareSorted(tensor, actual);
        } else {
            one.compare(tensor, actual, actual.length);
        }
    }
}
