package omni.vision;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import omni.error.ModelFormatException;
import omni.error.RequestException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VisionRulesTest {
    @TempDir
    Path folder;

    @Test
    void missingFilesAndKeysTakeTheReleasedValues() throws Exception {
        assertEquals(VisionRules.RELEASED, VisionRules.read(folder));
        pictures("{}");
        assertEquals(VisionRules.RELEASED, VisionRules.read(folder));
        assertEquals(28, VisionRules.RELEASED.cellSize());
    }

    @Test
    void everyNumberComesFromTheFiles() throws Exception {
        pictures("{\"patch_size\":16,\"temporal_patch_size\":4,\"merge_size\":3,\"image_mean\":[0.1,0.2,0.3],"
                + "\"image_std\":[1,2,3],\"min_pixels\":100,\"max_pixels\":5000}");
        clips("{\"size\":{\"shortest_edge\":200,\"longest_edge\":300},\"fps\":3,\"min_frames\":2,\"max_frames\":10,"
                + "\"patch_size\":16,\"merge_size\":3}");
        assertEquals(
                new VisionRules(
                        16,
                        4,
                        3,
                        List.of(0.1, 0.2, 0.3),
                        List.of(1.0, 2.0, 3.0),
                        new PixelLimits(100, 5000),
                        new PixelLimits(200, 300),
                        new FrameRule(3, 2, 10, null)),
                VisionRules.read(folder));
    }

    @Test
    void limitsMayBeAreasOfEdges() throws Exception {
        pictures("{\"size\":{\"shortest_edge\":3136,\"longest_edge\":12845056}}");
        assertEquals(VisionRules.RELEASED, VisionRules.read(folder));
    }

    @Test
    void shouldRefuseNumbersThatMakeNoSense() throws Exception {
        pictures("{\"min_pixels\":100,\"max_pixels\":50}");
        assertEquals("pixel limits: min=100, max=50.0", refused());
        pictures("{\"patch_size\":0}");
        assertEquals(
                "vision: patchSize=0, temporalPatchSize=2, mergeSize=2, mean=[0.48145466, 0.4578275, 0.40821073],"
                        + " deviation=[0.26862954, 0.26130258, 0.27577711]",
                refused());
        pictures("{}");
        clips("{\"fps\":-1}");
        assertEquals("frames: fps=-1.0, minFrames=4, maxFrames=768, frames=null", refused());
        clips("{\"patch_size\":7}");
        assertEquals("expected the same for clips as for pictures, 14, found 7", refused());
    }

    @Test
    void requestsOverruleTheLimits() {
        PixelLimits limits = new PixelLimits(100, 500);
        assertEquals(limits, VisionOptions.NONE.limits(limits));
        assertEquals(new PixelLimits(200, 300), options(200L, 300L).limits(limits));
        assertEquals(new PixelLimits(900, 900), options(900L, null).limits(limits));
        assertEquals(new PixelLimits(50, 50), options(null, 50L).limits(limits));
    }

    @Test
    void shouldRefuseRequestsThatExcludeThemselves() {
        Exception e = assertThrows(RequestException.class, () -> options(300L, 200L));
        assertEquals(
                "vision options: fps=null, minPixels=300, maxPixels=200, maxFrames=null; they must be positive, and"
                        + " minPixels at most maxPixels",
                e.getMessage());
        assertThrows(RequestException.class, () -> new VisionOptions(0.0, null, null, null));
        assertThrows(RequestException.class, () -> new VisionOptions(null, null, null, 0));
    }

    private static VisionOptions options(
            @org.jspecify.annotations.Nullable Long min, @org.jspecify.annotations.Nullable Long max) {
        return new VisionOptions(null, min, max, null);
    }

    /** The part of the message behind file and place. */
    private String refused() {
        String message = String.valueOf(assertThrows(ModelFormatException.class, () -> VisionRules.read(folder))
                .getMessage());
        return message.substring(message.indexOf("; ") + 2);
    }

    private void pictures(String json) throws Exception {
        Files.writeString(folder.resolve("preprocessor_config.json"), json);
    }

    private void clips(String json) throws Exception {
        Files.writeString(folder.resolve("video_preprocessor_config.json"), json);
    }
}
