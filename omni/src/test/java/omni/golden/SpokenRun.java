package omni.golden;

import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.Set;
import omni.engine.Cancellation;
import omni.engine.Matrix;
import omni.engine.RandomStream;
import omni.engine.Sampler;
import omni.engine.SamplingOptions;
import omni.engine.ThreadTeam;
import omni.engine.TokenHistory;
import omni.engine.TokenStream;
import omni.loader.Speaker;
import omni.talker.CodeStream;
import omni.talker.SpeechLimits;
import omni.talker.Talker;
import omni.talker.TalkerInput;
import omni.talker.TalkerSession;
import omni.talker.TalkerWorkspace;
import omni.thinker.Prompt;
import omni.thinker.Thinker;
import omni.thinker.ThinkerSession;
import omni.thinker.ThinkerWorkspace;

/**
 * A greedy reply as text and codes, the Talker always as far as the Thinker lets it. The Thinker's steps and the Talker's alternate as
 * they do when speech is streamed.
 */
final class SpokenRun implements AutoCloseable {
    private static final int THREADS = 2;

    /** Rows of a chunk of a prompt: small, so that prompts of golden cases take several. */
    private static final int CHUNK = 100;

    private final Talker talker;
    private final Thinker thinker;
    private final ThreadTeam team = new ThreadTeam(THREADS);
    private final ThinkerWorkspace thinkerWorkspace;
    private final TalkerWorkspace talkerWorkspace;
    private final TalkerInput input;
    private final ThinkerSession thinkerSession;
    private final TalkerSession talkerSession;

    SpokenRun(Thinker thinker, Talker talker) {
        this.talker = talker;
        this.thinker = thinker;
        thinkerWorkspace = new ThinkerWorkspace(thinker, CHUNK, team);
        talkerWorkspace = new TalkerWorkspace(talker, CHUNK, team);
        input = new TalkerInput(thinker, talker.config());
        thinkerSession =
                new ThinkerSession(thinker, thinkerWorkspace, thinker.config().maxPositions(), input);
        talkerSession = new TalkerSession(
                talker, thinker, talkerWorkspace, input, talker.decoderConfig().maxPositions());
    }

    /**
     * Speaks.
     *
     * @param endIds tokens that end the text
     * @param maxTokens most tokens of text
     * @return the text's tokens and the stream of codes at its end
     */
    Spoken speak(
            Prompt prompt,
            Speaker speaker,
            Set<Integer> endIds,
            int maxTokens,
            SamplingOptions sampling,
            SpeechLimits limits) {
        input.begin(prompt, thinkerSession.begin(prompt, input.length()));
        talkerSession.begin(prompt, speaker);
        CodeStream codes = new CodeStream(
                talkerSession,
                new Sampler(sampling, talker.vocabulary(), new RandomStream(0, CodeStream.RANDOM_STREAM)),
                limits,
                new Cancellation());
        Matrix logits = null;
        while (logits == null) {
            logits = thinkerSession.prefill(new Cancellation());
            advance(codes);
        }
        TokenStream text = new TokenStream(
                logits,
                thinkerSession.steps(new Cancellation()),
                new Sampler(SamplingOptions.GREEDY, thinker.vocabulary(), new RandomStream(0, 0)),
                new TokenHistory(),
                endIds,
                maxTokens,
                new Cancellation());
        while (text.advance()) {
            advance(codes);
        }
        input.endText();
        advance(codes);
        return new Spoken(text.tokens(), codes);
    }

    private static void advance(CodeStream codes) {
        while (!codes.ended() && codes.ready()) {
            codes.advance();
        }
    }

    /** Rows of the prompt and the first of the reply with the voice's opening between them [L + 2, E]. */
    float[] talkerPrompt(Prompt prompt, Speaker speaker) {
        Matrix rows = rows(prompt.length() + 2);
        input.copy(0, rows.rows(0, prompt.length()));
        thinker.embed(speaker.bosToken(), rows, prompt.length());
        input.addReply(0, rows, prompt.length() + 1);
        return rows.toArray();
    }

    /** Rows of the reply behind the first, the end of the text and one of padding [count, E]. */
    float[] replyRows(int count) {
        Matrix rows = rows(count);
        for (int i = 0; i < count; i++) {
            input.addReply(i + 1, rows, i);
        }
        return rows.toArray();
    }

    private Matrix rows(int rows) {
        int channels = thinker.config().hidden();
        return new Matrix(
                Arena.ofAuto().allocate((long) Float.BYTES * rows * channels, 64), 0, rows, channels, channels);
    }

    TalkerSession talkerSession() {
        return talkerSession;
    }

    /** Logits and codes of {@code steps} greedy steps of the current turn from its begin, whose text must have ended. */
    Steps steps(Prompt prompt, Speaker speaker, SamplingOptions sampling, int steps) {
        talkerSession.clear();
        talkerSession.begin(prompt, speaker);
        int vocabulary = talker.vocabulary();
        Steps out = new Steps(new float[steps * vocabulary], new float[steps * vocabulary], new int[steps]);
        Sampler sampler = new Sampler(sampling, vocabulary, new RandomStream(0, CodeStream.RANDOM_STREAM));
        TokenHistory history = new TokenHistory();
        history.addAll(promptCodes(1));
        Matrix logits = null;
        while (logits == null) {
            logits = talkerSession.prefill(new Cancellation());
        }
        for (int step = 0; ; step++) {
            System.arraycopy(logits.toArray(), 0, out.logits(), step * vocabulary, vocabulary);
            System.arraycopy(sampler.scores(logits, history), 0, out.scores(), step * vocabulary, vocabulary);
            out.codes()[step] = sampler.next(logits, history);
            history.add(out.codes()[step]);
            if (step + 1 == steps) {
                return out;
            }
            logits = talkerSession.step(out.codes()[step], new Cancellation());
        }
    }

    /** What the history of the repetition penalty begins with for a prompt of {@code length} positions. */
    int[] promptCodes(int length) {
        int[] out = new int[length + 2];
        Arrays.fill(out, talker.config().codecMask());
        out[length] = talker.config().codecPad();
        out[length + 1] = talker.config().codecStart();
        return out;
    }

    /**
     * A reply.
     *
     * @param text its tokens
     * @param codes its codes
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Spoken(int[] text, CodeStream codes) {}

    /**
     * Steps of the Talker.
     *
     * @param logits [n, V]
     * @param scores the same after penalty and suppression
     * @param codes [n]
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Steps(float[] logits, float[] scores, int[] codes) {}

    @Override
    public void close() {
        talkerSession.close();
        thinkerSession.close();
        input.close();
        talkerWorkspace.close();
        thinkerWorkspace.close();
        team.close();
    }
}
