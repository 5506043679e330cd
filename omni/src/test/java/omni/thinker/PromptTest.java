package omni.thinker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
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
    @SuppressWarnings("restricted") // the same address once more, which an allocator may give out
    void countsMemoryThatWasGivenOutAgainAsAnother() {
        Splice first;
        try (Arena arena = Arena.ofConfined()) {
            first = new Splice(1, new Matrix(arena.allocate(400), 0, 2, 2, 2));
            assertEquals(first, new Splice(1, first.rows()));
            assertEquals(first.hashCode(), new Splice(1, first.rows()).hashCode());
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment same =
                    MemorySegment.ofAddress(first.rows().data().address()).reinterpret(400, arena, null);
            assertNotEquals(first, new Splice(1, new Matrix(same, 0, 2, 2, 2)));
        }
    }

    @Test
    void placesAClipAndItsSoundInTurns() {
        // 51 positions of sound, and steps at 0 and 50: a chunk of 2 s, then the rest of both.
        GridThw grid = new GridThw(2, 2, 4);
        Matrix seen = rows(4);
        Matrix heard = rows(51);
        EncodedMedium clip = new EncodedMedium(new MediaSpan.VideoWithAudio(grid, 2, 51), seen, heard);
        Matrix picture = rows(1);
        EncodedMedium image = new EncodedMedium(new MediaSpan.Image(new GridThw(1, 2, 2)), picture, null);
        EncodedMedium nothing = new EncodedMedium(new MediaSpan.Audio(0), null, rows(0));
        int[] ids = {7, 93, 92, 94, 8, 91, 9, 10, 90, 11};
        Prompt prompt = Prompt.of(ids, List.of(nothing, clip, image), RULES);
        assertEquals(
                List.of(
                        new Splice(5, seen.rows(0, 2)),
                        new Splice(7, heard.rows(0, 50)),
                        new Splice(57, seen.rows(2, 4)),
                        new Splice(59, heard.rows(50, 51)),
                        new Splice(63, picture)),
                prompt.splices());
        assertEquals(65, prompt.length());
        assertEquals(91, prompt.id(5));
        assertEquals(92, prompt.id(59));
        assertEquals(94, prompt.id(60));
        assertEquals(90, prompt.id(63));
    }

    private static Matrix rows(int n) {
        return new Matrix(Arena.ofAuto().allocate(1 + 8L * n), 0, n, 2, 2);
    }

    @Test
    void shouldRefuseAnotherNumberOfEmbeddingsThanTokens() {
        MediaSpan sound = new MediaSpan.Audio(2);
        int[] ids = {7, 93, 92, 94};
        assertEquals(
                "prompt: medium=Audio[tokens=2], embeddings=1, tokens=at least 2",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> Prompt.of(ids, List.of(new EncodedMedium(sound, null, rows(1))), RULES))
                        .getMessage());
        assertEquals(
                "prompt: medium=Audio[tokens=2], embeddings=3, tokens=2",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> Prompt.of(ids, List.of(new EncodedMedium(sound, null, rows(3))), RULES))
                        .getMessage());
        assertEquals(
                "medium: span=Audio[tokens=2], seen=true, heard=false",
                assertThrows(IllegalArgumentException.class, () -> new EncodedMedium(sound, rows(2), null))
                        .getMessage());
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
