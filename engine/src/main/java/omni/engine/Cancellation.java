package omni.engine;

import java.util.concurrent.CancellationException;

/**
 * A request to stop, set by any thread and looked at by the working one between layers and steps, so that it takes effect within
 * one step. It stays set.
 */
public final class Cancellation {
    private volatile boolean cancelled;

    /** Asks the work to stop. */
    public void cancel() {
        cancelled = true;
    }

    public boolean isCancelled() {
        return cancelled;
    }

    /** @throws CancellationException if {@link #cancel} was called */
    public void check() {
        if (cancelled) {
            throw new CancellationException("cancelled");
        }
    }
}
