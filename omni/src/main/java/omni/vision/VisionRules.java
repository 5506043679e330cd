package omni.vision;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import omni.loader.Json;
import omni.loader.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * How pictures and clips become patches: {@code preprocessor_config.json} of a checkpoint and, where there is one,
 * {@code video_preprocessor_config.json}.
 *
 * @param patchSize side of a patch in pixels
 * @param temporalPatchSize frames of a patch
 * @param mergeSize side of a cell in patches
 * @param mean of red, green and blue, to be taken away after scaling to 0 .. 1
 * @param deviation of red, green and blue, to be divided by then
 * @param pictureLimits pixels of a picture
 * @param clipLimits pixels of a frame, where the checkpoint says; null leaves the reference's rule
 * @param frames which frames of a film are taken
 */
public record VisionRules(
        int patchSize,
        int temporalPatchSize,
        int mergeSize,
        List<Double> mean,
        List<Double> deviation,
        PixelLimits pictureLimits,
        @Nullable PixelLimits clipLimits,
        FrameRule frames) {
    /** The released models'. */
    public static final VisionRules RELEASED = new VisionRules(
            14,
            2,
            2,
            List.of(0.48145466, 0.4578275, 0.40821073),
            List.of(0.26862954, 0.26130258, 0.27577711),
            PixelLimits.PICTURE,
            null,
            FrameRule.DEFAULT);

    /** @throws IllegalArgumentException if a size is below 1 or unreasonably large, or not three colours are normalised */
    public VisionRules {
        mean = List.copyOf(mean);
        deviation = List.copyOf(deviation);
        boolean sizes = patchSize >= 1 && patchSize <= 1024 && temporalPatchSize >= 1 && temporalPatchSize <= 64;
        boolean scales =
                mean.size() == 3 && deviation.size() == 3 && deviation.stream().allMatch(d -> d > 0);
        if (!sizes || mergeSize < 1 || mergeSize > 64 || !scales) {
            throw new IllegalArgumentException("vision: patchSize=" + patchSize + ", temporalPatchSize="
                    + temporalPatchSize + ", mergeSize=" + mergeSize + ", mean=" + mean + ", deviation=" + deviation);
        }
    }

    /**
     * Reads the two files of a checkpoint's folder; a missing file or key takes the released value.
     *
     * @throws omni.error.ModelFormatException if a file is broken or asks for what is not known
     */
    public static VisionRules read(Path folder) {
        JsonObject pictures = object(folder.resolve("preprocessor_config.json"));
        JsonObject clips = object(folder.resolve("video_preprocessor_config.json"));
        VisionRules released = RELEASED;
        if (pictures != null) {
            PixelLimits limits = limits(pictures);
            try {
                released = new VisionRules(
                        pictures.getInt("patch_size", released.patchSize),
                        pictures.getInt("temporal_patch_size", released.temporalPatchSize),
                        pictures.getInt("merge_size", released.mergeSize),
                        pictures.getDoubles("image_mean", released.mean),
                        pictures.getDoubles("image_std", released.deviation),
                        limits == null ? released.pictureLimits : limits,
                        null,
                        released.frames);
            } catch (IllegalArgumentException e) {
                throw pictures.refuse("patch_size", String.valueOf(e.getMessage()));
            }
        }
        return clips == null ? released : released.withClips(clips);
    }

    private VisionRules withClips(JsonObject clips) {
        same(clips, "patch_size", patchSize, clips.getInt("patch_size", patchSize));
        same(clips, "temporal_patch_size", temporalPatchSize, clips.getInt("temporal_patch_size", temporalPatchSize));
        same(clips, "merge_size", mergeSize, clips.getInt("merge_size", mergeSize));
        same(clips, "image_mean", mean, clips.getDoubles("image_mean", mean));
        same(clips, "image_std", deviation, clips.getDoubles("image_std", deviation));
        FrameRule rule;
        try {
            rule = new FrameRule(
                    clips.getDouble("fps", frames.fps()),
                    clips.getInt("min_frames", frames.minFrames()),
                    clips.getInt("max_frames", frames.maxFrames()),
                    null);
        } catch (IllegalArgumentException e) {
            throw clips.refuse("fps", String.valueOf(e.getMessage()));
        }
        return new VisionRules(
                patchSize, temporalPatchSize, mergeSize, mean, deviation, pictureLimits, limits(clips), rule);
    }

    private static void same(JsonObject clips, String key, Object expected, Object found) {
        if (!expected.equals(found)) {
            throw clips.refuse(key, "expected the same for clips as for pictures, " + expected + ", found " + found);
        }
    }

    private static @Nullable JsonObject object(Path file) {
        return Files.exists(file) ? Json.readObject(file) : null;
    }

    /** Older files have {@code min_pixels} and {@code max_pixels}, newer ones an object {@code size} of areas. */
    private static @Nullable PixelLimits limits(JsonObject config) {
        JsonObject size = config.getObjectOrEmpty("size");
        boolean plain = config.has("min_pixels") && config.has("max_pixels");
        if (!plain && !(size.has("shortest_edge") && size.has("longest_edge"))) {
            return null;
        }
        String key = plain ? "min_pixels" : "size";
        try {
            return plain
                    ? new PixelLimits(config.getLong("min_pixels"), config.getLong("max_pixels"))
                    : new PixelLimits(size.getLong("shortest_edge"), size.getLong("longest_edge"));
        } catch (IllegalArgumentException e) {
            throw config.refuse(key, String.valueOf(e.getMessage()));
        }
    }

    /** Side of a cell in pixels: both sides of a resized picture are multiples of it. */
    public int cellSize() {
        return patchSize * mergeSize;
    }
}
