package omni.vision;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class PixelLimitsTest {
    @Test
    void framesShareABoundOnTheirPixels() {
        int[] frames = {2, 300, 400, 768};
        double[] most = {602_112, 602_112, 451_584, 235_200};
        for (int i = 0; i < frames.length; i++) {
            assertEquals(new PixelLimits(100_352, most[i]), PixelLimits.FRAME.shared(frames[i], 2));
        }
        assertEquals(105_369, PixelLimits.FRAME.shared(100_000, 2).max());
    }

    @Test
    void whereOnlyOneLimitIsGivenTheOtherGivesWay() {
        PixelLimits limits = new PixelLimits(100, 500);
        assertEquals(limits, limits.with(null, null));
        assertEquals(new PixelLimits(200, 500), limits.with(200L, null));
        assertEquals(new PixelLimits(900, 900), limits.with(900L, null));
        assertEquals(new PixelLimits(50, 50), limits.with(null, 50L));
    }

    @Test
    void shouldRefuseLimitsThatExcludeEachOther() {
        Exception e = assertThrows(IllegalArgumentException.class, () -> new PixelLimits(100, 50));
        assertEquals("pixel limits: min=100, max=50.0", e.getMessage());
    }
}
