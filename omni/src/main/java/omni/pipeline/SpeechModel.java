package omni.pipeline;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import omni.engine.Cancellation;
import omni.engine.SamplingOptions;
import omni.engine.ThreadTeam;
import omni.error.ModelFormatException;
import omni.error.RequestException;
import omni.loader.Checkpoint;
import omni.loader.ModelConfig;
import omni.loader.Speaker;
import omni.loader.Speakers;
import omni.loader.Token2WavConfig;
import omni.speech.BigVgan;
import omni.speech.DiffusionTransformer;
import omni.speech.DitSchedule;
import omni.speech.DitVoice;
import omni.speech.MelOptions;
import omni.talker.SpeechLimits;
import omni.talker.Talker;
import omni.talker.TalkerInput;
import omni.talker.TalkerSession;
import omni.talker.TalkerWorkspace;
import omni.thinker.Prompt;
import omni.thinker.Thinker;
import org.jspecify.annotations.Nullable;

/**
 * All of a checkpoint that speaks: Talker, voices, token2wav, and what they share between replies. Made when the first reply is to be
 * heard, since text alone needs none of it. One caller at a time.
 */
public final class SpeechModel implements AutoCloseable {
    private final Thinker thinker;
    private final Talker talker;
    private final Speakers speakers;
    private final DiffusionTransformer dit;
    private final BigVgan vocoder;
    private final SpeechLimits limits;
    private final ThreadTeam team;
    private final TalkerWorkspace workspace;
    private final Map<String, DitVoice> voices = new HashMap<>();
    private final Map<Integer, DitSchedule> schedules = new HashMap<>();

    private SpeechModel(
            Thinker thinker,
            Talker talker,
            Speakers speakers,
            DiffusionTransformer dit,
            BigVgan vocoder,
            SpeechLimits limits,
            int prefillRows,
            ThreadTeam team) {
        this.thinker = thinker;
        this.talker = talker;
        this.speakers = speakers;
        this.dit = dit;
        this.vocoder = vocoder;
        this.limits = limits;
        this.team = team;
        workspace = new TalkerWorkspace(talker, Math.max(2, prefillRows), team);
    }

    /**
     * Loads what speaks.
     *
     * @param thinker of the same checkpoint
     * @param prefillRows positions of one chunk of a prompt
     * @throws RequestException if the checkpoint has no Talker or no token2wav, or if its configuration switches speech off
     * @throws ModelFormatException if a tensor or the speakers' file is absent or broken
     */
    public static SpeechModel load(
            ModelConfig config, Checkpoint checkpoint, Thinker thinker, int prefillRows, ThreadTeam team) {
        Talker talker = Talker.load(config, checkpoint, team);
        try {
            if (config.token2wav() == null) {
                throw new RequestException("speech: checkpoint=" + checkpoint.folder()
                        + "; it has no token2wav, ask for text alone or use a complete checkpoint");
            }
            Speakers speakers = Speakers.load(checkpoint.folder(), config);
            DiffusionTransformer dit = DiffusionTransformer.load(config, checkpoint);
            BigVgan vocoder = BigVgan.load(config, checkpoint, team);
            return new SpeechModel(thinker, talker, speakers, dit, vocoder, SpeechLimits.of(config), prefillRows, team);
        } catch (RuntimeException | Error e) {
            talker.close();
            throw e;
        }
    }

    /**
     * A voice.
     *
     * @param name as in the speakers' file; null for the default one
     * @throws RequestException if there is no such voice; the message lists those that there are
     */
    public Speaker voice(@Nullable String name) {
        return speakers.voice(name);
    }

    /** What talks, with its own defaults. */
    public Talker talker() {
        return talker;
    }

    /** Samples in a second of sound. */
    public int sampleRate() {
        return Token2WavConfig.SAMPLE_RATE;
    }

    /**
     * The Talker's side of a conversation. Its {@link TalkerSession#input} is to be told of all that the Thinker computes.
     *
     * @param contextLength of the Thinker; the Talker's codes come on top of it, as far as it was made for them
     */
    public TalkerSession session(int contextLength) {
        int most = talker.decoderConfig().maxPositions();
        long wanted = (long) contextLength + 2 + most;
        TalkerInput input = new TalkerInput(thinker, talker.config());
        return new TalkerSession(talker, thinker, workspace, input, (int) Math.min(most, wanted));
    }

    /**
     * Begins to speak a reply.
     *
     * @param session whose input has begun with {@code prompt}
     * @param prompt the Thinker's
     * @param seed of the reply's random numbers
     * @throws RequestException if the prompt leaves the Talker no room
     */
    public SpeechStage stage(
            TalkerSession session, Prompt prompt, SpeechSettings settings, long seed, Cancellation cancellation) {
        session.begin(prompt, settings.speaker());
        return new SpeechStage(this, session, settings, seed, cancellation);
    }

    /**
     * {@code sampling} without the codes that no sound belongs to: the Talker's head has more outputs than the diffusion transformer has
     * codes. A trained Talker never chooses them; the reference would fail there.
     */
    SamplingOptions audible(SamplingOptions sampling, SpeechLimits limits) {
        List<Integer> suppressed = new ArrayList<>(sampling.suppressed());
        for (int code = dit.codes(); code < talker.vocabulary(); code++) {
            if (!limits.endCodes().contains(code)) {
                suppressed.add(code);
            }
        }
        return sampling.withSuppressed(suppressed);
    }

    DiffusionTransformer dit() {
        return dit;
    }

    BigVgan vocoder() {
        return vocoder;
    }

    SpeechLimits limits() {
        return limits;
    }

    ThreadTeam team() {
        return team;
    }

    /** The voice as the diffusion transformer takes it, made once. */
    DitVoice voice(Speaker speaker) {
        return voices.computeIfAbsent(speaker.name(), name -> dit.voice(speaker.cond(), speaker.refMel(), team));
    }

    /** What depends on the number of solver points alone, made once. */
    DitSchedule schedule(MelOptions options) {
        return schedules.computeIfAbsent(options.steps(), steps -> dit.schedule(options, team));
    }

    @Override
    public void close() {
        schedules.values().forEach(DitSchedule::close);
        vocoder.close();
        workspace.close();
        talker.close();
    }
}
