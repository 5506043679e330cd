package omni.kernels;

/**
 * Length and tables of a real discrete Fourier transform, made once and shared by any number of threads.
 *
 * <p>A real transform of even length n is a complex one of length n/2 over pairs of neighbouring samples, followed by a step that
 * separates the spectra of the even and the odd samples. The complex transform runs in one stage per factor of n/2 (Stockham's form:
 * stages alternate between two buffers and leave the result in order).
 */
public final class FftPlan {
    private static final int MAX_LENGTH = 1 << 24;

    private final int length;

    /** Factors of length/2, in the order of the stages. */
    final int[] factors;

    /** cos(2 pi k / length) for k = 0 .. length-1. */
    final double[] cos;

    /** sin(2 pi k / length) for k = 0 .. length-1. */
    final double[] sin;

    private FftPlan(int length) {
        this.length = length;
        this.factors = factors(length / 2);
        this.cos = new double[length];
        this.sin = new double[length];
        for (int k = 0; k < length; k++) {
            cos[k] = Math.cos(2 * Math.PI * k / length);
            sin[k] = Math.sin(2 * Math.PI * k / length);
        }
    }

    /**
     * @param length samples of a transform: even, 2 .. 2^24
     * @throws IllegalArgumentException if it is not
     */
    public static FftPlan of(int length) {
        if (length < 2 || length % 2 != 0 || length > MAX_LENGTH) {
            throw new IllegalArgumentException("fft: length=" + length + "; it must be even and 2 .. " + MAX_LENGTH);
        }
        return new FftPlan(length);
    }

    /** Samples of a transform. */
    public int length() {
        return length;
    }

    /** Frequencies of a transform: length/2 + 1, from 0 to half the sampling rate. */
    public int bins() {
        return length / 2 + 1;
    }

    /** Fours first (the cheapest stage per sample), then a two, then odd primes in ascending order. */
    private static int[] factors(int n) {
        int[] found = new int[32];
        int count = 0;
        while (n % 4 == 0) {
            found[count++] = 4;
            n /= 4;
        }
        for (int p = 2; n > 1; p++) {
            for (; n % p == 0; n /= p) {
                found[count++] = p;
            }
        }
        return java.util.Arrays.copyOf(found, count);
    }
}
