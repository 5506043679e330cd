package omni.pipeline;

import java.util.Arrays;
import java.util.concurrent.CancellationException;
import omni.engine.Cancellation;
import omni.engine.Matrix;
import omni.engine.RandomStream;
import omni.engine.Sampler;
import omni.speech.MelNoise;
import omni.speech.MelStream;
import omni.speech.VocoderStream;
import omni.talker.CodeStream;
import omni.talker.SpeechEnd;
import omni.talker.SpeechLimits;
import omni.talker.TalkerSession;
import org.jspecify.annotations.Nullable;

/**
 * The spoken side of one reply, as a machine of small steps: one code, one evaluation of the diffusion transformer, or one piece of
 * sound. Of those that can be done, {@link #step} does the one nearest to the listener, so a chunk of mel begins the moment its codes
 * are there and what is computed does not depend on when steps are asked for.
 *
 * <p>For one thread at a time.
 */
public final class SpeechStage implements AutoCloseable {
    /** Mel frames that become sound in one step: half a second with the released sizes. */
    static final int PIECE_FRAMES = 48;

    private final SpeechModel model;
    private final SpeechSettings settings;
    private final Cancellation cancellation;
    private final CodeStream codes;
    private final MelStream mel;
    private final VocoderStream vocoder;

    /** Mel frames that were solved, and how many of them became sound. */
    private @Nullable Matrix solved;

    private int sounded;

    /** Codes that mel was given. */
    private int given;

    private boolean melFinished;
    private float[] samples = new float[0];
    private int sampleCount;
    private long taken;
    private boolean ended;
    private long talkerNanos;
    private long token2wavNanos;

    SpeechStage(
            SpeechModel model, TalkerSession session, SpeechSettings settings, long seed, Cancellation cancellation) {
        this.model = model;
        this.settings = settings;
        this.cancellation = cancellation;
        SpeechLimits limits = model.limits();
        Sampler sampler = new Sampler(
                model.audible(settings.sampling(), limits),
                model.talker().vocabulary(),
                new RandomStream(seed, CodeStream.RANDOM_STREAM));
        Integer most = settings.maxCodes();
        codes = new CodeStream(session, sampler, most == null ? limits : limits.withMaxCodes(most), cancellation);
        long start = System.nanoTime();
        mel = new MelStream(
                model.dit(),
                model.voice(settings.speaker()),
                model.schedule(settings.mel()),
                settings.mel(),
                settings.plan(),
                MelNoise.seeded(seed),
                model.team());
        vocoder = model.vocoder().stream(PIECE_FRAMES, model.team());
        token2wavNanos = System.nanoTime() - start;
    }

    /** True if a step can be done now; otherwise the Thinker has to write on, or all is said. */
    public boolean ready() {
        return !ended && (soundReady() || codes.ready());
    }

    /** True if all is said, or the reply was cancelled. */
    public boolean ended() {
        return ended;
    }

    private boolean soundReady() {
        return solved != null || mel.ready() || (melFinished && mel.done());
    }

    /**
     * Does one step.
     *
     * @throws IllegalStateException unless {@link #ready}
     */
    public void step() {
        if (!ready()) {
            throw new IllegalStateException("speech: not ready");
        }
        if (cancellation.isCancelled()) {
            // The code stream settles why it ended.
            codes.advance();
            ended = true;
            return;
        }
        long start = System.nanoTime();
        if (soundReady()) {
            soundStep();
            token2wavNanos += System.nanoTime() - start;
        } else {
            codeStep();
            talkerNanos += System.nanoTime() - start;
        }
    }

    private void codeStep() {
        codes.advance();
        if (codes.size() > given) {
            int[] all = codes.codes();
            mel.addCodes(Arrays.copyOfRange(all, given, all.length));
            given = all.length;
        }
        if (codes.ended()) {
            mel.finish();
            melFinished = true;
        }
    }

    /** A piece of sound if there is mel for it, else one evaluation; at the end what the vocoder still holds back. */
    private void soundStep() {
        try {
            Matrix frames = solved;
            if (frames != null) {
                int to = Math.min(frames.rows(), sounded + PIECE_FRAMES);
                append(vocoder.feed(frames.rows(sounded, to), cancellation));
                sounded = to;
                if (to == frames.rows()) {
                    solved = null;
                }
            } else if (mel.ready()) {
                solved = mel.step(cancellation);
                sounded = 0;
            } else {
                append(vocoder.finish(cancellation));
                ended = true;
            }
        } catch (CancellationException e) {
            codes.advance();
            ended = true;
        }
    }

    /** Takes over what the vocoder has made. */
    private void append(int more) {
        if (sampleCount + more > samples.length) {
            samples = Arrays.copyOf(samples, Math.max(2 * samples.length, sampleCount + more));
        }
        System.arraycopy(vocoder.samples(), 0, samples, sampleCount, more);
        sampleCount += more;
    }

    /** The samples made since the last call, often none. */
    public float[] takeSamples() {
        float[] out = Arrays.copyOf(samples, sampleCount);
        taken += sampleCount;
        sampleCount = 0;
        return out;
    }

    /** Samples that were taken. */
    public long samplesTaken() {
        return taken;
    }

    /** Seconds of sound made so far. */
    public double seconds() {
        return (taken + sampleCount) / (double) sampleRate();
    }

    /** Samples in a second. */
    public int sampleRate() {
        return model.sampleRate();
    }

    /** Name of the speaker. */
    public String voice() {
        return settings.speaker().name();
    }

    /** The codes so far, without an end mark. */
    public int[] codes() {
        return codes.codes();
    }

    /** Why the codes ended; a reply that was broken off before they did was interrupted. */
    public SpeechEnd end() {
        return codes.ended() ? codes.end() : SpeechEnd.INTERRUPTED;
    }

    /** Seconds spent on the Talker. */
    public double talkerSeconds() {
        return talkerNanos / 1e9;
    }

    /** Seconds spent from codes to samples. */
    public double token2wavSeconds() {
        return token2wavNanos / 1e9;
    }

    @Override
    public void close() {
        ended = true;
        mel.close();
        vocoder.close();
    }
}
