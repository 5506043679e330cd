package omni.audio;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a sound of any length at its pauses into pieces that a model hears one by one, while the sound is read: no more than one piece is
 * held. The same sound always gives the same pieces.
 *
 * <p>The level of every 20 ms decides. Where it stays below a bound for 2 s, a piece ends, and the silence is left out; so is a piece in
 * which nothing is louder. A piece that would become too long ends in the middle of its quietest half second, the last one if there are
 * several, but not in its first half.
 */
public final class SpeechPieces implements AutoCloseable {
    /** Hops in a second. */
    private static final int HOPS = 50;

    private static final int LONG_PAUSE = 2 * HOPS;

    /** What is kept of a silence that is left out, on either side. */
    private static final int MARGIN = HOPS / 5;

    /** Length of the quiet moment in which a long piece is cut. */
    private static final int QUIET = HOPS / 2;

    private final MonoReader reader;
    private final int rate;
    private final int hop;
    private final int longest;
    private final double silence;

    /** What was read and is in no piece yet, and the power of its hops. */
    private final float[] samples;

    private final double[] power;
    private int held;
    private int hops;

    /** The first and the last hop that can be heard; -1 if none can. */
    private int first = -1;

    private int last = -1;

    /** Where the buffer begins, in samples of the sound. */
    private long base;

    /** Silence in front of the first piece is left out only if it is long. */
    private int lead = LONG_PAUSE;

    private boolean ended;

    /**
     * How to cut.
     *
     * @param longestSeconds length of a piece, 2 to 300 s
     * @param silenceDecibels what is below this level cannot be heard; 0 is the loudest square wave
     */
    public record Rules(double longestSeconds, double silenceDecibels) {
        /** 30 s; -50 dB. */
        public static final Rules DEFAULT = new Rules(30, -50);

        /** @throws IllegalArgumentException if a number is out of range */
        public Rules {
            if (!(longestSeconds >= 2 && longestSeconds <= 300) || !(silenceDecibels >= -200 && silenceDecibels <= 0)) {
                throw new IllegalArgumentException(
                        "pieces: longestSeconds=" + longestSeconds + ", silenceDecibels=" + silenceDecibels);
            }
        }
    }

    /**
     * A piece of a sound.
     *
     * @param samples of one channel
     * @param start seconds of the whole sound at which the piece begins
     * @param from seconds of the whole sound at which something is heard, less a fifth of a second
     * @param to seconds of the whole sound from which on nothing more is heard, and a fifth of a second
     */
    @SuppressWarnings("ArrayRecordComponent")
    public record Piece(float[] samples, double start, double from, double to) {}

    /**
     * @param reader the sound; closed with this
     * @param rate samples in a second that the reader gives, at least 1000
     */
    public SpeechPieces(MonoReader reader, int rate, Rules rules) {
        this.reader = reader;
        this.rate = rate;
        this.hop = rate / HOPS;
        this.longest = (int) (rules.longestSeconds * HOPS);
        this.silence = Math.pow(10, rules.silenceDecibels / 10);
        // A hop more tells whether the sound goes on.
        this.samples = new float[Math.multiplyExact(longest + 1, hop)];
        this.power = new double[longest + 1];
    }

    /**
     * The next piece in which there is something to hear; null at the end.
     *
     * @throws omni.error.MediaException if the sound cannot be read on
     */
    public @Nullable Piece next() {
        while (!ended) {
            if (hops > longest) {
                Piece piece = take(pause());
                if (piece != null) {
                    return piece;
                }
            }
            if (!listen()) {
                ended = true;
                return take(hops);
            }
            if (first < 0) {
                if (hops > lead) {
                    drop(hops - MARGIN);
                }
            } else if (hops - 1 - last >= LONG_PAUSE) {
                Piece piece = take(last + 1 + MARGIN);
                drop(hops - MARGIN);
                return piece;
            }
        }
        return null;
    }

    /** Reads a hop; false at the end. */
    private boolean listen() {
        int n = reader.read(samples, held, hop);
        if (n == 0) {
            return false;
        }
        double sum = 0;
        for (int i = held; i < held + n; i++) {
            sum += (double) samples[i] * samples[i];
        }
        held += n;
        power[hops] = sum / n;
        hear(hops);
        hops++;
        return true;
    }

    private void hear(int hop) {
        if (power[hop] >= silence) {
            first = first < 0 ? hop : first;
            last = hop;
        }
    }

    /** The middle of the quietest moment of the second half. */
    private int pause() {
        int best = longest;
        double least = Double.MAX_VALUE;
        int width = Math.min(QUIET, longest / 4);
        for (int from = longest / 2; from + width <= longest; from++) {
            double sum = 0;
            for (int i = from; i < from + width; i++) {
                sum += power[i];
            }
            if (sum <= least) {
                least = sum;
                best = from + width / 2;
            }
        }
        return best;
    }

    /** Takes the first hops as a piece; null if there is nothing to hear in them. */
    private @Nullable Piece take(int end) {
        Piece piece = null;
        if (first >= 0 && first < end) {
            int heard = end - 1;
            while (power[heard] < silence) {
                heard--;
            }
            int length = Math.min(held, end * hop);
            piece = new Piece(
                    Arrays.copyOf(samples, length),
                    seconds(0),
                    seconds(Math.max(0, first - MARGIN)),
                    seconds(Math.min(end, heard + 1 + MARGIN)));
        }
        drop(end);
        return piece;
    }

    private double seconds(int hops) {
        return (double) (base + Math.min(held, (long) hops * hop)) / rate;
    }

    /** Forgets the first hops. */
    private void drop(int end) {
        int n = Math.min(held, end * hop);
        System.arraycopy(samples, n, samples, 0, held - n);
        System.arraycopy(power, end, power, 0, hops - end);
        base += n;
        held -= n;
        hops -= end;
        lead = MARGIN;
        first = -1;
        last = -1;
        for (int i = 0; i < hops; i++) {
            hear(i);
        }
    }

    /** Ends reading. */
    @Override
    public void close() {
        reader.close();
    }
}
