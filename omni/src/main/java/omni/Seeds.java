package omni;

import java.util.concurrent.ThreadLocalRandom;

/** Seeds for requests that name none. */
final class Seeds {
    private Seeds() {}

    /** A seed that a person can type again and that survives tools which keep numbers as doubles. */
    static long fresh() {
        return ThreadLocalRandom.current().nextLong(1L << 32);
    }
}
