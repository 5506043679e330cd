package omni;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import omni.ModelInfo.Memory;
import omni.error.RequestException;
import omni.fixture.Thrown;
import org.junit.jupiter.api.Test;

class MemoryLimitTest {
    private static final Memory NEED = new Memory(
            4096, 5_000_000_000L, 1_500_000_000, 300_000_000, 100_000_000, 100_000_000, 700_000_000, 300_000_000);

    @Test
    void takesWhatFitsToTheByte() {
        new MemoryLimit(8_000_000_000L).check(NEED, 0);
        new MemoryLimit(8_000_000_007L).check(NEED, 7);
    }

    @Test
    void shouldRefuseWhatDoesNotFitWithTheFigures() {
        assertEquals(
                "not enough memory: positions=4096, needed=8.00 GB (weights=5.00 GB, key-value cache=1.50 GB,"
                        + " encoders=0.70 GB, speech=0.30 GB, other conversations=0.00 GB), limit=8.00 GB; ask for fewer tokens, close conversations, or use a"
                        + " smaller model or a larger machine",
                Thrown.message(RequestException.class, () -> new MemoryLimit(7_999_999_999L).check(NEED, 0)));
        assertEquals(
                "not enough memory: positions=4096, needed=9.25 GB (weights=5.00 GB, key-value cache=1.50 GB,"
                        + " encoders=0.70 GB, speech=0.30 GB, other conversations=1.25 GB), limit=9.00 GB; ask for fewer tokens, close conversations, or use a"
                        + " smaller model or a larger machine",
                Thrown.message(
                        RequestException.class, () -> new MemoryLimit(9_000_000_000L).check(NEED, 1_250_000_000)));
    }

    @Test
    void isTheMachinesWhereNoneIsAskedFor() {
        assertEquals(
                5, MemoryLimit.of(OpenOptions.defaults().withMemoryLimit(5)).bytes());
        assertTrue(MemoryLimit.of(OpenOptions.defaults()).bytes()
                >= Runtime.getRuntime().maxMemory() / 4);
    }
}
