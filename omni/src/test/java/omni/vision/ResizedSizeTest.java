package omni.vision;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import omni.error.MediaException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResizedSizeTest {
    /** Values of the reference's loading helper (qwen-omni-utils 0.0.8), factor 28: height, width, limits, resized. */
    @ParameterizedTest
    @CsvSource({
        "28,28,3136,12845056,56,56",
        "1,200,3136,12845056,28,196",
        "200,1,3136,12845056,196,28",
        "42,70,3136,12845056,56,56",
        "42,42,3136,12845056,56,56",
        "480,640,3136,12845056,476,644",
        "480,640,100352,602112,476,644",
        "1080,1920,100352,602112,560,1008",
        "120,160,100352,602112,280,392",
        "1080,1920,100352,235200,336,644",
    })
    void sizesAreThoseOfTheReference(int height, int width, long min, double max, int rows, int columns) {
        assertEquals(
                new ResizedSize(rows, columns),
                ResizedSize.of("picture", height, width, 28, new PixelLimits(min, max)));
    }

    @Test
    void sidesAreMultiplesWithinTheLimitsWhateverTheSize() {
        Random random = new Random(3);
        for (int i = 0; i < 20_000; i++) {
            int height = 1 + random.nextInt(3000);
            int width = Math.max(1, (int) (height * Math.exp(random.nextDouble() * 10 - 5)));
            if (Math.max(height, width) > 200L * Math.min(height, width)) {
                continue;
            }
            ResizedSize size = ResizedSize.of("picture", height, width, 28, PixelLimits.PICTURE);
            String what = "seed=3, height=" + height + ", width=" + width + ": " + size;
            assertTrue(size.height() % 28 == 0 && size.width() % 28 == 0 && size.height() > 0, what);
            assertTrue((long) size.height() * size.width() <= 12_845_056, what);
            assertTrue((long) size.height() * size.width() >= 3136, what);
        }
    }

    @Test
    void shouldRefuseStripes() {
        Exception e = assertThrows(
                MediaException.class,
                () -> ResizedSize.of("picture: file=stripe.png", 10, 20_000, 28, PixelLimits.PICTURE));
        assertEquals(
                "picture: file=stripe.png, width=20000, height=10; one side is more than 200 times the other, cut the"
                        + " picture",
                e.getMessage());
        ResizedSize.of("picture", 10, 2000, 28, PixelLimits.PICTURE);
    }

    @Test
    void shouldRefuseLimitsThatNoMemoryHolds() {
        Exception e = assertThrows(
                MediaException.class,
                () -> ResizedSize.of("picture: file=a.png", 10, 10, 28, new PixelLimits(1L << 50, 1L << 51)));
        assertEquals(
                "picture: file=a.png, width=10, height=10, resized=33554444x33554444; lower the limits on pixels",
                e.getMessage());
    }
}
