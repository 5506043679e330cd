package omni.golden;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import omni.engine.Matrix;
import omni.engine.SamplingOptions;
import omni.engine.ThreadTeam;
import omni.engine.Workspace;
import omni.loader.Architecture;
import omni.loader.Checkpoint;
import omni.loader.JsonObject;
import omni.loader.Speaker;
import omni.loader.Speakers;
import omni.loader.Tokenizer;
import omni.talker.SpeechLimits;
import omni.talker.Talker;
import omni.talker.TalkerTap;
import omni.thinker.Prompt;
import omni.thinker.RopePositions;
import omni.thinker.RopeRules;
import omni.thinker.Thinker;
import org.jspecify.annotations.Nullable;

/**
 * The Talker: what it takes over from the Thinker, its steps, its codes. Media are those of the Thinker's case with the same prompt.
 */
final class TalkerGroup extends TensorGroup {
    private static final String THINKER = "thinker";

    /** The Talker's steps, put together. */
    private static final class StepRecord implements TalkerTap {
        private final List<float[]> sums = new ArrayList<>();
        private final List<float[]> projected = new ArrayList<>();
        private final List<float[]> hidden = new ArrayList<>();

        @Override
        public void projected(Matrix rows, Matrix inputs) {
            sums.add(rows.toArray());
            projected.add(inputs.toArray());
        }

        @Override
        public void decoded(Matrix rows) {
            hidden.add(rows.rows(rows.rows() - 1, rows.rows()).toArray());
        }

        void clear() {
            sums.clear();
            projected.clear();
            hidden.clear();
        }

        /** The last {@code count} pieces, one after the other. */
        static float[] join(List<float[]> pieces, int count) {
            float[] out = new float[0];
            for (float[] piece : pieces.subList(pieces.size() - count, pieces.size())) {
                int end = out.length;
                out = Arrays.copyOf(out, end + piece.length);
                System.arraycopy(piece, 0, out, end, piece.length);
            }
            return out;
        }
    }

    TalkerGroup() {
        super("talker");
    }

    @Override
    protected void run(TensorCase one, GoldenFolder goldens) {
        GoldenFolder.Model model = goldens.model(Architecture.QWEN2_5_OMNI, name());
        Tokenizer tokenizer = Tokenizer.load(model.path());
        String text = one.info().getString("text");
        try (Checkpoint checkpoint = Checkpoint.open(model.path());
                ThreadTeam team = new ThreadTeam(1);
                Workspace memory = new Workspace(team);
                Talker loaded = Talker.load(model.config(), checkpoint, team)) {
            Prompt prompt = prompt(text, model, checkpoint, tokenizer, goldens, memory);
            one.compare("input_ids", prompt.ids(), prompt.length());
            Speaker speaker =
                    Speakers.load(model.path(), model.config()).voice(one.info().getString("speaker"));
            StepRecord record = new StepRecord();
            Talker talker = loaded.observedBy(record);
            Thinker thinker = Thinker.load(model.config(), checkpoint);
            SamplingOptions sampling = talker.samplingDefaults()
                    .withTemperature(0)
                    .withRepetitionPenalty(one.info().getDouble("repetition_penalty", Double.NaN));
            SpeechLimits limits = SpeechLimits.of(model.config());
            int replies = Math.toIntExact(one.shape("reply_ids")[0]);
            int steps = Math.toIntExact(one.shape("codes")[0]);
            try (SpokenRun run = new SpokenRun(thinker, talker)) {
                SpokenRun.Spoken spoken =
                        run.speak(prompt, speaker, Set.of(), replies, sampling, limits.withMaxCodes(steps));
                one.compare("reply_ids", spoken.text(), replies);
                one.compare("codes", spoken.codes().drawn(), steps);
                compareTakeover(one, run, prompt, speaker, spoken.text()[0]);
                compareSteps(one, run, record, prompt, speaker, sampling);
            }
        }
    }

    private static void compareTakeover(
            TensorCase one, SpokenRun run, Prompt prompt, Speaker speaker, int firstReplyId) {
        int length = prompt.length() + 2;
        int channels = speakerChannels(one);
        one.compare("inputs_embeds", run.talkerPrompt(prompt, speaker), length, channels);
        int replyRows = Math.toIntExact(one.shape("thinker_reply_part")[0]);
        one.compare("thinker_reply_part", run.replyRows(replyRows), replyRows, channels);
        int[] textIds = Arrays.copyOf(prompt.ids(), length);
        textIds[length - 2] = speaker.bosToken();
        textIds[length - 1] = firstReplyId;
        one.compare("talker_text_ids", textIds, length);
        one.compare("talker_input_ids", run.promptCodes(prompt.length()), length);
        RopePositions positions = Objects.requireNonNull(run.talkerSession().positions());
        int[] flat = Arrays.stream(positions.range(0, length))
                .flatMapToInt(Arrays::stream)
                .toArray();
        one.compare("position_ids", flat, 3, length);
    }

    private static int speakerChannels(TensorCase one) {
        return Math.toIntExact(one.shape("inputs_embeds")[1]);
    }

    private static void compareSteps(
            TensorCase one,
            SpokenRun run,
            StepRecord record,
            Prompt prompt,
            Speaker speaker,
            SamplingOptions sampling) {
        int steps = Math.toIntExact(one.shape("codes")[0]);
        record.clear();
        SpokenRun.Steps got = run.steps(prompt, speaker, sampling, steps);
        int passes = record.sums.size();
        int rows = prompt.length() + 2 + steps - 1;
        one.compare("proj_inputs", StepRecord.join(record.sums, passes), rows, speakerChannels(one));
        one.compare("layer_inputs", StepRecord.join(record.projected, passes), rows, one.shape("layer_inputs")[1]);
        one.compare("hidden", StepRecord.join(record.hidden, steps), steps, one.shape("hidden")[1]);
        int vocabulary = got.logits().length / steps;
        one.compare("logits", got.logits(), steps, vocabulary);
        one.compare("scores", got.scores(), steps, vocabulary);
        one.findings().equal("codes of single steps", Arrays.toString(one.ints("codes")), Arrays.toString(got.codes()));
    }

    /** The prompt of a case; its media are stored with the Thinker's case of the same text. */
    private static Prompt prompt(
            String text,
            GoldenFolder.Model model,
            Checkpoint checkpoint,
            Tokenizer tokenizer,
            GoldenFolder goldens,
            Workspace memory) {
        RopeRules rules = RopeRules.of(model.config());
        int[] ids = tokenizer.encode(text);
        if (Arrays.stream(ids).noneMatch(rules::isPlaceholder)) {
            return Prompt.ofText(ids, rules);
        }
        for (GroupFolder folder : goldens.groups()) {
            String found = folder.name().equals(THINKER) ? caseWithText(folder, text) : null;
            if (found != null) {
                JsonObject entry = folder.manifest().getObject("cases").getObject(found);
                try (TensorCase other = new TensorCase(folder, found, entry, new Findings())) {
                    return DecoderGroup.prompt(other, "text", model, checkpoint, tokenizer, memory);
                }
            }
        }
        throw new IllegalStateException("no case of the group " + THINKER + " has the media of this prompt: " + text);
    }

    private static @Nullable String caseWithText(GroupFolder folder, String text) {
        JsonObject cases = folder.manifest().getObject("cases");
        for (String name : cases.keys()) {
            JsonObject info = cases.getObject(name).getObject("info");
            if (info.has("text") && info.getString("text").equals(text)) {
                return name;
            }
        }
        return null;
    }
}
