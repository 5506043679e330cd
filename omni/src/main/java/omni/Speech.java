package omni;

import java.util.List;
import omni.engine.StopReason;

/**
 * How a finished reply was spoken. The samples themselves went to the listener, or out of the stream.
 *
 * @param voice name of the speaker
 * @param codes what the Talker said, without the mark at its end
 * @param stopReason why the Talker ended: its own mark, a limit (of codes, of the context, or of what the text can fill), or a
 *     cancellation
 * @param sampleRate samples in a second
 * @param samples number of samples made
 */
public record Speech(String voice, List<Integer> codes, StopReason stopReason, int sampleRate, long samples) {
    /** Keeps a copy of the list. */
    public Speech {
        codes = List.copyOf(codes);
    }

    /** Length of the sound in seconds. */
    public double seconds() {
        return samples / (double) sampleRate;
    }
}
