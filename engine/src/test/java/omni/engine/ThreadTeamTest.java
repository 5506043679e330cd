package omni.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;

class ThreadTeamTest {
    @Test
    void runsEveryUnitOnceForAnyNumberOfThreadsAndGrain() {
        for (int threads : new int[] {1, 2, 3, 8}) {
            try (ThreadTeam team = new ThreadTeam(threads)) {
                assertEquals(threads, team.size());
                for (int grain : new int[] {1, 2, 7, 1000}) {
                    for (int units : new int[] {0, 1, 2, 6, 7, 8, 100, 1001}) {
                        AtomicIntegerArray runs = new AtomicIntegerArray(units);
                        AtomicInteger largest = new AtomicInteger();
                        team.run(units, grain, (from, to, worker) -> {
                            assertTrue(from < to && worker >= 0 && worker < threads);
                            largest.accumulateAndGet(to - from, Math::max);
                            for (int unit = from; unit < to; unit++) {
                                runs.incrementAndGet(unit);
                            }
                        });
                        for (int unit = 0; unit < units; unit++) {
                            assertEquals(
                                    1, runs.get(unit), "threads=" + threads + ", grain=" + grain + ", unit=" + unit);
                        }
                        assertTrue(threads == 1 || largest.get() <= grain, "grain=" + grain + ", claimed=" + largest);
                    }
                }
            }
        }
    }

    /** Short runs one after the other: workers wake in the middle of a run, or after it, or in the next. */
    @Test
    void survivesWorkersThatWakeLate() {
        try (ThreadTeam team = new ThreadTeam(4)) {
            for (int round = 0; round < 20_000; round++) {
                int units = 2 + round % 5;
                int expected = round;
                int[] results = new int[units];
                team.run(units, 1, (from, to, worker) -> {
                    for (int unit = from; unit < to; unit++) {
                        results[unit] += expected + unit;
                    }
                });
                for (int unit = 0; unit < units; unit++) {
                    assertEquals(round + unit, results[unit], "round=" + round);
                }
            }
        }
    }

    @Test
    void wakesParkedWorkers() throws InterruptedException {
        try (ThreadTeam team = new ThreadTeam(2)) {
            for (int round = 0; round < 5; round++) {
                TimeUnit.MILLISECONDS.sleep(5);
                CountDownLatch both = new CountDownLatch(2);
                team.run(2, 1, (from, to, worker) -> {
                    both.countDown();
                    try {
                        assertTrue(both.await(30, TimeUnit.SECONDS), "a unit waits for the other thread in vain");
                    } catch (InterruptedException e) {
                        throw new AssertionError(e);
                    }
                });
            }
        }
    }

    @Test
    void neverGivesAWorkerNumberToTwoThreadsAtOnce() {
        try (ThreadTeam team = new ThreadTeam(4)) {
            AtomicIntegerArray busy = new AtomicIntegerArray(4);
            team.run(2000, 1, (from, to, worker) -> {
                assertEquals(1, busy.incrementAndGet(worker));
                Thread.onSpinWait();
                busy.decrementAndGet(worker);
            });
        }
    }

    @Test
    void raisesWhatATaskRaisedAndStaysUsable() {
        try (ThreadTeam team = new ThreadTeam(3)) {
            IllegalStateException failure = new IllegalStateException("unit 5");
            for (int round = 0; round < 20; round++) {
                assertSame(
                        failure,
                        assertThrows(
                                IllegalStateException.class,
                                () -> team.run(100, 1, (from, to, worker) -> {
                                    if (from == 5) {
                                        throw failure;
                                    }
                                })));
                AtomicInteger done = new AtomicInteger();
                team.run(100, 3, (from, to, worker) -> done.addAndGet(to - from));
                assertEquals(100, done.get());
            }
        }
    }

    @Test
    void callersTakeTurns() throws InterruptedException {
        try (ThreadTeam team = new ThreadTeam(3)) {
            AtomicInteger running = new AtomicInteger();
            AtomicInteger overlaps = new AtomicInteger();
            AtomicInteger units = new AtomicInteger();
            Thread[] callers = new Thread[4];
            for (int c = 0; c < callers.length; c++) {
                int caller = c + 1;
                callers[c] = new Thread(() -> {
                    for (int round = 0; round < 300; round++) {
                        AtomicInteger left = new AtomicInteger(9);
                        team.run(9, 2, (from, to, worker) -> {
                            int owner = running.updateAndGet(now -> now == 0 ? caller : now);
                            if (owner != caller) {
                                overlaps.incrementAndGet();
                            }
                            units.addAndGet(to - from);
                            if (left.addAndGet(from - to) == 0) {
                                running.set(0);
                            }
                        });
                    }
                });
                callers[c].start();
            }
            for (Thread caller : callers) {
                caller.join();
            }
            assertEquals(0, overlaps.get());
            assertEquals(4 * 300 * 9, units.get());
        }
    }

    @Test
    void refusesMisuse() {
        assertEquals(
                "thread team: threads=0",
                assertThrows(IllegalArgumentException.class, () -> new ThreadTeam(0))
                        .getMessage());
        ThreadTeam team = new ThreadTeam(2);
        assertEquals(
                "thread team: run called from its own task",
                assertThrows(
                                IllegalStateException.class,
                                () -> team.run(1, 1, (from, to, worker) -> team.run(1, 1, (a, b, w) -> {})))
                        .getMessage());
        team.close();
        team.close();
        assertEquals(
                "thread team: closed",
                assertThrows(IllegalStateException.class, () -> team.run(1, 1, (from, to, worker) -> {}))
                        .getMessage());
    }
}
