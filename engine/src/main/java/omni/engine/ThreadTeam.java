package omni.engine;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The calling thread plus workers. Work comes as units (output rows, heads, frames) that whoever is free claims; sums are never
 * split, so results do not depend on the number of threads. Workers spin briefly between the steps of one decode and park when
 * idle. A worker that the system does not schedule delays nobody: the others claim its share.
 */
public final class ThreadTeam implements AutoCloseable {
    /** A piece of work over units {@code from} (inclusive) to {@code to} (exclusive). */
    public interface RangeTask {
        /** @param worker 0 .. size-1; no two concurrent calls of one {@link #run} have the same */
        void run(int from, int to, int worker);
    }

    private static final RangeTask IDLE = (from, to, worker) -> {};

    /** How long an idle worker spins before it parks: longer than the gap between two steps, far shorter than anyone notices. */
    private static final long SPIN_NANOS = 60_000;

    private final class Worker extends Thread {
        private final int index;
        volatile boolean parked;

        Worker(int index) {
            super("omni-worker-" + index);
            this.index = index;
            setDaemon(true);
        }

        @Override
        public void run() {
            while (awaitWork()) {
                work(index);
            }
        }

        /** False when the team is closed. */
        private boolean awaitWork() {
            long deadline = System.nanoTime() + SPIN_NANOS;
            while (!closed) {
                if (unclaimed.get() > 0) {
                    return true;
                }
                if (System.nanoTime() < deadline) {
                    Thread.onSpinWait();
                    continue;
                }
                parked = true;
                if (unclaimed.get() == 0 && !closed) {
                    LockSupport.park(ThreadTeam.this);
                }
                parked = false;
            }
            return false;
        }
    }

    private final Worker[] workers;
    private final ReentrantLock turn = new ReentrantLock(true);
    private volatile boolean closed;

    // The work in progress. A thread claims units by lowering `unclaimed`, which also publishes the three fields before
    // it; they
    // stay as they are until `unfinished` is zero, that is until every claim is done. So nothing is allocated per run,
    // and a
    // worker that wakes late finds either nothing to claim or the next run.
    private RangeTask task = IDLE;
    private int units;
    private int grain;
    private final AtomicInteger unclaimed = new AtomicInteger();
    private final AtomicInteger unfinished = new AtomicInteger();
    private volatile @Nullable Throwable failure;

    /**
     * @param threads threads that work at once, the caller among them
     * @throws IllegalArgumentException if {@code threads} is below 1
     */
    public ThreadTeam(int threads) {
        if (threads < 1) {
            throw new IllegalArgumentException("thread team: threads=" + threads);
        }
        workers = new Worker[threads - 1];
        for (int i = 0; i < workers.length; i++) {
            workers[i] = new Worker(i + 1);
            workers[i].start();
        }
    }

    /** Threads that work at once, the caller among them. */
    public int size() {
        return workers.length + 1;
    }

    /**
     * Runs every unit exactly once and returns when all are done. Callers from several threads take turns. A task must not call
     * {@code run} of its own team.
     *
     * @param units number of units; if no more than {@code grain}, the caller runs them alone
     * @param grain most units claimed at a time; fewer towards the end, so that all threads finish together
     * @throws IllegalStateException if the team is closed, or if the caller is running a task of this team
     */
    public void run(int units, int grain, RangeTask task) {
        if (closed) {
            throw new IllegalStateException("thread team: closed");
        }
        if (turn.isHeldByCurrentThread()) {
            throw new IllegalStateException("thread team: run called from its own task");
        }
        if (units <= 0) {
            return;
        }
        turn.lock();
        try {
            if (workers.length == 0 || units <= grain) {
                task.run(0, units, 0);
                return;
            }
            this.task = task;
            this.units = units;
            this.grain = grain;
            failure = null;
            unfinished.set(units);
            unclaimed.set(units);
            for (Worker worker : workers) {
                if (worker.parked) {
                    LockSupport.unpark(worker);
                }
            }
            work(0);
            for (long spins = 0; unfinished.get() > 0; spins++) {
                if (spins > 10_000) {
                    LockSupport.parkNanos(20_000);
                } else {
                    Thread.onSpinWait();
                }
            }
            this.task = IDLE;
            rethrow(failure);
        } finally {
            turn.unlock();
        }
    }

    /** Claims units and runs them until none are left. */
    private void work(int worker) {
        for (int left; (left = unclaimed.get()) > 0; ) {
            int claim = Math.clamp(left / (2 * size()), 1, grain);
            if (!unclaimed.compareAndSet(left, left - claim)) {
                continue;
            }
            int from = units - left;
            try {
                if (failure == null) {
                    task.run(from, from + claim, worker);
                }
            } catch (Throwable t) {
                failure = t;
            } finally {
                unfinished.addAndGet(-claim);
            }
        }
    }

    private static void rethrow(@Nullable Throwable failure) {
        if (failure instanceof RuntimeException e) {
            throw e;
        }
        if (failure instanceof Error e) {
            throw e;
        }
    }

    /** Ends the workers and waits for them. */
    @Override
    public void close() {
        closed = true;
        for (Worker worker : workers) {
            LockSupport.unpark(worker);
        }
        boolean interrupted = false;
        for (Worker worker : workers) {
            while (worker.isAlive()) {
                try {
                    worker.join();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
