package omni.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class KaiserSincTest {
    private static double response(float[] filter, double frequency) {
        double re = 0;
        double im = 0;
        for (int k = 0; k < filter.length; k++) {
            re += filter[k] * Math.cos(2 * Math.PI * frequency * k);
            im += filter[k] * Math.sin(2 * Math.PI * frequency * k);
        }
        return Math.hypot(re, im);
    }

    @Test
    void isSymmetricAndSumsToOne() {
        for (int taps : new int[] {2, 5, 9, 12, 18, 101}) {
            float[] f = KaiserSinc.filter(0.2, 0.1, taps);
            double sum = 0;
            for (int k = 0; k < taps; k++) {
                assertEquals(f[taps - 1 - k], f[k], 1e-9, "taps=" + taps + ", k=" + k);
                sum += f[k];
            }
            assertEquals(1, sum, 1e-6, "taps=" + taps);
        }
    }

    /** 201 taps and this transition give an attenuation of 64.8 dB. */
    @Test
    void passesWhatIsBelowTheCutoffAndStopsWhatIsAbove() {
        float[] f = KaiserSinc.filter(0.25, 0.02, 201);
        for (double frequency = 0; frequency < 0.22; frequency += 0.01) {
            assertEquals(1, response(f, frequency), 7e-4, "frequency=" + frequency);
        }
        for (double frequency = 0.28; frequency <= 0.5; frequency += 0.01) {
            assertTrue(response(f, frequency) < 7e-4, "frequency=" + frequency);
        }
        assertEquals(0.5, response(f, 0.25), 1e-3, "at the cutoff");
    }

    @Test
    void shouldRefuseWhatMakesNoFilter() {
        assertEquals(
                "kaiser sinc: cutoff=0.0, halfWidth=0.1, taps=12",
                assertThrows(IllegalArgumentException.class, () -> KaiserSinc.filter(0, 0.1, 12))
                        .getMessage());
    }
}
