package omni.engine;

/**
 * Seeded random numbers that are the same on every machine: Philox4x32-10 (Salmon, Moraes, Dror, Shaw: "Parallel Random Numbers: As
 * Easy as 1, 2, 3", SC 2011), a bijection of 128-bit counters under a 64-bit key.
 *
 * <p>The key is the seed (low word first). The counter's words are: block number low, block number high, stream, kind. Kind 0 gives
 * the sequence of {@link #nextDouble}, kind 1 the normal numbers of {@link #gaussian}. Streams of one seed are independent of each
 * other, so that text, speech codes and noise do not disturb one another's draws.
 */
public final class RandomStream {
    private static final int MULTIPLIER_0 = 0xD2511F53;
    private static final int MULTIPLIER_1 = 0xCD9E8D57;
    private static final int WEYL_0 = 0x9E3779B9;
    private static final int WEYL_1 = 0xBB67AE85;
    private static final int ROUNDS = 10;

    private static final int UNIFORM = 0;
    private static final int NORMAL = 1;

    private final long seed;
    private final int stream;
    private final int[] block = new int[4];
    private long nextBlock;
    private boolean second;

    /**
     * @param seed any number
     * @param stream which of the seed's independent sequences
     */
    public RandomStream(long seed, int stream) {
        this.seed = seed;
        this.stream = stream;
    }

    /** The next of the sequence, uniform in [0, 1), a multiple of 2^-53. */
    public double nextDouble() {
        if (second) {
            second = false;
            return unit(block[2], block[3]);
        }
        fill(nextBlock++, UNIFORM, block);
        second = true;
        return unit(block[0], block[1]);
    }

    /**
     * Standard normal number {@code index} of this stream, by Box and Muller's transform of block {@code index / 2}: cosine for even,
     * sine for odd indices. Depends on seed, stream and index only; computed with {@link StrictMath}.
     */
    public double gaussian(long index) {
        int[] words = new int[4];
        fill(index >> 1, NORMAL, words);
        double radius = StrictMath.sqrt(-2 * StrictMath.log(1 - unit(words[0], words[1])));
        double angle = 2 * Math.PI * unit(words[2], words[3]);
        return radius * ((index & 1) == 0 ? StrictMath.cos(angle) : StrictMath.sin(angle));
    }

    /** Fills rows of {@code out} with normal numbers {@code first}, {@code first} + 1, … in row-major order. */
    public void gaussians(long first, Matrix out) {
        long index = first;
        for (int r = 0; r < out.rows(); r++) {
            for (int c = 0; c < out.cols(); c++) {
                out.set(r, c, (float) gaussian(index++));
            }
        }
    }

    private void fill(long number, int kind, int[] out) {
        out[0] = (int) number;
        out[1] = (int) (number >>> 32);
        out[2] = stream;
        out[3] = kind;
        philox(out, (int) seed, (int) (seed >>> 32));
    }

    private static double unit(int high, int low) {
        long bits = (long) high << 32 | Integer.toUnsignedLong(low);
        return (bits >>> 11) * 0x1p-53;
    }

    /** Philox4x32-10 of the counter {@code c} under the key (k0, k1), in place. */
    static void philox(int[] c, int k0, int k1) {
        for (int round = 0; round < ROUNDS; round++) {
            long p0 = Integer.toUnsignedLong(MULTIPLIER_0) * Integer.toUnsignedLong(c[0]);
            long p1 = Integer.toUnsignedLong(MULTIPLIER_1) * Integer.toUnsignedLong(c[2]);
            int c1 = c[1];
            int c3 = c[3];
            c[0] = (int) (p1 >>> 32) ^ c1 ^ k0;
            c[1] = (int) p1;
            c[2] = (int) (p0 >>> 32) ^ c3 ^ k1;
            c[3] = (int) p0;
            k0 += WEYL_0;
            k1 += WEYL_1;
        }
    }
}
