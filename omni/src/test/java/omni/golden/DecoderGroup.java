package omni.golden;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import omni.engine.ThreadTeam;
import omni.engine.Workspace;
import omni.loader.Architecture;
import omni.loader.Checkpoint;
import omni.loader.JsonObject;
import omni.loader.Tokenizer;
import omni.thinker.EncodedMedium;
import omni.thinker.MediaSpan;
import omni.thinker.Prompt;
import omni.thinker.RopeRules;
import omni.thinker.Thinker;

/** Prompts of text and media, from stored features and patches to greedy tokens: plain Qwen2, the Thinker, Qwen2.5-VL. */
final class DecoderGroup extends TensorGroup {
    private static final int THREADS = 2;

    private final Architecture architecture;

    /**
     * @param name of the folder
     * @param architecture of the checkpoint
     */
    DecoderGroup(String name, Architecture architecture) {
        super(name);
        this.architecture = architecture;
    }

    @Override
    public List<GoldenCase> cases(GroupFolder folder, GoldenFolder goldens) {
        List<GoldenCase> out = new ArrayList<>(super.cases(folder, goldens));
        JsonObject cases = folder.manifest().getObject("cases");
        for (String each : cases.keys()) {
            JsonObject entry = cases.getObject(each);
            if (CommandLineCase.canAsk(entry)) {
                out.add(GoldenCase.of(folder.name() + "/" + each + ", command line", findings -> {
                    try (TensorCase one = new TensorCase(folder, each, entry, findings)) {
                        CommandLineCase.run(one, goldens.model(architecture, name()));
                    }
                }));
            }
        }
        return out;
    }

    @Override
    protected void run(TensorCase one, GoldenFolder goldens) {
        GoldenFolder.Model model = goldens.model(architecture, name());
        Tokenizer tokenizer = Tokenizer.load(model.path());
        try (Checkpoint checkpoint = Checkpoint.open(model.path());
                ThreadTeam team = new ThreadTeam(THREADS);
                Workspace memory = new Workspace(team)) {
            Thinker thinker = Thinker.load(model.config(), checkpoint);
            Prompt prompt = prompt(one, "text", model, checkpoint, tokenizer, memory);
            if (one.has("position_ids")) {
                RopePositionsGroup.compare(one, "", prompt.positions());
            }
            int steps = Math.toIntExact(one.shape("tokens")[0]);
            GreedyRun run = new GreedyRun(thinker, prompt, steps);
            run.compare(one);
            if (one.info().has("decoded")) {
                one.findings().equal("decoded", one.info().getString("decoded"), tokenizer.decode(run.tokens, false));
            }
        }
    }

    /**
     * The prompt of a case, its media encoded; compares its ids.
     *
     * @param text key of the prompt's text, one placeholder per medium; where only the text's end is stored, the stored ids count
     */
    static Prompt prompt(
            TensorCase one,
            String text,
            GoldenFolder.Model model,
            Checkpoint checkpoint,
            Tokenizer tokenizer,
            Workspace memory) {
        RopeRules rules = RopeRules.of(model.config());
        int[] stored = one.ints("input_ids");
        List<MediaSpan> spans = media(one).inOrderOfExpanded(stored, rules);
        int[] ids;
        if (one.info().has(text)) {
            ids = tokenizer.encode(one.info().getString(text));
        } else {
            ids = collapsed(stored, spans, rules);
            if (spans.isEmpty()) {
                int[] tail = tokenizer.encode(one.info().getString("prompt_tail"));
                one.compare("input_ids", tail, tail.length);
            }
        }
        List<EncodedMedium> media = CaseEncoders.encode(one, model.config(), checkpoint, spans, rules.merge(), memory);
        Prompt prompt = Prompt.of(ids, media, rules);
        one.compare("input_ids", prompt.ids(), prompt.length());
        return prompt;
    }

    private static CaseMedia media(TensorCase one) {
        String seconds = one.has("video_second_per_grid") ? "video_second_per_grid" : "second_per_grid_ts";
        return new CaseMedia(
                one.intsOrNone("image_grid_thw"),
                one.intsOrNone("video_grid_thw"),
                one.has(seconds) ? one.doubles(seconds) : new double[0],
                one.intsOrNone("audio_feature_lengths"),
                one.info().getBoolean("use_audio_in_video", false));
    }

    /** One placeholder for each medium, as the chat template writes them. */
    private static int[] collapsed(int[] ids, List<MediaSpan> spans, RopeRules rules) {
        int[] out = new int[ids.length];
        int n = 0;
        int medium = 0;
        for (int at = 0; at < ids.length; n++) {
            out[n] = ids[at];
            boolean placeholder =
                    ids[at] == rules.imageToken() || ids[at] == rules.videoToken() || ids[at] == rules.audioToken();
            at += placeholder ? spans.get(medium++).tokens(rules.merge()) : 1;
        }
        return Arrays.copyOf(out, n);
    }
}
