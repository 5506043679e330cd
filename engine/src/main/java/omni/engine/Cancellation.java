package omni.engine;

import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * A request to stop, set by any thread and looked at by the working one between layers and steps, so that it takes effect within
 * one step. It stays set.
 */
public final class Cancellation {
    private final @Nullable Cancellation request;
    private final Runnable pause;
    private volatile boolean cancelled;

    public Cancellation() {
        this(null, () -> {});
    }

    private Cancellation(@Nullable Cancellation request, Runnable pause) {
        this.request = request;
        this.pause = pause;
    }

    /**
     * The same request, for long work that has to let others go first now and then.
     *
     * @param pause run at every {@link #check}, before the look, by the thread that works
     */
    public Cancellation pausing(Runnable pause) {
        return new Cancellation(this, pause);
    }

    /** Asks the work to stop. */
    public void cancel() {
        cancelled = true;
        if (request != null) {
            request.cancel();
        }
    }

    public boolean isCancelled() {
        return cancelled || (request != null && request.isCancelled());
    }

    /** @throws CancellationException if {@link #cancel} was called */
    public void check() {
        pause.run();
        if (request != null) {
            request.check();
        }
        if (cancelled) {
            throw new CancellationException("cancelled");
        }
    }
}
