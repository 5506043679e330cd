package omni.golden;

import java.util.Set;
import omni.engine.Cancellation;
import omni.engine.Matrix;
import omni.engine.ThreadTeam;
import omni.engine.Workspace;
import omni.loader.Architecture;
import omni.loader.Checkpoint;
import omni.loader.JsonObject;
import omni.loader.Speaker;
import omni.loader.Speakers;
import omni.loader.Tokenizer;
import omni.speech.BigVgan;
import omni.speech.ChunkPlan;
import omni.speech.DiffusionTransformer;
import omni.speech.DitSchedule;
import omni.speech.MelNoise;
import omni.speech.MelOptions;
import omni.speech.MelStream;
import omni.talker.SpeechLimits;
import omni.talker.Talker;
import omni.thinker.Prompt;
import omni.thinker.Thinker;

/** From a prompt of text and media to text, codes, mel and samples, by both voices, whole as the reference decodes it. */
final class EndToEndGroup extends TensorGroup {
    private static final int THREADS = 2;

    EndToEndGroup() {
        super("end_to_end");
    }

    @Override
    protected void run(TensorCase one, GoldenFolder goldens) {
        GoldenFolder.Model model = goldens.model(Architecture.QWEN2_5_OMNI, name());
        Tokenizer tokenizer = Tokenizer.load(model.path());
        try (Checkpoint checkpoint = Checkpoint.open(model.path());
                ThreadTeam team = new ThreadTeam(THREADS);
                Workspace memory = new Workspace(team)) {
            Prompt prompt = DecoderGroup.prompt(one, "prompt", model, checkpoint, tokenizer, memory);
            Speaker speaker =
                    Speakers.load(model.path(), model.config()).voice(one.info().getString("speaker"));
            speak(one, model, checkpoint, tokenizer, prompt, speaker, team);
            float[] samples = sample(one, model, checkpoint, speaker, team, memory);
            one.compare("wave", samples, samples.length);
        }
    }

    private static void speak(
            TensorCase one,
            GoldenFolder.Model model,
            Checkpoint checkpoint,
            Tokenizer tokenizer,
            Prompt prompt,
            Speaker speaker,
            ThreadTeam team) {
        JsonObject info = one.info();
        Thinker thinker = Thinker.load(model.config(), checkpoint);
        SpeechLimits limits = SpeechLimits.of(model.config()).withMaxCodes(info.getInt("talker_max_new_tokens"));
        if (!info.get("talker_eos").isString()) {
            limits = limits.withEndCodes(info.getInts("talker_eos"));
        }
        Set<Integer> endIds = info.get("thinker_eos").isString()
                ? Set.copyOf(model.config().eosIds())
                : Set.of(info.getInt("thinker_eos"));
        try (Talker talker = Talker.load(model.config(), checkpoint, team);
                SpokenRun run = new SpokenRun(thinker, talker)) {
            SpokenRun.Spoken spoken = run.speak(
                    prompt,
                    speaker,
                    endIds,
                    info.getInt("thinker_max_new_tokens"),
                    talker.samplingDefaults().withTemperature(0),
                    limits);
            int[] tokens = spoken.text();
            one.compare("text_ids", tokens, tokens.length);
            one.findings().equal("decoded", info.getString("decoded"), tokenizer.decode(tokens, false));
            one.compare("codes_all", spoken.codes().drawn(), spoken.codes().drawn().length);
            one.compare("codes", spoken.codes().codes(), spoken.codes().size());
        }
    }

    /** Mel and samples of the stored codes, from the stored noise. */
    private static float[] sample(
            TensorCase one,
            GoldenFolder.Model model,
            Checkpoint checkpoint,
            Speaker speaker,
            ThreadTeam team,
            Workspace memory) {
        DiffusionTransformer dit = DiffusionTransformer.load(model.config(), checkpoint);
        MelNoise noise = MelNoise.given(Token2MelCases.rows(one, "noise", memory));
        try (DitSchedule schedule = dit.schedule(MelOptions.DEFAULT, team);
                MelStream stream = new MelStream(
                        dit,
                        dit.voice(speaker.cond(), speaker.refMel(), team),
                        schedule,
                        MelOptions.DEFAULT,
                        ChunkPlan.WHOLE,
                        noise,
                        team);
                BigVgan vocoder = BigVgan.load(model.config(), checkpoint, team)) {
            stream.addCodes(one.ints("codes"));
            stream.finish();
            Matrix mel = null;
            while (mel == null) {
                mel = stream.step(new Cancellation());
            }
            one.compare("mel", Token2MelCases.transposed(mel), 1, mel.cols(), mel.rows());
            return vocoder.vocode(mel, team, new Cancellation());
        }
    }
}
