package omni.golden;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import omni.engine.Matrix;
import omni.engine.ThreadTeam;
import omni.engine.Workspace;
import omni.loader.Architecture;
import omni.loader.Checkpoint;
import omni.loader.JsonObject;
import omni.loader.Tokenizer;
import omni.thinker.MediaSpan;
import omni.thinker.PlaceholderExpansion;
import omni.thinker.Prompt;
import omni.thinker.RopePositions;
import omni.thinker.RopeRules;
import omni.thinker.Splice;
import omni.thinker.Thinker;

/**
 * Prefill and greedy decoding: plain Qwen2, the Thinker, Qwen2.5-VL. Cases with media run with the media embeddings as stored until
 * the encoders are built; positions, decoder and everything behind it are compared all the same.
 */
final class DecoderGroup extends TensorGroup {
    /** What the encoders will be given. */
    private static final Set<String> MEDIA = Set.of("pixel_values", "pixel_values_videos", "audio_features");

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
    protected String label(String name, JsonObject entry) {
        return hasMedia(entry) ? name + ", media embeddings as stored" : name;
    }

    @Override
    protected List<GoldenCase> more(String label, JsonObject entry) {
        return hasMedia(entry) ? List.of(GoldenCase.notBuilt(label + ", from media", "encoders")) : List.of();
    }

    private static boolean hasMedia(JsonObject entry) {
        return entry.getObject("tensors").keys().stream().anyMatch(MEDIA::contains);
    }

    @Override
    protected void run(TensorCase one, GoldenFolder goldens) {
        GoldenFolder.Model model = goldens.model(architecture, name());
        RopeRules rules = RopeRules.of(model.config());
        Tokenizer tokenizer = Tokenizer.load(model.path());
        List<MediaSpan> spans = media(one).inOrderOfExpanded(one.ints("input_ids"), rules);
        int[] ids = ids(one, spans, rules, tokenizer);
        RopePositions positions = RopePositions.of(ids, spans, rules);
        if (one.has("position_ids")) {
            RopePositionsGroup.compare(one, "", positions);
        }
        MEDIA.stream().filter(one::has).forEach(one::setAside);
        try (Checkpoint checkpoint = Checkpoint.open(model.path());
                ThreadTeam team = new ThreadTeam(1);
                Workspace memory = new Workspace(team)) {
            Thinker thinker = Thinker.load(model.config(), checkpoint);
            Prompt prompt = new Prompt(ids, positions, stored(one, ids, rules, memory));
            int steps = Math.toIntExact(one.shape("tokens")[0]);
            GreedyRun run = new GreedyRun(thinker, prompt, steps);
            run.compare(one);
            if (one.info().has("decoded")) {
                one.findings().equal("decoded", one.info().getString("decoded"), tokenizer.decode(run.tokens, false));
            }
        }
    }

    static CaseMedia media(TensorCase one) {
        String seconds = one.has("video_second_per_grid") ? "video_second_per_grid" : "second_per_grid_ts";
        return new CaseMedia(
                one.intsOrNone("image_grid_thw"),
                one.intsOrNone("video_grid_thw"),
                one.has(seconds) ? one.doubles(seconds) : new double[0],
                one.intsOrNone("audio_feature_lengths"),
                one.info().getBoolean("use_audio_in_video", false));
    }

    /** The prompt's ids from its text; where only the text's end is given, as stored. */
    private static int[] ids(TensorCase one, List<MediaSpan> spans, RopeRules rules, Tokenizer tokenizer) {
        int[] stored = one.ints("input_ids");
        if (one.info().has("text")) {
            int[] ids = PlaceholderExpansion.expand(tokenizer.encode(one.info().getString("text")), spans, rules);
            one.compare("input_ids", ids, ids.length);
            return ids;
        }
        int[] tail = tokenizer.encode(one.info().getString("prompt_tail"));
        if (spans.isEmpty()) {
            one.compare("input_ids", tail, tail.length);
        }
        return stored;
    }

    /** The rows of the stored embeddings that stand at placeholders, run by run. */
    static List<Splice> stored(TensorCase one, int[] ids, RopeRules rules, Workspace memory) {
        List<Splice> out = new ArrayList<>();
        if (!one.has("embeds")) {
            return out;
        }
        int channels = Math.toIntExact(one.shape("embeds")[1]);
        float[] embeds = one.floats("embeds");
        Set<Integer> placeholders =
                Set.copyOf(Arrays.asList(rules.imageToken(), rules.videoToken(), rules.audioToken()));
        for (int at = 0; at < ids.length; ) {
            int end = at;
            while (end < ids.length && placeholders.contains(ids[end])) {
                end++;
            }
            if (end > at) {
                Matrix rows = memory.matrix(end - at, channels);
                for (int r = 0; r < rows.rows(); r++) {
                    for (int c = 0; c < channels; c++) {
                        rows.set(r, c, embeds[(at + r) * channels + c]);
                    }
                }
                out.add(new Splice(at, rows));
            }
            at = Math.max(end, at + 1);
        }
        return out;
    }
}
