package omni.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class DecoderConfigTest {
    @Test
    void refusesSizesThatContradictEachOther() {
        assertRefused("decoder: heads=4 is no multiple of kvHeads=3", 4, 3, 8, RopeSections.plain(8), 1e4);
        assertRefused(
                "decoder: headDim=8, ropeSections=RopeSections[time=1, height=1, width=1]; sections must add up to"
                        + " headDim/2",
                4,
                2,
                8,
                new RopeSections(1, 1, 1),
                1e4);
        assertRefused(
                "decoder: headDim=7, ropeSections=RopeSections[time=3, height=0, width=0]; sections must add up to"
                        + " headDim/2",
                4,
                2,
                7,
                RopeSections.plain(7),
                1e4);
        assertRefused("decoder: heads=0", 0, 2, 8, RopeSections.plain(8), 1e4);
        assertRefused("decoder: ropeTheta=NaN, rmsNormEps=1.0E-6", 4, 2, 8, RopeSections.plain(8), Double.NaN);
    }

    @Test
    void headsNeedNotFillTheHiddenChannels() {
        DecoderConfig config = new DecoderConfig(48, 1, 4, 2, 32, 96, 1e-6f, 1e6, RopeSections.plain(32), 128);
        assertEquals(128, config.queryChannels());
        assertEquals(64, config.kvChannels());
    }

    private static void assertRefused(
            String message, int heads, int kvHeads, int headDim, RopeSections sections, double theta) {
        IllegalArgumentException e = assertThrows(
                IllegalArgumentException.class,
                () -> new DecoderConfig(16, 2, heads, kvHeads, headDim, 8, 1e-6f, theta, sections, 64));
        assertEquals(message, e.getMessage());
    }
}
