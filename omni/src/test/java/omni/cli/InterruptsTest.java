package omni.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class InterruptsTest {
    private static final long SECOND = 1_000_000_000L;

    private final List<Integer> exits = new ArrayList<>();
    private final AtomicInteger stops = new AtomicInteger();
    private final Interrupts interrupts = new Interrupts(exits::add);

    @Test
    void endsTheProcessWhereNothingCanBeStopped() {
        interrupts.received(false, 10 * SECOND);
        assertEquals(List.of(130), exits);
    }

    @Test
    void stopsFirstAndEndsTheProcessOnTheSecond() {
        try (Interrupts.Guard guard = interrupts.guard(stops::incrementAndGet)) {
            assertFalse(guard.interrupted());
            interrupts.received(false, 10 * SECOND);
            assertTrue(guard.interrupted());
            assertEquals(1, stops.get());
            assertEquals(List.of(), exits);
            interrupts.received(false, 10 * SECOND + 1);
            assertEquals(1, stops.get());
            assertEquals(List.of(130), exits);
        }
    }

    @Test
    void countsAKeyPressThatComesTwiceOnceWhicheverIsFirst() {
        for (boolean launcherFirst : new boolean[] {false, true}) {
            try (Interrupts.Guard guard = interrupts.guard(stops::incrementAndGet)) {
                interrupts.received(launcherFirst, 10 * SECOND);
                interrupts.received(!launcherFirst, 11 * SECOND);
                assertTrue(guard.interrupted());
                assertEquals(List.of(), exits);
            }
        }
        assertEquals(2, stops.get());
    }

    @Test
    void countsTwoKeyPressesThatComeTwiceEachAsTwo() {
        try (Interrupts.Guard guard = interrupts.guard(stops::incrementAndGet)) {
            interrupts.received(false, 10 * SECOND);
            interrupts.received(false, 10 * SECOND + 1);
            interrupts.received(true, 10 * SECOND + 2);
            interrupts.received(true, 10 * SECOND + 3);
            assertTrue(guard.interrupted());
        }
        assertEquals(1, stops.get());
        assertEquals(List.of(130), exits);
    }

    @Test
    void countsASignalOfAnotherKindLaterOn() {
        try (Interrupts.Guard guard = interrupts.guard(stops::incrementAndGet)) {
            interrupts.received(true, 10 * SECOND);
            interrupts.received(false, 13 * SECOND);
            assertTrue(guard.interrupted());
        }
        assertEquals(List.of(130), exits);
    }

    @Test
    void endsTheProcessAgainWhenTheGuardIsClosed() {
        interrupts.guard(stops::incrementAndGet).close();
        interrupts.received(false, 10 * SECOND);
        assertEquals(0, stops.get());
        assertEquals(List.of(130), exits);
    }
}
