package omni;

import static org.junit.jupiter.api.Assertions.assertEquals;

import omni.error.RequestException;
import omni.fixture.Thrown;
import omni.vision.VisionOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class MediaOptionsTest {
    private static final MediaOptions DEFAULTS = MediaOptions.defaults();

    @Test
    void leavesEverythingToTheCheckpoint() {
        assertEquals(new MediaOptions(null, null, null, null, false), DEFAULTS);
        assertEquals(VisionOptions.NONE, DEFAULTS.vision());
    }

    @Test
    void changesOneValueAtATime() {
        MediaOptions all = DEFAULTS.withFps(1.5)
                .withMinPixels(100)
                .withMaxPixels(200)
                .withMaxFrames(6)
                .withAudioInVideo(true);
        assertEquals(new MediaOptions(1.5, 100L, 200L, 6, true), all);
        assertEquals(new VisionOptions(1.5, 100L, 200L, 6), all.vision());
    }

    @Test
    void shouldRefuseWhatMakesNoSense() {
        assertEquals(
                "frames per second: value=0.0; give more than 0, at most 1000", refusal(() -> DEFAULTS.withFps(0)));
        assertEquals(
                "frames per second: value=NaN; give more than 0, at most 1000",
                refusal(() -> DEFAULTS.withFps(Double.NaN)));
        assertEquals("min pixels: value=0; give 1 or more", refusal(() -> DEFAULTS.withMinPixels(0)));
        assertEquals("max pixels: value=-1; give 1 or more", refusal(() -> DEFAULTS.withMaxPixels(-1)));
        assertEquals("max frames: value=0; give 1 or more", refusal(() -> DEFAULTS.withMaxFrames(0)));
        assertEquals(
                "min pixels: value=300, max pixels=200; the least must not be more than the most",
                refusal(() -> DEFAULTS.withMaxPixels(200).withMinPixels(300)));
    }

    private static String refusal(Executable executable) {
        return Thrown.message(RequestException.class, executable);
    }
}
