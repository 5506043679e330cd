package omni.vision;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import omni.error.RequestException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class VisionOptionsTest {
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

    private static VisionOptions options(@Nullable Long min, @Nullable Long max) {
        return new VisionOptions(null, min, max, null);
    }
}
