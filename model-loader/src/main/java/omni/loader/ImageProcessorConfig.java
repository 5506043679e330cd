package omni.loader;

import java.nio.file.Path;

/**
 * What the checkpoint says about pictures: {@code preprocessor_config.json}, or {@code image_processor} of the newer
 * {@code processor_config.json}.
 *
 * @param patches how pixels become patches
 * @param minPixels smaller pictures are enlarged
 * @param maxPixels larger pictures are reduced
 */
public record ImageProcessorConfig(PatchConfig patches, int minPixels, int maxPixels) {
    /** Of {@code Qwen2VLImageProcessor}: 4 and 1280 cells of 28 by 28. */
    private static final int MIN_PIXELS = 4 * 28 * 28;

    private static final int MAX_PIXELS = 1280 * 28 * 28;

    /**
     * Reads the file of a model folder; absent keys mean what the reference's class says.
     *
     * @throws omni.error.ModelFormatException if a file is broken, contradicts the vision encoder or asks for what is not supported
     */
    public static ImageProcessorConfig read(Path folder, VisionConfig vision) {
        JsonObject config = ProcessorFiles.find(folder, "preprocessor_config.json", "image_processor");
        Integer least = PatchConfig.pixels(config, "min_pixels", "shortest_edge");
        Integer most = PatchConfig.pixels(config, "max_pixels", "longest_edge");
        int minPixels = least == null ? MIN_PIXELS : least;
        int maxPixels = most == null ? MAX_PIXELS : most;
        if (minPixels > maxPixels) {
            throw config.refuse("min_pixels", minPixels, "expected at most max_pixels=" + maxPixels);
        }
        return new ImageProcessorConfig(PatchConfig.read(config, vision), minPixels, maxPixels);
    }
}
