package omni.media;

import org.jspecify.annotations.Nullable;

/** A clip whose frames are counted before any is decoded, and shown on demand. May be shown several times. */
public interface VideoSource {
    /** The file or folder, for messages. */
    String name();

    /** Number of frames, at least 1. Containers may exaggerate: {@link #show} tells how many there were. */
    int frames();

    /** Frames in a second on average. */
    double fps();

    /** Pixels of a row, upright. */
    int width();

    /** Rows, upright. */
    int height();

    /** Whether it is a list of pictures, every one of which is meant to be used, rather than a film to be sampled. */
    boolean isList();

    /**
     * Decodes the clip and shows some of its frames; others are forgotten at once.
     *
     * @param wanted numbers of frames, ascending
     * @param sink receives them in order
     * @return how many of them there were; fewer than wanted if the clip has fewer frames than {@link #frames} says
     * @throws omni.error.MediaException if the clip cannot be decoded
     */
    int show(int[] wanted, FrameSink sink);

    /** Counts the frames by decoding all of them: slow, but right where {@link #frames} is not. */
    int count();

    /** Its sound, or null if it has none. */
    @Nullable
    SoundSource sound();
}
