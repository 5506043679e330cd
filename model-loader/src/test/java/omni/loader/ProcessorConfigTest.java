package omni.loader;

import static omni.loader.Resources.refusal;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ProcessorConfigTest {
    private static final VisionConfig VISION =
            new VisionConfig(4, 64, 4, 96, 128, 3, 14, 2, 2, 112, List.of(1, 3), 10_000);
    private static final PatchConfig PATCHES = new PatchConfig(
            14, 2, 2, List.of(0.48145466, 0.4578275, 0.40821073), List.of(0.26862954, 0.26130258, 0.27577711));

    @TempDir
    private Path folder;

    private Path write(String name, String json) throws IOException {
        return Files.writeString(folder.resolve(name), json);
    }

    @Test
    void readsTheReleasedFile() {
        assertEquals(
                new ImageProcessorConfig(PATCHES, 3136, 12845056),
                ImageProcessorConfig.read(Resources.path("tiny-omni"), VISION));
    }

    @Test
    void takesTheReferencesDefaults() {
        assertEquals(new ImageProcessorConfig(PATCHES, 3136, 1003520), ImageProcessorConfig.read(folder, VISION));
        assertEquals(
                new VideoProcessorConfig(PATCHES, null, null, null, null, null),
                VideoProcessorConfig.read(folder, VISION));
    }

    @Test
    void readsTheVideosOwnFile() throws IOException {
        write(
                "video_preprocessor_config.json",
                "{\"size\": {\"shortest_edge\": 3136, \"longest_edge\": 602112}, \"image_mean\": [0.5, 0.5, 0.5], "
                        + "\"fps\": 2.0, \"min_frames\": 2, \"max_frames\": 768}");
        PatchConfig patches = new PatchConfig(14, 2, 2, List.of(0.5, 0.5, 0.5), PATCHES.std());
        assertEquals(
                new VideoProcessorConfig(patches, 3136, 602112, 2.0, 2, 768),
                VideoProcessorConfig.read(folder, VISION));
    }

    @Test
    void readsTheNewerFileForAllProcessors() throws IOException {
        write(
                "processor_config.json",
                "{\"image_processor\": {\"size\": {\"shortest_edge\": 784, \"longest_edge\": 7840}},"
                        + " \"video_processor\": {\"min_pixels\": 100, \"max_pixels\": 200, \"size\": {\"shortest_edge\":"
                        + " 1}}}");
        assertEquals(new ImageProcessorConfig(PATCHES, 784, 7840), ImageProcessorConfig.read(folder, VISION));
        assertEquals(
                new VideoProcessorConfig(PATCHES, 100, 200, null, null, null),
                VideoProcessorConfig.read(folder, VISION));
    }

    @Test
    void refusesByNameWhatItCannotCompute() throws IOException {
        assertEquals("do_rescale, found=false; only true is supported", refused("\"do_rescale\": false"));
        assertEquals("resample, found=2; only 3, bicubic, is supported", refused("\"resample\": 2"));
        assertEquals("rescale_factor, found=0.5; only 1/255 is supported", refused("\"rescale_factor\": 0.5"));
        assertEquals("patch_size, found=16; expected the vision encoder's=14", refused("\"patch_size\": 16"));
        assertEquals("image_std, found=[1, 1]; expected three numbers above 0", refused("\"image_std\": [1, 1]"));
        assertEquals(
                "min_pixels, found=9000000; expected at most max_pixels=1003520", refused("\"min_pixels\": 9000000"));
        assertEquals("max_pixels, found=0; expected 1 to 2147483647", refused("\"max_pixels\": 0"));
    }

    @Test
    void refusesNumbersOfFramesThatMakeNoSense() throws IOException {
        assertEquals("fps, found=-1; expected a number above 0", refusedOfClips("\"fps\": -1"));
        assertEquals("fps, found=1e7; expected a number below 1000000", refusedOfClips("\"fps\": 1e7"));
        assertEquals("min_frames, found=0; expected 1 to 1000000", refusedOfClips("\"min_frames\": 0"));
        assertEquals(
                "min_frames, found=9; expected at most max_frames=8",
                refusedOfClips("\"min_frames\": 9, \"max_frames\": 8"));
        assertEquals("patch_size, found=7; expected the vision encoder's=14", refusedOfClips("\"patch_size\": 7"));
    }

    private String refusedOfClips(String member) throws IOException {
        Path file = write("video_preprocessor_config.json", "{" + member + "}");
        return refusal(() -> VideoProcessorConfig.read(folder, VISION)).replace("json: file=" + file + ", key=", "");
    }

    private String refused(String member) throws IOException {
        Path file = write("preprocessor_config.json", "{" + member + "}");
        return refusal(() -> ImageProcessorConfig.read(folder, VISION)).replace("json: file=" + file + ", key=", "");
    }
}
