package omni.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import omni.error.ModelFormatException;
import omni.loader.Json;
import org.junit.jupiter.api.Test;

class ToleranceTest {
    private static Tolerance of(String json) {
        return Tolerance.parse(Json.parse("test", json));
    }

    private static Values real(double... values) {
        return new Values.Real(values);
    }

    private static double ratio(String tolerance, Values expected, Values actual) {
        return of(tolerance).compare(expected, actual).ratio();
    }

    @Test
    void boundGrowsWithTheLargestMagnitudeExpected() {
        String tolerance = "{\"rel_to_max\": 0.01, \"abs\": 0.1}";
        assertEquals(0.5, ratio(tolerance, real(-40, 1), real(-40, 1.25)), 1e-12);
        assertTrue(of(tolerance).compare(real(-40, 1), real(-40, 1.5)).within());
        assertFalse(of(tolerance).compare(real(-40, 1), real(-40, 1.51)).within());
    }

    @Test
    void zeroToleranceAllowsNothing() {
        assertEquals(0, ratio("{\"rel_to_max\": 0, \"abs\": 0}", real(1, 2), real(1, 2)));
        assertFalse(of("{\"rel_to_max\": 0, \"abs\": 0}")
                .compare(real(1), real(1.000001))
                .within());
    }

    @Test
    void infinitiesAndNaNEqualOnlyThemselves() {
        String tolerance = "{\"rel_to_max\": 1, \"abs\": 9}";
        double inf = Double.POSITIVE_INFINITY;
        assertEquals(0, ratio(tolerance, real(-inf, Double.NaN, 3), real(-inf, Double.NaN, 3)));
        assertFalse(of(tolerance).compare(real(-inf), real(inf)).within());
        assertFalse(of(tolerance).compare(real(-inf), real(-1e30)).within());
        assertFalse(of(tolerance).compare(real(1), real(inf)).within());
        assertFalse(of(tolerance).compare(real(1), real(Double.NaN)).within());
        assertFalse(of(tolerance).compare(real(Double.NaN), real(1)).within());
        assertFalse(of("\"exact\"").compare(real(1), real(Double.NaN)).within());
    }

    @Test
    void exactTellsLargeWholeNumbersApart() {
        Values expected = new Values.Whole(new long[] {(1L << 53) + 1});
        assertFalse(of("\"exact\"")
                .compare(expected, new Values.Whole(new long[] {1L << 53}))
                .within());
        assertTrue(of("\"exact\"")
                .compare(expected, new Values.Whole(new long[] {(1L << 53) + 1}))
                .within());
        assertFalse(of("\"exact\"").compare(real(1), real(Math.nextUp(1.0))).within());
    }

    @Test
    void shareLimitsValuesMoreThanOneApart() {
        String tolerance = "{\"abs\": 3, \"share_above_1\": 0.25}";
        assertTrue(of(tolerance).compare(real(5, 5, 5, 5), real(8, 6, 5, 5)).within());
        assertFalse(of(tolerance).compare(real(5, 5, 5, 5), real(7, 7, 5, 5)).within());
        assertFalse(of(tolerance).compare(real(5, 5, 5, 5), real(9, 5, 5, 5)).within());
        assertTrue(of("{\"abs\": 3}").compare(real(5, 5), real(8, 8)).within());
    }

    @Test
    void signalToNoiseComparesEnergies() {
        String tolerance = "{\"snr_db\": 20}";
        assertEquals(1, ratio(tolerance, real(10, 0), real(10, 1)), 1e-12);
        assertFalse(of(tolerance).compare(real(10, 0), real(10, 1.01)).within());
        assertFalse(of(tolerance).compare(real(0, 0), real(0, 1e-9)).within());
        assertFalse(of(tolerance).compare(real(1, 1), real(Double.NaN, 1)).within());
        assertTrue(of(tolerance).compare(real(0, 0), real(0, 0)).within());
    }

    @Test
    void shouldRefuseUnknownForms() {
        for (String json : new String[] {"\"close\"", "{\"rel\": 1}", "{\"abs\": 1, \"note\": 2}", "{}", "3"}) {
            assertThrows(ModelFormatException.class, () -> of(json), json);
        }
    }
}
