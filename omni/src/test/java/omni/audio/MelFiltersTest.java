package omni.audio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class MelFiltersTest {
    private final MelFilters filters = new MelFilters(16_000, 201, 128);

    /** A few values of {@code librosa.filters.mel(sr=16000, n_fft=400, n_mels=128)} 0.11.0, from the reference's golden data. */
    @Test
    void weightsAreTheReferences() {
        assertEquals(0.012373986332636965, filters.weight(1, 0), 1e-12);
        assertEquals(0.03039256487135522, filters.weight(1, 1), 1e-12);
        assertEquals(0.02930776295088091, filters.weight(8, 13), 1e-12);
        assertEquals(0.03364697063277823, filters.weight(20, 33), 1e-12);
        assertEquals(0.03227872585041704, filters.weight(32, 52), 1e-12);
        assertEquals(0.012973522380278242, filters.weight(69, 84), 1e-12);
        assertEquals(0.007838057762806744, filters.weight(109, 103), 1e-12);
        assertEquals(0.006443682645083771, filters.weight(150, 116), 1e-12);
        assertEquals(0.005041601675024642, filters.weight(195, 127), 1e-12);
    }

    @Test
    void everyFilterIsOneRunOfPositiveWeights() {
        for (int m = 0; m < 128; m++) {
            assertTrue(filters.first(m) < filters.end(m), "mel=" + m);
            for (int k = 0; k < 201; k++) {
                boolean inside = k >= filters.first(m) && k < filters.end(m);
                assertEquals(inside, filters.weight(k, m) > 0, "mel=" + m + ", bin=" + k);
            }
        }
    }

    @Test
    void binsBetweenTwoPeaksFeedTheirTwoFiltersOnly() {
        for (int k = 0; k < 201; k++) {
            int fed = 0;
            for (int m = 0; m < 128; m++) {
                fed += filters.weight(k, m) > 0 ? 1 : 0;
            }
            assertTrue(fed <= 2, "bin=" + k);
        }
    }

    @Test
    void coarseSpectrumsLeaveNarrowFiltersEmpty() {
        MelFilters coarse = new MelFilters(16_000, 17, 128);
        assertEquals(17, coarse.first(0));
        assertEquals(0, coarse.end(0));
    }
}
