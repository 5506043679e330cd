package omni.cli;

import java.util.function.IntConsumer;
import omni.launcher.Signals;
import org.jspecify.annotations.Nullable;

/**
 * Ctrl-C. While something runs that can be stopped, the first one stops it and the second ends the process; otherwise the first ends
 * the process.
 */
final class Interrupts {
    /** Longer than the two signals of one key press are apart, shorter than the time in which anybody forgets the first press. */
    private static final long PRESS_NANOS = 2_000_000_000L;

    private final IntConsumer exit;
    private @Nullable Guard guard;
    private int direct;
    private int relayed;
    private long last;

    /** @param exit ends the process with a code; may return */
    Interrupts(IntConsumer exit) {
        this.exit = exit;
    }

    /** Something that the first interrupt stops. */
    final class Guard implements AutoCloseable {
        private final Runnable stop;
        private final @Nullable Guard outer;
        private boolean interrupted;

        private Guard(Runnable stop, @Nullable Guard outer) {
            this.stop = stop;
            this.outer = outer;
        }

        /** Whether it was asked to stop. */
        boolean interrupted() {
            synchronized (Interrupts.this) {
                return interrupted;
            }
        }

        @Override
        public void close() {
            synchronized (Interrupts.this) {
                guard = outer;
            }
        }
    }

    /** From now until the guard is closed the first interrupt runs {@code stop} instead of ending the process. */
    synchronized Guard guard(Runnable stop) {
        Guard inner = new Guard(stop, guard);
        guard = inner;
        return inner;
    }

    /**
     * Listens to the signals of this process.
     *
     * @param launched whether the launcher started this process; see {@link Signals#relayed}
     */
    void install(boolean launched) {
        Signals.handle("INT", signal -> received(false, System.nanoTime()));
        if (launched) {
            Signals.handle(Signals.relayed(), signal -> received(true, System.nanoTime()));
        }
    }

    /**
     * One of the signals came. A key press reaches this process itself and, by way of the launcher, once more: it counts once, whichever
     * is first.
     */
    void received(boolean byLauncher, long now) {
        boolean counts;
        synchronized (this) {
            if (now - last > PRESS_NANOS) {
                direct = 0;
                relayed = 0;
            }
            last = now;
            int before = Math.max(direct, relayed);
            if (byLauncher) {
                relayed++;
            } else {
                direct++;
            }
            counts = Math.max(direct, relayed) > before;
        }
        if (counts) {
            fire();
        }
    }

    private void fire() {
        Guard current;
        synchronized (this) {
            current = guard != null && !guard.interrupted ? guard : null;
            if (current != null) {
                current.interrupted = true;
            }
        }
        if (current == null) {
            exit.accept(ExitCode.INTERRUPTED);
        } else {
            current.stop.run();
        }
    }
}
