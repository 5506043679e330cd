package omni.thinker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import omni.engine.Matrix;
import org.junit.jupiter.api.Test;

class PromptTest {
    private static final RopeRules RULES = new RopeRules(RopeRules.Family.OMNI, 90, 91, 92, 93, 94, 2, 25, 2);
    private static final MemorySegment MEMORY = Arena.ofAuto().allocate(400);

    private static Prompt prompt(List<Splice> splices, int... ids) {
        return new Prompt(ids, RopePositions.of(ids, List.of(), RULES), splices);
    }

    private static Splice splice(int position, int rows, int offset) {
        return new Splice(position, new Matrix(MEMORY, offset, rows, 2, 2));
    }

    private static int common(Prompt next, Prompt held) {
        return next.commonPrefix(held, held.ids(), held.length());
    }

    @Test
    void sharesTheTokensUpToTheFirstDifference() {
        Prompt held = prompt(List.of(), 1, 2, 3, 4);
        assertEquals(4, common(prompt(List.of(), 1, 2, 3, 4), held));
        assertEquals(4, common(prompt(List.of(), 1, 2, 3, 4, 5), held));
        assertEquals(2, common(prompt(List.of(), 1, 2), held));
        assertEquals(2, common(prompt(List.of(), 1, 2, 4, 4), held));
        assertEquals(0, common(prompt(List.of(), 5, 2, 3, 4), held));
        assertEquals(3, prompt(List.of(), 1, 2, 3, 4).commonPrefix(held, new int[] {1, 2, 3, 9}, 4));
        assertEquals(2, prompt(List.of(), 1, 2, 3, 4).commonPrefix(held, held.ids(), 2));
    }

    @Test
    void sharesAMediumOnlyIfItIsTheSameMemoryInTheSamePlace() {
        Prompt held = prompt(List.of(splice(1, 2, 0), splice(4, 1, 10)), 1, 2, 3, 4, 5, 6);
        assertEquals(6, common(prompt(List.of(splice(1, 2, 0), splice(4, 1, 10)), 1, 2, 3, 4, 5, 6), held));
        assertEquals(4, common(prompt(List.of(splice(1, 2, 0), splice(4, 1, 12)), 1, 2, 3, 4, 5, 6), held));
        assertEquals(4, common(prompt(List.of(splice(1, 2, 0)), 1, 2, 3, 4, 5, 6), held));
        assertEquals(1, common(prompt(List.of(splice(2, 2, 0)), 1, 2, 3, 4, 5, 6), held));
        assertEquals(1, common(prompt(List.of(), 1, 2, 3, 4, 5, 6), held));
        assertEquals(2, common(held, prompt(List.of(splice(1, 2, 0), splice(4, 1, 10)), 1, 2, 9, 4, 5, 6)));
    }

    @Test
    void shouldRefusePartsThatDoNotFitEachOther() {
        assertEquals(
                "prompt: tokens=3, splice at=2, rows=2, previous end=0",
                assertThrows(IllegalArgumentException.class, () -> prompt(List.of(splice(2, 2, 0)), 1, 2, 3))
                        .getMessage());
        assertEquals(
                "prompt: tokens=3, splice at=1, rows=1, previous end=2",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> prompt(List.of(splice(0, 2, 0), splice(1, 1, 0)), 1, 2, 3))
                        .getMessage());
        RopePositions two = RopePositions.of(new int[] {1, 2}, List.of(), RULES);
        assertEquals(
                "prompt: tokens=3, positions=2",
                assertThrows(IllegalArgumentException.class, () -> new Prompt(new int[] {1, 2, 3}, two, List.of()))
                        .getMessage());
        assertEquals(
                "splice: position=-1, rows=1",
                assertThrows(IllegalArgumentException.class, () -> splice(-1, 1, 0))
                        .getMessage());
    }
}
