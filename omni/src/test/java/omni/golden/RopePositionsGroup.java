package omni.golden;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import omni.loader.Architecture;
import omni.loader.Tokenizer;
import omni.thinker.MediaSpan;
import omni.thinker.PlaceholderExpansion;
import omni.thinker.RopePositions;
import omni.thinker.RopeRules;

/** Placeholder expansion and three-axis positions, for Thinker and Talker. */
final class RopePositionsGroup extends TensorGroup {
    RopePositionsGroup() {
        super("rope_positions");
    }

    @Override
    protected void run(TensorCase one, GoldenFolder goldens) {
        GoldenFolder.Model model = goldens.model(Architecture.QWEN2_5_OMNI, name());
        RopeRules rules = RopeRules.of(model.config());
        RopeRules talkerRules =
                RopeRules.of(Objects.requireNonNull(model.config().talker()));
        CaseMedia media = new CaseMedia(
                one.intsOrNone("image_grid_thw"),
                one.intsOrNone("video_grid_thw"),
                one.info().getDoubles("second_per_grid").stream()
                        .mapToDouble(d -> d)
                        .toArray(),
                one.info().getInts("audio_frames").stream().mapToInt(i -> i).toArray(),
                one.info().getBoolean("use_audio_in_video"));

        int[] prompt = Tokenizer.load(model.path()).encode(one.info().getString("text"));
        List<MediaSpan> spans = media.inOrderOf(prompt, rules);
        int[] ids = PlaceholderExpansion.expand(prompt, spans, rules);
        one.compare("input_ids", ids, ids.length);
        compare(one, "", RopePositions.of(ids, spans, rules));

        // The speaker's first token and the first token of the reply come from elsewhere.
        int[] talkerIds = one.ints("talker_text_ids");
        one.findings()
                .equal(
                        "talker_text_ids, prompt",
                        Arrays.toString(ids),
                        Arrays.toString(Arrays.copyOf(talkerIds, talkerIds.length - 2)));
        compare(one, "talker_", RopePositions.of(talkerIds, spans, talkerRules));
    }

    static void compare(TensorCase one, String prefix, RopePositions positions) {
        int length = positions.length();
        one.compare(prefix + "position_ids", flat(positions.range(0, length)), 3, length);
        one.compare(prefix + "rope_delta", new int[] {positions.delta()}, 1);
    }

    private static int[] flat(int[][] axes) {
        return Arrays.stream(axes).flatMapToInt(Arrays::stream).toArray();
    }
}
