package omni.speech;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import omni.error.RequestException;
import omni.fixture.Thrown;
import org.junit.jupiter.api.Test;

class MelOptionsTest {
    @Test
    void guidesFromTheReferencesThresholdOn() {
        assertTrue(MelOptions.DEFAULT.guided());
        assertTrue(new MelOptions(10, 1e-5f).guided());
        assertFalse(new MelOptions(10, 0.9e-5f).guided());
        assertFalse(new MelOptions(10, 0).guided());
    }

    @Test
    void shouldRefuseWhatMakesNoSense() {
        assertEquals(
                "speech: steps=1; choose 2 to 1000",
                Thrown.message(RequestException.class, () -> new MelOptions(1, 0.5f)));
        assertEquals(
                "speech: steps=1001; choose 2 to 1000",
                Thrown.message(RequestException.class, () -> new MelOptions(1001, 0.5f)));
        assertEquals(
                "speech: guidance=-0.5; choose a number from 0",
                Thrown.message(RequestException.class, () -> new MelOptions(10, -0.5f)));
        assertEquals(
                "speech: guidance=NaN; choose a number from 0",
                Thrown.message(RequestException.class, () -> new MelOptions(10, Float.NaN)));
    }

    @Test
    void plansChunksFromSmallToLarge() {
        ChunkPlan plan = new ChunkPlan(List.of(1, 3, 2), 1);
        assertEquals(1, plan.blocks(0));
        assertEquals(3, plan.blocks(1));
        assertEquals(2, plan.blocks(2));
        assertEquals(2, plan.blocks(9));
        assertEquals(3, plan.mostBlocks());
        assertEquals(
                "speech: chunks=[1, 0], lookAhead=1; choose at least one block for a chunk and no less than none behind it",
                Thrown.message(RequestException.class, () -> new ChunkPlan(List.of(1, 0), 1)));
        assertEquals(
                "speech: chunks=[], lookAhead=0; choose at least one block for a chunk and no less than none behind it",
                Thrown.message(RequestException.class, () -> new ChunkPlan(List.of(), 0)));
    }
}
