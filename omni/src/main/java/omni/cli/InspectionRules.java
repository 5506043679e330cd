package omni.cli;

import java.nio.file.Path;
import java.util.List;
import omni.audio.FeatureConfig;
import omni.error.RequestException;
import omni.loader.AudioConfig;
import omni.loader.ImageProcessorConfig;
import omni.loader.ModelConfig;
import omni.loader.PatchConfig;
import omni.loader.VideoProcessorConfig;
import omni.loader.VisionConfig;
import omni.thinker.RopeRules;
import org.jspecify.annotations.Nullable;

/**
 * By which rules media are prepared.
 *
 * @param origin whose they are, in words
 * @param features sound to features; null for a model that does not hear
 * @param blockFrames frames of a block of the audio encoder
 * @param pictures pictures to patches; null for a model that does not see
 * @param clips clips to patches; null for a model that does not see
 * @param positions where tokens lie in time and space
 */
record InspectionRules(
        String origin,
        @Nullable FeatureConfig features,
        int blockFrames,
        @Nullable ImageProcessorConfig pictures,
        @Nullable VideoProcessorConfig clips,
        RopeRules positions) {
    private static final PatchConfig RELEASED_PATCHES = new PatchConfig(
            14, 2, 2, List.of(0.48145466, 0.4578275, 0.40821073), List.of(0.26862954, 0.26130258, 0.27577711));

    static final InspectionRules RELEASED = new InspectionRules(
            "the released Qwen2.5-Omni",
            FeatureConfig.RELEASED,
            200,
            new ImageProcessorConfig(RELEASED_PATCHES, 3136, 12_845_056),
            new VideoProcessorConfig(RELEASED_PATCHES, null, null, null, null, null),
            RopeRules.RELEASED);

    /** Those of a checkpoint, from its small files alone. */
    static InspectionRules of(Path folder) {
        ModelConfig config = ModelConfig.read(folder);
        AudioConfig audio = config.audio();
        VisionConfig vision = config.vision();
        return new InspectionRules(
                String.valueOf(folder),
                audio == null ? null : FeatureConfig.read(folder),
                audio == null ? 0 : 2 * audio.window(),
                vision == null ? null : ImageProcessorConfig.read(folder, vision),
                vision == null ? null : VideoProcessorConfig.read(folder, vision),
                RopeRules.of(config));
    }

    FeatureConfig features(Path file) {
        return require(features, file, "hear");
    }

    ImageProcessorConfig pictures(Path file) {
        return require(pictures, file, "see");
    }

    VideoProcessorConfig clips(Path file) {
        return require(clips, file, "see");
    }

    private <T> T require(@Nullable T rules, Path file, String what) {
        if (rules == null) {
            throw new RequestException("inspect: file=" + file + ", model=" + origin + "; the model does not " + what);
        }
        return rules;
    }

    /** Whether the model takes the sound of a clip. */
    boolean hears() {
        return features != null;
    }
}
