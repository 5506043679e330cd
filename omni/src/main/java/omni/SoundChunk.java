package omni;

/**
 * A piece of a spoken reply.
 *
 * @param samples mono, in -1 .. 1; the receiver's own
 * @param sampleRate samples in a second
 * @param first index of the first sample in the reply
 * @param text what was written since the chunk before; the sound says it about now, words and samples are not aligned
 */
@SuppressWarnings("ArrayRecordComponent")
public record SoundChunk(float[] samples, int sampleRate, long first, String text) implements ReplyPiece {
    /** Length in seconds. */
    public double seconds() {
        return samples.length / (double) sampleRate;
    }
}
