package omni.vision;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import omni.error.MediaException;
import omni.error.RequestException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FrameRuleTest {
    /** Choices of the reference's loading helper: frames of the clip, their rate, frames chosen. */
    @ParameterizedTest
    @CsvSource({
        "2,30,0 1",
        "3,30,0 2",
        "5,30,0 1 3 4",
        "7,30,0 2 4 6",
        "8,30,0 2 5 7",
        "59,30,0 19 39 58",
        "120,30,0 17 34 51 68 85 102 119",
        "121,30,0 17 34 51 69 86 103 120",
    })
    void framesAreThoseOfTheReference(int total, double fps, String chosen) {
        assertArrayEquals(ints(chosen), FrameRule.DEFAULT.choose("clip", total, fps));
    }

    /** {@code torch.linspace(0, total - 1, n).round()}: fused multiply-adds decide where halves lie near. */
    @Test
    void longClipsAreSpreadAsPyTorchDoes() {
        int[] chosen = new FrameRule(2, 4, 768, 278).choose("clip", 123_313, 30);
        assertEquals(74_789, chosen[168]);
        assertEquals(123_312, chosen[277]);
    }

    @Test
    void numbersAreRoundedToEven() {
        assertEquals(10, new FrameRule(2, 9, 21, null).choose("clip", 60, 24).length);
        assertEquals(20, new FrameRule(2, 9, 21, null).choose("clip", 600, 24).length);
        assertEquals(50, new FrameRule(2, 4, 768, null).choose("clip", 600, 24).length);
        assertEquals(8, new FrameRule(2, 4, 768, 7).choose("clip", 100, 25).length);
        assertEquals(8, new FrameRule(2, 4, 768, 9).choose("clip", 100, 25).length);
        assertEquals(90, new FrameRule(60, 4, 768, null).choose("clip", 90, 29.97).length);
    }

    @Test
    void shouldRefuseClipsThatAreTooShort() {
        assertEquals(
                "video: file=a.mp4, frames=1, wanted=0; a clip has at least 2, give it as a picture",
                refusal(FrameRule.DEFAULT, 1));
        assertEquals(
                "video: file=a.mp4, frames=10, wanted=12; ask for 2 to 10", refusal(new FrameRule(2, 4, 768, 12), 10));
        assertEquals(
                "video: file=a.mp4, frames=10, wanted=0; ask for 2 to 10", refusal(new FrameRule(2, 4, 768, 1), 10));
        assertEquals(
                "video: file=a.mp4, frames=10, wanted=0; ask for 2 to 10", refusal(new FrameRule(2, 1, 1, null), 10));
    }

    @Test
    void whatIsNotGivenIsTheReferences() {
        assertEquals(FrameRule.DEFAULT, FrameRule.of(null, null, null, null));
        assertEquals(new FrameRule(3, 6, 8, null), FrameRule.of(3.0, 6, 8, null));
        assertEquals(new FrameRule(2, 4, 768, 12), FrameRule.of(null, null, null, 12));
        Exception e = assertThrows(RequestException.class, () -> FrameRule.of(2.0, null, null, 8));
        assertEquals("frames: fps=2.0, frames=8; give a rate or a number, not both", e.getMessage());
    }

    @Test
    void shouldRefuseRulesThatMakeNoSense() {
        Exception e = assertThrows(IllegalArgumentException.class, () -> new FrameRule(Double.NaN, 4, 768, null));
        assertEquals("frames: fps=NaN, minFrames=4, maxFrames=768, frames=null", e.getMessage());
    }

    private static String refusal(FrameRule rule, int total) {
        return String.valueOf(assertThrows(MediaException.class, () -> rule.choose("video: file=a.mp4", total, 25))
                .getMessage());
    }

    private static int[] ints(String text) {
        return Arrays.stream(text.split(" ")).mapToInt(Integer::parseInt).toArray();
    }
}
