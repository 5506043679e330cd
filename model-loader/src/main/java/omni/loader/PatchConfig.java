package omni.loader;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How pixels become patches, for pictures and for frames alike. What the reference can switch off or change, and this program computes
 * in one way only, is refused by its key.
 *
 * @param patchSize side of a patch in pixels
 * @param temporalPatchSize frames of a patch
 * @param mergeSize side of a cell in patches
 * @param mean subtracted from each channel, red, green, blue, after division by 255
 * @param std divides each channel after that
 */
public record PatchConfig(int patchSize, int temporalPatchSize, int mergeSize, List<Double> mean, List<Double> std) {
    /** OpenAI's CLIP, as released. */
    private static final List<Double> MEAN = List.of(0.48145466, 0.4578275, 0.40821073);

    private static final List<Double> STD = List.of(0.26862954, 0.26130258, 0.27577711);

    /** Pillow's number of the bicubic filter. */
    private static final int BICUBIC = 3;

    /** Side of a cell in pixels: both sides of a resized picture are multiples of it. */
    public int cellSize() {
        return patchSize * mergeSize;
    }

    static PatchConfig read(JsonObject config, VisionConfig vision) {
        for (String step : List.of("do_resize", "do_rescale", "do_normalize", "do_convert_rgb")) {
            if (!config.getBoolean(step, true)) {
                throw config.refuse(step, "only true is supported");
            }
        }
        if (config.getInt("resample", BICUBIC) != BICUBIC) {
            throw config.refuse("resample", "only " + BICUBIC + ", bicubic, is supported");
        }
        if (Math.abs(config.getDouble("rescale_factor", 1 / 255.0) - 1 / 255.0) > 1e-9) {
            throw config.refuse("rescale_factor", "only 1/255 is supported");
        }
        return new PatchConfig(
                same(config, "patch_size", vision.patchSize()),
                same(config, "temporal_patch_size", vision.temporalPatchSize()),
                same(config, "merge_size", vision.mergeSize()),
                channels(config, "image_mean", MEAN, false),
                channels(config, "image_std", STD, true));
    }

    /** The vision encoder has the last word on the shape of its input. */
    private static int same(JsonObject config, String key, int ofEncoder) {
        int value = config.getInt(key, ofEncoder);
        ConfigKeys.equal(config, key, value, "the vision encoder's", ofEncoder);
        return value;
    }

    private static List<Double> channels(JsonObject config, String key, List<Double> otherwise, boolean positive) {
        List<Double> values = config.getDoubles(key, otherwise);
        if (values.size() != 3 || (positive && values.stream().anyMatch(v -> v <= 0))) {
            throw config.refuse(key, "expected three numbers" + (positive ? " above 0" : ""));
        }
        return values;
    }

    /**
     * A limit on the pixels of a picture: {@code min_pixels} or {@code max_pixels}, or else what newer writers put into {@code size}.
     *
     * @return null if the file does not say
     */
    static @Nullable Integer pixels(JsonObject config, String key, String edge) {
        if (config.has(key)) {
            return ConfigKeys.within(config, key, 1, 1, Integer.MAX_VALUE);
        }
        JsonObject size = config.getObjectOrEmpty("size");
        return size.has(edge) ? (Integer) ConfigKeys.within(size, edge, 1, 1, Integer.MAX_VALUE) : null;
    }
}
