package omni.loader;

import java.nio.charset.StandardCharsets;

/**
 * A number that is not a whole number of 64 bits.
 *
 * @param literal as it was written
 */
record JsonNumber(String literal) {
    /** So many digits always fit a long; one more may. */
    private static final int MAX_LONG_DIGITS = 18;

    /**
     * The value of a literal.
     *
     * @param whole written without fraction and exponent
     * @return a {@link Long} if it is whole and fits, else a {@link JsonNumber}
     */
    static Object of(byte[] text, int from, int to, boolean whole) {
        int digits = text[from] == '-' ? from + 1 : from;
        if (whole && to - digits <= MAX_LONG_DIGITS) {
            long value = 0;
            for (int i = digits; i < to; i++) {
                value = 10 * value + (text[i] - '0');
            }
            return digits == from ? value : -value;
        }
        String literal = new String(text, from, to - from, StandardCharsets.ISO_8859_1);
        if (whole && to - digits == MAX_LONG_DIGITS + 1) {
            try {
                return Long.parseLong(literal);
            } catch (NumberFormatException e) {
                return new JsonNumber(literal);
            }
        }
        return new JsonNumber(literal);
    }

    double value() {
        return Double.parseDouble(literal);
    }

    @Override
    public String toString() {
        return literal;
    }
}
