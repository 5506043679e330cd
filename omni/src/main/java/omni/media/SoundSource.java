package omni.media;

/** A sound that can be read any number of times, also by several threads at once. */
public interface SoundSource {
    /** The file, for messages. */
    String name();

    /**
     * Starts to read from the beginning.
     *
     * @throws omni.error.MediaException if the file is missing, empty, broken or of an unsupported kind
     */
    SampleReader open();
}
