package omni.cli;

import java.util.ArrayList;
import java.util.List;

/**
 * What was said in a sound.
 *
 * @param file its name
 * @param seconds its length
 * @param segments what was said, in order
 */
record Transcript(String file, double seconds, List<Segment> segments) {
    Transcript {
        segments = List.copyOf(segments);
    }

    /**
     * What was said in a piece of it.
     *
     * @param start seconds at which it begins
     * @param end seconds at which it ends
     * @param text without white space around it, never empty
     */
    record Segment(double start, double end, String text) {}

    /** Everything that was said, a segment a line. */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        segments.forEach(segment -> lines.add(segment.text));
        return lines;
    }
}
