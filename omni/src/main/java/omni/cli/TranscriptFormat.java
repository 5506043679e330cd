package omni.cli;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import omni.loader.JsonWriter;

/** How transcripts are written. */
enum TranscriptFormat {
    /** The words, a segment a line. */
    TXT,
    /** SubRip: numbered cues, times with a comma. */
    SRT,
    /** WebVTT (W3C): times with a point, and three characters written as entities. */
    VTT,
    /** One object for all files. */
    JSON;

    /** @throws UsageException if there is no such format */
    static TranscriptFormat of(String name) {
        for (TranscriptFormat format : values()) {
            if (format.extension().equals(name.toLowerCase(Locale.ROOT))) {
                return format;
            }
        }
        throw new UsageException("--format: value=" + name + "; give one of "
                + Arrays.stream(values()).map(TranscriptFormat::extension).collect(Collectors.joining(", ")));
    }

    /** Its name, and the end of a file's. */
    String extension() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** A transcript as the content of a file. */
    String file(Transcript transcript) {
        if (this == JSON) {
            return json(List.of(transcript)) + "\n";
        }
        StringBuilder out = new StringBuilder(begin());
        for (int i = 0; i < transcript.segments().size(); i++) {
            out.append(segment(i, transcript.segments().get(i)));
        }
        return out.toString();
    }

    /** What comes before the first segment. */
    String begin() {
        return this == VTT ? "WEBVTT\n\n" : "";
    }

    /** A segment of all formats but JSON. */
    String segment(int index, Transcript.Segment segment) {
        return switch (this) {
            case TXT -> segment.text() + "\n";
            case SRT ->
                (index + 1) + "\n" + times(segment, ',')
                        + oneLine(segment.text()).replace("-->", "->") + "\n\n";
            case VTT -> times(segment, '.') + escaped(oneLine(segment.text())) + "\n\n";
            case JSON -> throw new IllegalStateException("transcript: JSON is written whole");
        };
    }

    /** An empty line would end a cue. */
    private static String oneLine(String text) {
        return text.replaceAll("\\s+", " ");
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    private static String times(Transcript.Segment segment, char mark) {
        return time(segment.start(), mark) + " --> " + time(segment.end(), mark) + "\n";
    }

    private static String time(double seconds, char mark) {
        long ms = Math.round(1000 * seconds);
        return String.format(
                Locale.ROOT, "%02d:%02d:%02d%c%03d", ms / 3_600_000, ms / 60_000 % 60, ms / 1000 % 60, mark, ms % 1000);
    }

    /** All transcripts in one object. */
    static String json(List<Transcript> transcripts) {
        JsonWriter out = new JsonWriter().beginObject().name("files").beginArray();
        for (Transcript transcript : transcripts) {
            out.beginObject().name("file").value(transcript.file());
            out.name("seconds").value(milliseconds(transcript.seconds()));
            out.name("text").value(String.join(" ", transcript.lines()));
            out.name("segments").beginArray();
            for (Transcript.Segment segment : transcript.segments()) {
                out.beginObject().name("start").value(milliseconds(segment.start()));
                out.name("end").value(milliseconds(segment.end()));
                out.name("text").value(segment.text()).endObject();
            }
            out.endArray().endObject();
        }
        return out.endArray().endObject().toString();
    }

    private static double milliseconds(double seconds) {
        return Math.round(1000 * seconds) / 1000.0;
    }
}
