package omni.kernels;

/** How the elements of a weight matrix are stored. Activations are always {@link #F32}. */
public enum FloatFormat {
    /** IEEE binary32. */
    F32(4),
    /** The upper half of an IEEE binary32: 8 bits of exponent, 7 of fraction. */
    BF16(2),
    /** IEEE binary16. */
    F16(2);

    private final int bytes;

    FloatFormat(int bytes) {
        this.bytes = bytes;
    }

    /** Size of one element in bytes. */
    public int bytes() {
        return bytes;
    }
}
