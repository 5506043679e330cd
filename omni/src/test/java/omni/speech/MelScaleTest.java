package omni.speech;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import omni.engine.Matrix;
import org.junit.jupiter.api.Test;

class MelScaleTest {
    private static float scaled(float mel) {
        MemorySegment memory = Arena.ofAuto().allocate(8, 8);
        memory.set(ValueLayout.JAVA_FLOAT, 0, mel);
        MelScale.scale(new Matrix(memory, 0, 1, 1, 1), 0, memory, 1);
        return memory.getAtIndex(ValueLayout.JAVA_FLOAT, 1);
    }

    @Test
    void bringsDecibelsToMinusOneToOne() {
        for (float mel = -20; mel < 5; mel += 0.37f) {
            double db = 20 * Math.log10(Math.max(Math.exp(mel), Math.pow(10, -115 / 20.0))) - 20;
            double expected = Math.clamp(2 * (db + 115) / 115 - 1, -1, 1);
            assertEquals(expected, scaled(mel), 1e-6, "mel=" + mel);
        }
        // An amplitude of 10 is 20 dB, which counts as 0.
        assertEquals(1, scaled((float) Math.log(10)), 1e-6);
    }

    @Test
    void clampsWhatIsTooQuietOrTooLoud() {
        assertEquals(-1, scaled(-100));
        assertEquals(-1, scaled(Float.NEGATIVE_INFINITY));
        assertEquals(1, scaled(3));
        assertEquals(1, scaled(1e30f));
        assertEquals(1, scaled(Float.POSITIVE_INFINITY));
    }
}
