package omni.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

class MemoryPlanTest {
    @Test
    void addsUpItsPartsInOrder() {
        MemoryPlan plan = MemoryPlan.EMPTY.plus("weights", 7L << 30).plus("cache", 5);
        assertEquals((7L << 30) + 5, plan.bytes());
        assertEquals(
                List.of("weights", "cache"),
                plan.parts().stream().map(MemoryPlan.Part::name).toList());
        assertEquals(0, MemoryPlan.EMPTY.bytes());
    }

    @Test
    void refusesNegativeSizesAndNeverWrapsAround() {
        assertThrows(IllegalArgumentException.class, () -> MemoryPlan.EMPTY.plus("x", -1));
        MemoryPlan huge = MemoryPlan.EMPTY.plus("x", Long.MAX_VALUE).plus("y", 1);
        assertThrows(ArithmeticException.class, huge::bytes);
    }
}
