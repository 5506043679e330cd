package omni.cli;

import java.util.Locale;

/**
 * How far something has come, on standard error: a line that is rewritten where somebody watches it, else one line for every tenth.
 * Silent for what is done in a second.
 */
final class Progress {
    private static final long PATIENCE_NANOS = 1_000_000_000L;
    private static final int WIDTH = 60;

    private final Streams streams;
    private final String what;
    private final long start;
    private int tenths;
    private boolean shown;

    /**
     * @param what in words, such as {@code reading the prompt}
     * @param start {@link System#nanoTime} at its begin
     */
    Progress(Streams streams, String what, long start) {
        this.streams = streams;
        this.what = what;
        this.start = start;
    }

    /** {@code done} of {@code total} is done at time {@code now}. */
    void update(long done, long total, long now) {
        if (total <= 0 || now - start < PATIENCE_NANOS) {
            return;
        }
        long percent = 100 * done / total;
        if (streams.errIsTerminal()) {
            streams.err().print("\r" + pad(String.format(Locale.ROOT, "%s: %d %%", what, percent)));
            streams.err().flush();
            shown = true;
        } else if (percent / 10 > tenths && (done < total || tenths > 0)) {
            tenths = (int) (percent / 10);
            streams.err().printf(Locale.ROOT, "%s: %d %%%n", what, tenths * 10);
        }
    }

    /** Removes the line. */
    void clear() {
        if (shown) {
            streams.err().print("\r" + pad("") + "\r");
            streams.err().flush();
            shown = false;
        }
    }

    private static String pad(String text) {
        return text + " ".repeat(Math.max(0, WIDTH - text.length()));
    }
}
