package omni.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import omni.loader.Json;
import omni.loader.JsonObject;
import org.junit.jupiter.api.Test;

class TranscriptFormatTest {
    private static final Transcript TALK = new Transcript(
            "talk.wav",
            3725.0004,
            List.of(
                    new Transcript.Segment(0, 1.2345, "Good morning."),
                    new Transcript.Segment(59.9996, 61, "Tom & <Jerry>\n\n--> \"there\""),
                    new Transcript.Segment(3599.9, 3723.042, "Bis später.")));

    @Test
    void plainTextHasALineForEachSegment() {
        assertEquals("Good morning.\nTom & <Jerry>\n\n--> \"there\"\nBis später.\n", TranscriptFormat.TXT.file(TALK));
    }

    @Test
    void subRipHasNumbersCommasAndEmptyLines() {
        assertEquals("""
                1
                00:00:00,000 --> 00:00:01,235
                Good morning.

                2
                00:01:00,000 --> 00:01:01,000
                Tom & <Jerry> -> "there"

                3
                00:59:59,900 --> 01:02:03,042
                Bis später.

                """, TranscriptFormat.SRT.file(TALK));
    }

    @Test
    void webVttHasAHeaderPointsAndEntities() {
        assertEquals("""
                WEBVTT

                00:00:00.000 --> 00:00:01.235
                Good morning.

                00:01:00.000 --> 00:01:01.000
                Tom &amp; &lt;Jerry&gt; --&gt; "there"

                00:59:59.900 --> 01:02:03.042
                Bis später.

                """, TranscriptFormat.VTT.file(TALK));
    }

    @Test
    void jsonHasFilesAndSegments() {
        assertEquals(
                "{\"files\":[{\"file\":\"talk.wav\",\"seconds\":3725,"
                        + "\"text\":\"Good morning. Tom & <Jerry>\\n\\n--> \\\"there\\\" Bis später.\",\"segments\":["
                        + "{\"start\":0,\"end\":1.235,\"text\":\"Good morning.\"},"
                        + "{\"start\":60,\"end\":61,\"text\":\"Tom & <Jerry>\\n\\n--> \\\"there\\\"\"},"
                        + "{\"start\":3599.9,\"end\":3723.042,\"text\":\"Bis später.\"}]}]}\n",
                TranscriptFormat.JSON.file(TALK));
        JsonObject two =
                Json.parse("test", TranscriptFormat.json(List.of(TALK, TALK))).asObject();
        assertEquals(2, two.getArray("files").size());
    }

    @Test
    void silenceIsAnEmptyTranscript() {
        Transcript nothing = new Transcript("quiet.wav", 9, List.of());
        assertEquals("", TranscriptFormat.TXT.file(nothing));
        assertEquals("", TranscriptFormat.SRT.file(nothing));
        assertEquals("WEBVTT\n\n", TranscriptFormat.VTT.file(nothing));
        assertEquals(
                "{\"files\":[{\"file\":\"quiet.wav\",\"seconds\":9,\"text\":\"\",\"segments\":[]}]}\n",
                TranscriptFormat.JSON.file(nothing));
    }

    @Test
    void namesAreFoundWhateverTheirCase() {
        assertEquals(TranscriptFormat.SRT, TranscriptFormat.of("srt"));
        assertEquals(TranscriptFormat.VTT, TranscriptFormat.of("VTT"));
        Exception e = assertThrows(UsageException.class, () -> TranscriptFormat.of("doc"));
        assertEquals("--format: value=doc; give one of txt, srt, vtt, json", e.getMessage());
    }
}
