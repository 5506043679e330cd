package omni.golden;

import java.util.Comparator;
import java.util.Objects;
import java.util.stream.IntStream;
import omni.engine.Cancellation;
import omni.engine.Matrix;
import omni.engine.ThreadTeam;
import omni.engine.Workspace;
import omni.thinker.HiddenStates;
import omni.thinker.Prompt;
import omni.thinker.Thinker;
import omni.thinker.ThinkerSession;
import omni.thinker.ThinkerWorkspace;

/** Prefill and greedy decoding of a prompt, with the tensors on the way that groups compare. T prompt positions, n steps. */
final class GreedyRun {
    private static final int THREADS = 2;

    /** Embeddings fed to the first layer [T, C]. */
    final float[] embeds;
    /** Residual stream after the first layer [T, C]. */
    final float[] afterLayer0;
    /** Hidden states after the final norm [T, C]. */
    final float[] finalHidden;
    /** Embeddings of the generated tokens but the last [n-1, C]. */
    final float[] decodeEmbeds;
    /** Hidden states after the final norm of the steps after the prefill [n-1, C]. */
    final float[] decodeFinalHidden;
    /** Logits of each step [n, V]. */
    final float[] logits;
    /** Chosen tokens [n]. */
    final int[] tokens;

    final int channels;
    final int vocabulary;
    final int length;

    GreedyRun(Thinker thinker, Prompt prompt, int steps) {
        channels = thinker.config().hidden();
        vocabulary = thinker.vocabulary();
        length = prompt.length();
        embeds = new float[length * channels];
        afterLayer0 = new float[length * channels];
        finalHidden = new float[length * channels];
        decodeEmbeds = new float[(steps - 1) * channels];
        decodeFinalHidden = new float[(steps - 1) * channels];
        logits = new float[steps * vocabulary];
        tokens = new int[steps];
        run(thinker, prompt, steps);
    }

    private void run(Thinker thinker, Prompt prompt, int steps) {
        int[] computed = {0};
        Thinker observed = thinker.observedBy((layer, x) -> {
            if (layer == 0 && computed[0] < length) {
                put(x, afterLayer0, computed[0]);
            }
        });
        HiddenStates listener = (first, ids, hidden) -> {
            computed[0] = first + hidden.rows();
            if (first < length) {
                put(hidden, finalHidden, first);
            } else {
                put(hidden, decodeFinalHidden, first - length);
            }
        };
        try (ThreadTeam team = new ThreadTeam(THREADS);
                Workspace scratch = new Workspace(team);
                ThinkerWorkspace ws = new ThinkerWorkspace(observed, length, team);
                ThinkerSession session = new ThinkerSession(observed, ws, length + steps, listener)) {
            Matrix rows = scratch.matrix(length, channels);
            thinker.embed(prompt, 0, rows);
            put(rows, embeds, 0);
            session.begin(prompt);
            Matrix row = Objects.requireNonNull(session.prefill(new Cancellation()));
            for (int step = 0; ; step++) {
                put(row, logits, step);
                tokens[step] = argMax(row);
                if (step + 1 == steps) {
                    break;
                }
                thinker.embed(tokens[step], rows, 0);
                put(rows.rows(0, 1), decodeEmbeds, step);
                row = session.step(tokens[step], new Cancellation());
            }
        }
    }

    private static void put(Matrix rows, float[] out, int firstRow) {
        System.arraycopy(rows.toArray(), 0, out, firstRow * rows.cols(), rows.rows() * rows.cols());
    }

    private static int argMax(Matrix row) {
        int best = 0;
        for (int i = 1; i < row.cols(); i++) {
            if (row.get(0, i) > row.get(0, best)) {
                best = i;
            }
        }
        return best;
    }

    /** Compares what the case has of: embeds, after_layer_0, final_hidden, logits, tokens and the like. */
    void compare(TensorCase one) {
        int steps = tokens.length;
        compare(one, "embeds", embeds, length);
        compare(one, "after_layer_0", afterLayer0, length);
        compare(one, "final_hidden", finalHidden, length);
        compare(one, "decode_embeds", decodeEmbeds, steps - 1);
        compare(one, "decode_final_hidden", decodeFinalHidden, steps - 1);
        one.compare("logits", logits, steps, vocabulary);
        one.compare("tokens", tokens, steps);
        if (one.has("top5_ids")) {
            compareBest(one, Math.toIntExact(one.shape("top5_ids")[1]));
        }
    }

    private void compare(TensorCase one, String tensor, float[] actual, int rows) {
        if (one.has(tensor)) {
            one.compare(tensor, actual, rows, channels);
        }
    }

    private void compareBest(TensorCase one, int best) {
        int[] ids = new int[tokens.length * best];
        float[] scores = new float[ids.length];
        for (int step = 0; step < tokens.length; step++) {
            int from = step * vocabulary;
            int[] order = IntStream.range(0, vocabulary)
                    .boxed()
                    .sorted(Comparator.comparingDouble(id -> -logits[from + id]))
                    .mapToInt(i -> i)
                    .limit(best)
                    .toArray();
            for (int i = 0; i < best; i++) {
                ids[step * best + i] = order[i];
                scores[step * best + i] = logits[from + order[i]];
            }
        }
        one.compare("top5_ids", ids, tokens.length, best);
        one.compare("top5_logits", scores, tokens.length, best);
    }
}
