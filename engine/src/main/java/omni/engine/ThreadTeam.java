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

    /** How long an idle worker spins before it parks: longer than the gap between two steps, far shorter than anyone notices. */
    private static final long SPIN_NANOS = 60_000;

    private static final class Job {
        final RangeTask task;
        final int units;
        final int grain;
        final AtomicInteger next = new AtomicInteger();
        final AtomicInteger finished = new AtomicInteger();
        volatile @Nullable Throwable failure;

        Job(RangeTask task, int units, int grain) {
            this.task = task;
            this.units = units;
            this.grain = grain;
        }

        void work(int worker) {
            for (int from; (from = next.getAndAdd(grain)) < units && from >= 0; ) {
                int to = Math.min(units, from + grain);
                try {
                    if (failure == null) {
                        task.run(from, to, worker);
                    }
                } catch (Throwable t) {
                    failure = t;
                } finally {
                    finished.addAndGet(to - from);
                }
            }
        }
    }

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
            Job last = null;
            while (true) {
                Job job = await(last);
                if (job == null) {
                    return;
                }
                job.work(index);
                last = job;
            }
        }

        private @Nullable Job await(@Nullable Job last) {
            long deadline = System.nanoTime() + SPIN_NANOS;
            while (true) {
                Job job = current;
                if (closed) {
                    return null;
                }
                if (job != null && job != last) {
                    return job;
                }
                if (System.nanoTime() < deadline) {
                    Thread.onSpinWait();
                    continue;
                }
                parked = true;
                if (current == job && !closed) {
                    LockSupport.park(ThreadTeam.this);
                }
                parked = false;
            }
        }
    }

    private final Worker[] workers;
    private final ReentrantLock turn = new ReentrantLock(true);
    private volatile @Nullable Job current;
    private volatile boolean closed;

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
     * @param units number of units
     * @param grain units claimed at a time
     * @throws IllegalStateException if the team is closed
     */
    public void run(int units, int grain, RangeTask task) {
        if (closed) {
            throw new IllegalStateException("thread team: closed");
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
            Job job = new Job(task, units, grain);
            current = job;
            for (Worker worker : workers) {
                if (worker.parked) {
                    LockSupport.unpark(worker);
                }
            }
            job.work(0);
            for (long spins = 0; job.finished.get() < units; spins++) {
                if (spins > 10_000) {
                    LockSupport.parkNanos(20_000);
                } else {
                    Thread.onSpinWait();
                }
            }
            current = null;
            rethrow(job.failure);
        } finally {
            turn.unlock();
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
