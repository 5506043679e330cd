package omni.cli;

import org.jspecify.annotations.Nullable;

/** Prints a transcript while it is made: words as they come, subtitles cue by cue. */
final class TranscriptPrinter implements Transcriber.Listener {
    private final Streams streams;
    private final @Nullable TranscriptFormat format;
    private int segments;
    private boolean inLine;

    /** @param format null if the transcript is not printed */
    TranscriptPrinter(Streams streams, @Nullable TranscriptFormat format) {
        this.streams = streams;
        this.format = format == TranscriptFormat.JSON ? null : format;
    }

    @Override
    public void words(String piece) {
        if (format == TranscriptFormat.TXT) {
            streams.print(piece);
            inLine = true;
        }
    }

    @Override
    public void segment(Transcript.@Nullable Segment segment) {
        if (format == TranscriptFormat.TXT) {
            endLine();
        } else if (format != null && segment != null) {
            begin(format);
            streams.print(format.segment(segments++, segment));
        }
    }

    private void begin(TranscriptFormat begun) {
        if (segments == 0) {
            streams.print(begun.begin());
        }
    }

    private void endLine() {
        if (inLine) {
            streams.print("\n");
            inLine = false;
        }
    }

    /** Also where it was broken off. */
    void end() {
        endLine();
        if (format != null) {
            begin(format);
        }
    }
}
