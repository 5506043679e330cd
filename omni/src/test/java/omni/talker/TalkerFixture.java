package omni.talker;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import omni.engine.Cancellation;
import omni.engine.Matrix;
import omni.engine.RandomStream;
import omni.engine.Sampler;
import omni.engine.SamplingOptions;
import omni.engine.ThreadTeam;
import omni.fixture.TinyModels;
import omni.loader.Checkpoint;
import omni.loader.ModelConfig;
import omni.loader.Speaker;
import omni.loader.Speakers;
import omni.thinker.Prompt;
import omni.thinker.Thinker;
import omni.thinker.ThinkerSession;
import omni.thinker.ThinkerWorkspace;
import org.jspecify.annotations.Nullable;

/** The tiny Qwen2.5-Omni with both its decoders, and one conversation of theirs. */
final class TalkerFixture implements AutoCloseable {
    static final Cancellation GO_ON = new Cancellation();
    static final int CONTEXT = 400;

    final ModelConfig config;
    final Checkpoint checkpoint;
    final Thinker thinker;
    final Speakers speakers;
    Talker talker;

    TalkerFixture() {
        Path model = TinyModels.OMNI.path();
        config = ModelConfig.read(model);
        checkpoint = Checkpoint.open(model);
        thinker = Thinker.load(config, checkpoint);
        try (ThreadTeam team = new ThreadTeam(1)) {
            talker = Talker.load(config, checkpoint, team);
        }
        speakers = Speakers.load(model, config);
    }

    /** Ids of text. */
    static int[] ids(int seed, int length) {
        return new Random(seed).ints(length, 0, 600).toArray();
    }

    Prompt prompt(int... ids) {
        return Prompt.ofText(ids, thinker.ropeRules());
    }

    Speaker speaker() {
        return speakers.voice(null);
    }

    /** Greedy, so that the logits alone decide. */
    SamplingOptions greedy() {
        return talker.samplingDefaults().withTemperature(0);
    }

    Chat chat(int threads, int chunk) {
        return new Chat(threads, chunk, CONTEXT);
    }

    /** A conversation. */
    final class Chat implements AutoCloseable {
        final ThreadTeam team;
        final ThinkerWorkspace thinkerWorkspace;
        final TalkerWorkspace talkerWorkspace;
        final TalkerInput input;
        final ThinkerSession thinkerSession;
        final TalkerSession session;

        private int[] text = new int[0];
        private @Nullable Prompt prompt;

        Chat(int threads, int chunk, int talkerContext) {
            team = new ThreadTeam(threads);
            thinkerWorkspace = new ThinkerWorkspace(thinker, 512, team);
            talkerWorkspace = new TalkerWorkspace(talker, chunk, team);
            input = new TalkerInput(thinker, talker.config());
            thinkerSession = new ThinkerSession(thinker, thinkerWorkspace, CONTEXT, input);
            session = new TalkerSession(talker, thinker, talkerWorkspace, input, talkerContext);
        }

        /** Begins a turn of the Thinker and computes its prompt; returns how many positions were kept. */
        int ask(Prompt next) {
            int kept = thinkerSession.begin(next, input.length());
            input.begin(next, kept);
            Matrix logits = null;
            while (logits == null) {
                logits = thinkerSession.prefill(GO_ON);
            }
            prompt = next;
            text = new int[] {best(logits)};
            return kept;
        }

        /** Generates one more token of text. */
        void write() {
            Matrix logits = thinkerSession.step(text[text.length - 1], GO_ON);
            text = Arrays.copyOf(text, text.length + 1);
            text[text.length - 1] = best(logits);
        }

        /** A whole turn of text with {@code tokens} tokens. */
        int answer(Prompt next, int tokens) {
            int kept = ask(next);
            while (text.length < tokens) {
                write();
            }
            input.endText();
            return kept;
        }

        /** The last prompt and what was generated behind it. */
        int[] all() {
            int[] ids = prompt == null ? new int[0] : prompt.ids();
            int[] all = Arrays.copyOf(ids, ids.length + text.length);
            System.arraycopy(text, 0, all, ids.length, text.length);
            return all;
        }

        /** Logits of {@code steps} greedy steps in a turn whose text has ended, one row after the other. */
        float[] speak(Prompt next, Speaker speaker, int steps) {
            session.begin(next, speaker);
            Matrix logits = null;
            while (logits == null) {
                logits = session.prefill(GO_ON);
            }
            float[] out = logits.toArray();
            for (int step = 1; step < steps; step++) {
                logits = session.step(best(logits), GO_ON);
                float[] row = logits.toArray();
                out = Arrays.copyOf(out, out.length + row.length);
                System.arraycopy(row, 0, out, out.length - row.length, row.length);
            }
            return out;
        }

        CodeStream codes(SpeechLimits limits, SamplingOptions sampling, long seed, Cancellation cancellation) {
            RandomStream random = new RandomStream(seed, CodeStream.RANDOM_STREAM);
            return new CodeStream(session, new Sampler(sampling, talker.vocabulary(), random), limits, cancellation);
        }

        @Override
        public void close() {
            session.close();
            thinkerSession.close();
            input.close();
            talkerWorkspace.close();
            thinkerWorkspace.close();
            team.close();
        }
    }

    static int best(Matrix row) {
        int best = 0;
        for (int i = 1; i < row.cols(); i++) {
            best = row.get(0, i) > row.get(0, best) ? i : best;
        }
        return best;
    }

    @Override
    public void close() {
        talker.close();
        checkpoint.close();
    }
}
