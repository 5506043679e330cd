package omni.chat;

import java.util.Objects;
import omni.error.MediaException;

/** A sound in memory: one channel, in -1 .. 1, at any sampling rate. Immutable. */
public final class Samples {
    private static final int MAX_RATE = 1_000_000;

    private final String name;
    private final float[] values;
    private final int rate;

    private Samples(String name, float[] values, int rate) {
        this.name = name;
        this.values = values;
        this.rate = rate;
    }

    /**
     * A copy of some samples.
     *
     * @param name what messages call the sound
     * @param values S samples of one channel, from the first to be heard on
     * @param rate samples in a second, 1 to 1,000,000
     * @throws MediaException if there are none, if one is not a number, or if the rate is out of range
     */
    public static Samples of(String name, float[] values, int rate) {
        if (rate < 1 || rate > MAX_RATE) {
            throw new MediaException("sound: name=" + name + ", rate=" + rate + "; give 1 to " + MAX_RATE);
        }
        if (values.length == 0) {
            throw new MediaException("sound: name=" + name + ", samples=0; there is nothing to hear");
        }
        for (int i = 0; i < values.length; i++) {
            if (!Float.isFinite(values[i])) {
                throw new MediaException(
                        "sound: name=" + name + ", sample=" + i + ", value=" + values[i] + "; give finite numbers");
            }
        }
        return new Samples(Objects.requireNonNull(name), values.clone(), rate);
    }

    /** What messages call the sound. */
    public String name() {
        return name;
    }

    /** Samples in a second. */
    public int rate() {
        return rate;
    }

    /** Number of samples S. */
    public int length() {
        return values.length;
    }

    /** Length in seconds. */
    public double seconds() {
        return (double) values.length / rate;
    }

    /**
     * Copies samples {@code from} to {@code from + n} to the beginning of an array.
     *
     * @throws IndexOutOfBoundsException if there are no such samples, or the array is too short
     */
    public void copy(int from, float[] to, int n) {
        System.arraycopy(values, from, to, 0, n);
    }

    @Override
    public String toString() {
        return name + " [" + values.length + " samples at " + rate + " Hz]";
    }
}
