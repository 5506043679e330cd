package omni.kernels;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;

/**
 * What no kernel can exceed on this machine, measured: multiply-adds from registers, and reading memory. Kernels are judged by
 * their share of the one that binds them, in figures of the same run: both change with the clock and with what else is running.
 */
public final class MachineLimits {
    /** Trials; the best counts, since anything else that runs only takes away. */
    private static final int TRIALS = 8;

    /** Multiply-add steps of a trial: a few milliseconds. */
    private static final int FMA_STEPS = 400_000;

    /** Bytes that each thread reads in a trial: all threads together far more than a last-level cache holds. */
    private static final long READ_BYTES = 128L << 20;

    private static final LimitsKernel KERNEL = KernelProvider.vector() ? new VectorLimits() : new ScalarLimits();

    /** Keeps results alive, so that the work is not removed. */
    @SuppressWarnings("unused")
    private static volatile float sink;

    private interface Trial {
        float run(int thread);
    }

    private MachineLimits() {}

    /**
     * The FMA peak of the kernels in use: float32 operations from registers in 10^9 a second, a multiply-add counting as two. Takes
     * about a tenth of a second.
     *
     * @param threads that compute at once
     */
    public static double fmaGflops(int threads) {
        check(threads);
        double operations = 2.0 * KERNEL.fmasPerStep() * FMA_STEPS * threads;
        return operations / bestNanos(threads, thread -> KERNEL.fma(FMA_STEPS));
    }

    /**
     * Bandwidth of reading memory that no cache holds, in 10^9 bytes a second. Takes a fraction of a second and 128 MiB a thread.
     *
     * @param threads that read at once, each its own memory
     */
    public static double readGigabytes(int threads) {
        check(threads);
        try (Arena arena = Arena.ofShared()) {
            MemorySegment[] memory = new MemorySegment[threads];
            for (int i = 0; i < threads; i++) {
                // Written, not only allocated: untouched pages all map to one page of zeros.
                memory[i] = arena.allocate(READ_BYTES, 64).fill((byte) (i + 1));
            }
            return (double) READ_BYTES * threads / bestNanos(threads, thread -> KERNEL.read(memory[thread]));
        }
    }

    private static void check(int threads) {
        if (threads < 1) {
            throw new IllegalArgumentException("machine limits: threads=" + threads);
        }
    }

    /** Shortest time from the common start of all threads to the end of the last. */
    private static long bestNanos(int threads, Trial trial) {
        long[] start = new long[1];
        long[] best = {Long.MAX_VALUE};
        CyclicBarrier begin = new CyclicBarrier(threads, () -> start[0] = System.nanoTime());
        CyclicBarrier end = new CyclicBarrier(threads, () -> best[0] = Math.min(best[0], System.nanoTime() - start[0]));
        Thread[] others = new Thread[threads - 1];
        for (int i = 0; i < others.length; i++) {
            int index = i + 1;
            others[i] = new Thread(() -> trials(trial, index, begin, end), "omni-limits-" + index);
            others[i].setDaemon(true);
            others[i].start();
        }
        trials(trial, 0, begin, end);
        return best[0];
    }

    private static void trials(Trial trial, int thread, CyclicBarrier begin, CyclicBarrier end) {
        try {
            for (int i = 0; i < TRIALS; i++) {
                begin.await();
                sink = trial.run(thread);
                end.await();
            }
        } catch (InterruptedException | BrokenBarrierException e) {
            throw new IllegalStateException("machine limits: interrupted", e);
        }
    }
}
