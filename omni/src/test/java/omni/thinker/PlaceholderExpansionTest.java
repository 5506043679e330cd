package omni.thinker;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import omni.error.RequestException;
import org.junit.jupiter.api.Test;

class PlaceholderExpansionTest {
    private static final RopeRules RULES = new RopeRules(RopeRules.Family.OMNI, 1, 2, 3, 8, 9, 2, 25, 2);
    private static final MediaSpan PICTURE = new MediaSpan.Image(new GridThw(1, 2, 6));

    private static int[] expand(List<MediaSpan> media, int... ids) {
        return PlaceholderExpansion.expand(ids, media, RULES);
    }

    @Test
    void repeatsEachPlaceholderForItsMedium() {
        List<MediaSpan> media = List.of(
                PICTURE, new MediaSpan.Audio(2), new MediaSpan.Video(new GridThw(2, 2, 2), 1), new MediaSpan.Audio(0));
        assertArrayEquals(new int[] {1, 1, 1, 50, 3, 3, 2, 2, 51}, expand(media, 1, 50, 3, 2, 51, 3));
    }

    @Test
    void putsSoundOfClipBetweenItsOwnMarkers() {
        List<MediaSpan> media = List.of(new MediaSpan.VideoWithAudio(new GridThw(2, 2, 2), 1, 3));
        assertArrayEquals(new int[] {50, 8, 2, 2, 3, 3, 3, 9, 51}, expand(media, 50, 2, 51));
    }

    @Test
    void leavesTextAlone() {
        assertArrayEquals(new int[] {7, 8, 9}, expand(List.of(), 7, 8, 9));
        assertArrayEquals(new int[0], expand(List.of()));
    }

    private static void refuses(String message, List<MediaSpan> media, int... ids) {
        assertEquals(
                message,
                assertThrows(RequestException.class, () -> expand(media, ids)).getMessage());
    }

    @Test
    void shouldRefusePlaceholdersThatAreNotThoseOfTheMedia() {
        refuses(
                "placeholder without a medium: kind=image, token=3, media=1; text must not spell a placeholder",
                List.of(PICTURE),
                50,
                1,
                51,
                1);
        refuses(
                "placeholder of another kind: kind=audio, token=0, medium=image; give media in their order in the text",
                List.of(PICTURE),
                3);
        refuses(
                "media without a placeholder: media=2, placeholders=1; the chat template must name every medium",
                List.of(PICTURE, PICTURE),
                1);
    }

    @Test
    void shouldRefusePromptBeyondAllArrays() {
        MediaSpan vast = new MediaSpan.Image(new GridThw(1, 46340, 46340));
        refuses(
                "prompt too long: tokens=2684244512; give fewer or smaller media",
                List.of(vast, vast, vast, vast, vast),
                1,
                1);
    }

    @Test
    void shouldRefuseImpossibleSizes() {
        assertThrows(IllegalArgumentException.class, () -> new GridThw(0, 2, 2));
        assertThrows(IllegalArgumentException.class, () -> new GridThw(2, 46341, 46341));
        assertThrows(IllegalArgumentException.class, () -> new GridThw(1, 3, 2).tokens(2));
        assertThrows(IllegalArgumentException.class, () -> new MediaSpan.Video(new GridThw(1, 2, 2), Double.NaN));
        assertThrows(IllegalArgumentException.class, () -> new MediaSpan.Audio(-1));
    }
}
