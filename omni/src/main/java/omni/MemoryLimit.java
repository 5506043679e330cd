package omni;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.Locale;
import omni.ModelInfo.Memory;
import omni.error.RequestException;

/**
 * Memory that may be resident.
 *
 * @param bytes the limit
 */
record MemoryLimit(long bytes) {
    /** The one asked for, or what the machine or the container around this process has. */
    static MemoryLimit of(OpenOptions options) {
        if (options.memoryLimit() > 0) {
            return new MemoryLimit(options.memoryLimit());
        }
        java.lang.management.OperatingSystemMXBean system = ManagementFactory.getOperatingSystemMXBean();
        return new MemoryLimit(
                system instanceof OperatingSystemMXBean known ? known.getTotalMemorySize() : Long.MAX_VALUE);
    }

    /** Whether a request fits; see {@link #check}. */
    boolean fits(Memory need, long others) {
        return need.total() + others <= bytes;
    }

    /**
     * Checks that a request fits.
     *
     * @param need of the model and the request
     * @param others bytes that other conversations and media seen before hold
     * @throws RequestException if together they are more than the limit
     */
    void check(Memory need, long others) {
        if (!fits(need, others)) {
            throw new RequestException("not enough memory: positions=" + need.positions() + ", needed="
                    + gigabytes(need.total() + others) + " (weights=" + gigabytes(need.weights()) + ", key-value cache="
                    + gigabytes(need.kvCache()) + ", encoders=" + gigabytes(need.encoders()) + ", speech="
                    + gigabytes(need.speech()) + ", other conversations="
                    + gigabytes(others) + "), limit=" + gigabytes(bytes)
                    + "; ask for fewer tokens, close conversations, or use a smaller model or a larger machine");
        }
    }

    private static String gigabytes(long bytes) {
        return String.format(Locale.ROOT, "%.2f GB", bytes / 1e9);
    }
}
