package omni.media;

/** The samples of a sound, read once from beginning to end. Belongs to one thread at a time. */
public interface SampleReader extends AutoCloseable {
    /** Samples of one channel in a second, 1 .. {@link #MAX_RATE}. */
    int rate();

    /** Channels C, at least 1. */
    int channels();

    /**
     * Reads the next samples, interleaved [S, C]. Integer formats span -1 .. 1; float formats are taken as they are, but always finite.
     *
     * @param samples receives up to {@code frames * channels} values, from its beginning on
     * @param frames most samples of one channel to read, at least 1
     * @return samples of one channel read; 0 at the end
     * @throws omni.error.MediaException if the file is cut off, damaged or cannot be read
     */
    int read(float[] samples, int frames);

    /** Ends reading and what stands behind it. */
    @Override
    void close();

    /** The highest sampling rate that is believed; the highest in use is 768 kHz. */
    int MAX_RATE = 1_000_000;
}
