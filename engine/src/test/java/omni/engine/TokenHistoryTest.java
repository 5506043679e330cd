package omni.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class TokenHistoryTest {
    @Test
    void keepsDistinctIdsInTheOrderTheyCame() {
        TokenHistory history = new TokenHistory();
        history.addAll(new int[] {5, 2, 5, 5, 0, 2});
        assertEquals(3, history.size());
        assertEquals(5, history.id(0));
        assertEquals(2, history.id(1));
        assertEquals(0, history.id(2));
        assertThrows(IndexOutOfBoundsException.class, () -> history.id(3));
    }

    @Test
    void growsWithItsIds() {
        TokenHistory history = new TokenHistory();
        for (int id = 0; id < 10_000; id++) {
            history.add(id / 2);
        }
        assertEquals(5000, history.size());
        assertEquals(4999, history.id(4999));
    }

    @Test
    void refusesNegativeIds() {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> new TokenHistory().add(-1));
        assertEquals("token history: id=-1", e.getMessage());
    }
}
