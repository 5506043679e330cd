package omni.thinker;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.stream.IntStream;
import omni.error.RequestException;
import org.junit.jupiter.api.Test;

class RopePositionsTest {
    private static final int IMAGE = 91;
    private static final int VIDEO = 92;
    private static final int AUDIO = 93;
    private static final int BEGIN = 80;
    private static final int END = 81;
    private static final int SOUND_BEGIN = 82;
    private static final int SOUND_END = 83;
    private static final RopeRules OMNI =
            new RopeRules(RopeRules.Family.OMNI, IMAGE, VIDEO, AUDIO, SOUND_BEGIN, SOUND_END, 2, 25, 2);
    private static final RopeRules VL = new RopeRules(
            RopeRules.Family.QWEN2_5_VL, IMAGE, VIDEO, RopeRules.ABSENT, RopeRules.ABSENT, RopeRules.ABSENT, 2, 2, 2);

    private static RopePositions positions(RopeRules rules, List<MediaSpan> media, int... ids) {
        return RopePositions.of(PlaceholderExpansion.expand(ids, media, rules), media, rules);
    }

    private static MediaSpan clip(int t, int h, int w, double seconds) {
        return new MediaSpan.Video(new GridThw(t, h, w), seconds);
    }

    private static MediaSpan clip(int t, int h, int w, double seconds, int audioTokens) {
        return new MediaSpan.VideoWithAudio(new GridThw(t, h, w), seconds, audioTokens);
    }

    @Test
    void textCountsOnAllAxes() {
        RopePositions p = positions(OMNI, List.of(), 1, 2, 3);
        assertArrayEquals(new int[][] {{0, 1, 2}, {0, 1, 2}, {0, 1, 2}}, p.range(0, 3));
        assertEquals(3, p.next());
        assertEquals(0, p.delta());
    }

    @Test
    void nothingHasNoPositions() {
        RopePositions p = positions(OMNI, List.of());
        assertEquals(0, p.length());
        assertEquals(0, p.next());
    }

    @Test
    void pictureSpansRowsAndColumnsAtOneTime() {
        RopePositions p = positions(OMNI, List.of(new MediaSpan.Image(new GridThw(1, 4, 6))), 1, BEGIN, IMAGE, END, 2);
        assertArrayEquals(new int[] {0, 1, 2, 2, 2, 2, 2, 2, 5, 6}, p.time());
        assertArrayEquals(new int[] {0, 1, 2, 2, 2, 3, 3, 3, 5, 6}, p.height());
        assertArrayEquals(new int[] {0, 1, 2, 3, 4, 2, 3, 4, 5, 6}, p.width());
        assertEquals(7, p.next());
        assertEquals(-3, p.delta());
    }

    @Test
    void largePictureAdvancesByItsLongerSide() {
        RopePositions p = positions(OMNI, List.of(new MediaSpan.Image(new GridThw(1, 24, 36))), BEGIN, IMAGE, END);
        assertEquals(1 + 18, p.time()[p.length() - 1]);
    }

    @Test
    void soundCountsOneByOne() {
        RopePositions p = positions(OMNI, List.of(new MediaSpan.Audio(3)), 1, SOUND_BEGIN, AUDIO, SOUND_END, 2);
        assertArrayEquals(new int[] {0, 1, 2, 3, 4, 5, 6}, p.time());
        assertArrayEquals(p.time(), p.width());
    }

    @Test
    void soundWithoutTokensLeavesItsMarkersAsText() {
        RopePositions p = positions(OMNI, List.of(new MediaSpan.Audio(0)), 1, SOUND_BEGIN, AUDIO, SOUND_END, 2);
        assertArrayEquals(new int[] {0, 1, 2, 3}, p.time());
    }

    @Test
    void clipStepsAreTimesTruncatedInFloat32() {
        RopePositions p = positions(OMNI, List.of(clip(3, 2, 2, 2 / 0.7)), BEGIN, VIDEO, END);
        // 2 / 0.7 s * 25 = 71.43 positions a step.
        assertArrayEquals(new int[] {0, 1, 72, 143, 144}, p.time());
        assertArrayEquals(new int[] {0, 1, 1, 1, 144}, p.height());
    }

    @Test
    void clipAndItsSoundAlternateInChunksBetweenSharedMarkers() {
        List<MediaSpan> media = List.of(clip(4, 2, 2, 1.0, 60));
        int[] ids = PlaceholderExpansion.expand(new int[] {7, BEGIN, VIDEO, END, 8}, media, OMNI);
        RopePositions p = RopePositions.of(ids, media, OMNI);
        // Text, two begin tokens, steps 0 and 25, sound 0 .. 49, steps 50 and 75, sound 50 .. 59, two end tokens, text.
        assertEquals(1 + 2 + 2 + 50 + 2 + 10 + 2 + 1, ids.length);
        assertArrayEquals(new int[] {7, BEGIN, SOUND_BEGIN, VIDEO, VIDEO, AUDIO}, java.util.Arrays.copyOf(ids, 6));
        assertArrayEquals(new int[] {0, 1, 1, 2, 27, 2, 3}, java.util.Arrays.copyOf(p.time(), 7));
        assertArrayEquals(new int[][] {{51, 52, 77, 52}, {51, 2, 2, 52}, {51, 2, 2, 52}}, p.range(54, 58));
        assertArrayEquals(new int[] {AUDIO, SOUND_END, END, 8}, java.util.Arrays.copyOfRange(ids, 66, 70));
        // The last chunk is the sound's, up to 61: what follows goes back behind it, although the clip went up to 77.
        assertArrayEquals(new int[] {61, 62, 62, 63}, java.util.Arrays.copyOfRange(p.time(), 66, 70));
        assertEquals(78, p.next());
    }

    @Test
    void chunksLagBehindWhenStepsAreFarApart() {
        assertArrayEquals(new int[] {1, 2, 3, 4, 5}, Chunks.ends(5, i -> 200 * i, 50));
        assertArrayEquals(new int[] {2, 3, 4}, Chunks.ends(4, i -> i < 2 ? 0 : 500, 50));
        assertArrayEquals(new int[] {0}, Chunks.ends(0, i -> i, 50));
        assertArrayEquals(new int[] {50}, Chunks.ends(50, i -> i, 50));
        assertArrayEquals(new int[] {50, 51}, Chunks.ends(51, i -> i, 50));
    }

    @Test
    void visionLanguageModelGoesOnBehindRowsAndColumns() {
        RopePositions p = positions(VL, List.of(clip(3, 4, 2, 1.0)), 1, BEGIN, VIDEO, END, 2);
        assertArrayEquals(new int[] {0, 1, 2, 2, 4, 4, 6, 6, 4, 5}, p.time());
        assertArrayEquals(new int[] {0, 1, 2, 3, 2, 3, 2, 3, 4, 5}, p.height());
        assertEquals(7, p.next());
    }

    @Test
    void pictureAndSoundAreWhereTheDocumentationDrawsThem() {
        List<MediaSpan> media = List.of(new MediaSpan.Image(new GridThw(1, 4, 6)), new MediaSpan.Audio(4));
        RopePositions p = positions(OMNI, media, 1, BEGIN, IMAGE, END, 2, 3, SOUND_BEGIN, AUDIO, SOUND_END, 4);
        assertArrayEquals(new int[] {0, 1, 2, 2, 2, 2, 2, 2, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14}, p.time());
        assertArrayEquals(new int[] {0, 1, 2, 2, 2, 3, 3, 3, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14}, p.height());
        assertArrayEquals(new int[] {0, 1, 2, 3, 4, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14}, p.width());
    }

    @Test
    void clipAndItsSoundAreWhereTheDocumentationDrawsThem() {
        int[] ids = {1, BEGIN, VIDEO, END, 2};
        RopePositions p = positions(OMNI, List.of(clip(3, 2, 4, 1.0, 55)), ids);
        int[] time = {0, 1, 1, 2, 2, 27, 27};
        int[] height = {0, 1, 1, 2, 2, 2, 2};
        int[] width = {0, 1, 1, 2, 3, 2, 3};
        int[] behind = {52, 53, 54, 55, 56, 57, 57, 58};
        assertArrayEquals(drawn(time, new int[] {52, 52}, behind), p.time());
        assertArrayEquals(drawn(height, new int[] {2, 2}, behind), p.height());
        assertArrayEquals(drawn(width, new int[] {2, 3}, behind), p.width());
    }

    /** Both sides of the sound's 50 embeddings of the first chunk, at 2 to 51. */
    private static int[] drawn(int[] before, int[] step, int[] behind) {
        IntStream first = IntStream.concat(IntStream.of(before), IntStream.rangeClosed(2, 51));
        return IntStream.concat(first, IntStream.concat(IntStream.of(step), IntStream.of(behind)))
                .toArray();
    }

    @Test
    void talkerSequenceIsTwoTextTokensLonger() {
        List<MediaSpan> media = List.of(new MediaSpan.Image(new GridThw(1, 2, 2)));
        RopePositions p = positions(OMNI, media, BEGIN, IMAGE, END, 5, 60, 61);
        assertArrayEquals(new int[] {0, 1, 2, 3, 4, 5}, p.time());
    }

    @Test
    void generatedTokensMoveWhenTheyBecomePromptBehindAClipThatOutlastsItsSound() {
        List<MediaSpan> media = List.of(clip(4, 2, 2, 1.0, 60));
        RopePositions first = positions(OMNI, media, 7, BEGIN, VIDEO, END, 8);
        RopePositions second = positions(OMNI, media, 7, BEGIN, VIDEO, END, 8, 9, 10);
        assertEquals(78, first.next());
        assertEquals(64, second.time()[first.length()]);
        assertEquals(first.length(), second.commonPrefix(first, second.length()));
        RopePositions text = positions(OMNI, List.of(), 1, 2);
        assertEquals(4, positions(OMNI, List.of(), 1, 2, 3, 4).commonPrefix(text, 4));
    }

    @Test
    void tokensOfSoundFollowFromItsFrames() {
        int[] frames = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 200, 3000, 30000};
        int[] tokens = {0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 50, 750, 7500};
        for (int i = 0; i < frames.length; i++) {
            assertEquals(tokens[i], MediaSpan.Audio.tokensOf(frames[i]), "frames=" + frames[i]);
        }
    }

    private static void refuses(String message, List<MediaSpan> media, int... ids) {
        assertEquals(
                message,
                assertThrows(RequestException.class, () -> RopePositions.of(ids, media, OMNI))
                        .getMessage());
    }

    @Test
    void shouldRefusePlaceholdersThatAreNotThoseOfTheMedia() {
        List<MediaSpan> picture = List.of(new MediaSpan.Image(new GridThw(1, 2, 4)));
        String remedy = "; expand the placeholders with the same media";
        refuses("placeholder without a medium: token=1, length=3" + remedy, List.of(), BEGIN, IMAGE, END);
        refuses("medium without a placeholder: token=2, length=2" + remedy, picture, BEGIN, END);
        refuses("placeholder of another kind than its medium: token=1, length=3" + remedy, picture, BEGIN, VIDEO, END);
        refuses(
                "fewer placeholders than the medium's tokens: token=2, length=3, tokens of the medium=2" + remedy,
                picture,
                BEGIN,
                IMAGE,
                END);
        refuses(
                "media and placeholders overlap or end early: token=0, length=2, tokens of the medium=2" + remedy,
                picture,
                IMAGE,
                IMAGE);
        refuses(
                "placeholders of clip and sound are not those of the media: token=2, length=6, tokens of the medium=3"
                        + remedy,
                List.of(clip(1, 2, 2, 1.0, 2)),
                BEGIN,
                SOUND_BEGIN,
                VIDEO,
                VIDEO,
                AUDIO,
                END);
        refuses(
                "clip too long: steps=2, seconds per step=1000000.0; give a shorter clip",
                List.of(clip(2, 2, 2, 1e6)),
                BEGIN,
                VIDEO,
                VIDEO,
                END);
    }
}
