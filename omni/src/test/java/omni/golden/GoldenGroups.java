package omni.golden;

import java.util.List;
import omni.loader.Architecture;

/** The runners of all groups that there are. */
public final class GoldenGroups {
    private GoldenGroups() {}

    /** The runners. Each folder of golden data belongs to exactly one. */
    public static List<GoldenGroup> built() {
        return List.of(
                new MalformedGroup(),
                new TokenizerGroup(),
                new SamplingGroup(),
                new RopePositionsGroup(),
                new AudioFeaturesGroup(),
                new AudioResampleGroup(),
                new AudioTowerGroup(),
                new ImagePreprocessGroup(),
                new VideoGroup(),
                new VisionTowerGroup(),
                new Token2WavGroup(),
                new DecoderGroup("qwen2", Architecture.QWEN2),
                new DecoderGroup("thinker", Architecture.QWEN2_5_OMNI),
                new TalkerGroup(),
                new DecoderGroup("qwen2_5_vl", Architecture.QWEN2_5_VL),
                new EndToEndGroup());
    }

    /**
     * The cases of a folder. One that nobody understands, or whose manifest cannot be read, gives one case that fails.
     *
     * @param folder a group
     * @param goldens where it lies
     */
    public static List<GoldenCase> cases(GroupFolder folder, GoldenFolder goldens) {
        List<GoldenGroup> runners =
                built().stream().filter(group -> group.runs(folder)).toList();
        if (runners.size() != 1) {
            return List.of(GoldenCase.of(
                    folder.name(), findings -> findings.require("unknown group: no runner for it", false)));
        }
        try {
            return runners.get(0).cases(folder, goldens);
        } catch (RuntimeException e) {
            return List.of(GoldenCase.of(folder.name(), findings -> {
                throw e;
            }));
        }
    }
}
