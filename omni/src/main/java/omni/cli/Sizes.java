package omni.cli;

import java.util.Locale;

/** Numbers for people. */
final class Sizes {
    private Sizes() {}

    /** {@code 6.79 GB}, {@code 18.3 MB}, {@code 512 B}: powers of ten, three digits. */
    static String bytes(long bytes) {
        return scaled(bytes, "B", " ");
    }

    /** {@code 3.09 B} parameters, {@code 2.06 M}. */
    static String count(long count) {
        return count < 1000
                ? Long.toString(count)
                : scaled(count, "", " ").replace('G', 'B').replace('k', 'K');
    }

    private static String scaled(long value, String unit, String space) {
        String[] prefixes = {"", "k", "M", "G", "T", "P", "E"};
        double scaled = value;
        int prefix = 0;
        while (scaled >= 999.5 && prefix < prefixes.length - 1) {
            scaled /= 1000;
            prefix++;
        }
        int digits = prefix == 0 || scaled >= 99.95 ? 0 : scaled >= 9.995 ? 1 : 2;
        return String.format(Locale.ROOT, "%." + digits + "f%s%s%s", scaled, space, prefixes[prefix], unit);
    }
}
