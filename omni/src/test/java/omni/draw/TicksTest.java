package omni.draw;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TicksTest {
    @ParameterizedTest
    @CsvSource({"0.7,1", "1,1", "1.01,2", "2,2", "3,5", "5,5", "5.1,10", "60,100", "0.011,0.02", "0.3,0.5", "1234,2000"
    })
    void stepsAreRoundNumbers(double least, double step) {
        assertEquals(step, Ticks.atLeast(least).step(), step * 1e-12);
    }

    @Test
    void labelsHaveTheDecimalsThatTheStepNeeds() {
        assertEquals("3", Ticks.atLeast(1).label(3));
        assertEquals("1.5", Ticks.atLeast(0.5).label(3));
        assertEquals("0.06", Ticks.atLeast(0.02).label(3));
        assertEquals("300", Ticks.atLeast(100).label(3));
    }
}
