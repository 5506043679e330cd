package omni.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import omni.error.RequestException;
import org.junit.jupiter.api.Test;

class KvCacheTest {
    private static final DecoderConfig CONFIG =
            new DecoderConfig(16, 3, 4, 2, 4, 8, 1e-6f, 1e4, RopeSections.plain(4), 32_768);
    private static final long PAGE = 2L * 3 * 2 * KvCache.PAGE_POSITIONS * 4 * Float.BYTES;

    @Test
    void growsPageByPageHoweverLargeTheLimitIs() {
        try (KvCache cache = new KvCache(CONFIG, 32_768)) {
            assertEquals(0, cache.bytes());
            cache.reserve(1);
            assertEquals(PAGE, cache.bytes());
            cache.reserve(KvCache.PAGE_POSITIONS);
            assertEquals(PAGE, cache.bytes());
            cache.advance(KvCache.PAGE_POSITIONS);
            cache.reserve(1);
            assertEquals(2 * PAGE, cache.bytes());
            assertEquals(KvCache.bytesFor(CONFIG, KvCache.PAGE_POSITIONS + 1), cache.bytes());
            assertEquals(256 * PAGE, KvCache.bytesFor(CONFIG, 32_768));
        }
    }

    @Test
    void storesEachHeadInOneRunOfItsPage() {
        int first = KvCache.PAGE_POSITIONS - 2;
        try (KvCache cache = new KvCache(CONFIG, 300)) {
            cache.reserve(first);
            cache.advance(first);
            cache.reserve(4);
            Matrix keys = RandomModel.rows(4, 8, 1);
            Matrix values = RandomModel.rows(4, 8, 2);
            cache.write(1, 0, keys.rows(0, 1), values.rows(0, 1));
            cache.write(1, 1, keys.rows(1, 4), values.rows(1, 4));
            cache.advance(4);
            for (int t = 0; t < 4; t++) {
                for (int head = 0; head < 2; head++) {
                    for (int i = 0; i < 4; i++) {
                        int position = first + t;
                        assertEquals(keys.get(t, head * 4 + i), stored(cache.keyPages(1), position, head, i));
                        assertEquals(values.get(t, head * 4 + i), stored(cache.valuePages(1), position, head, i));
                        assertEquals(0f, stored(cache.keyPages(2), position, head, i));
                    }
                }
            }
        }
    }

    private static float stored(MemorySegment[] pages, int position, int head, int i) {
        int page = position / KvCache.PAGE_POSITIONS;
        long slot = position % KvCache.PAGE_POSITIONS;
        return pages[page].getAtIndex(ValueLayout.JAVA_FLOAT, (head * (long) KvCache.PAGE_POSITIONS + slot) * 4 + i);
    }

    @Test
    void refusesPositionsBeyondItsLimitAndStaysAsItWas() {
        try (KvCache cache = new KvCache(CONFIG, 10)) {
            cache.reserve(10);
            cache.advance(7);
            RequestException e = assertThrows(RequestException.class, () -> cache.reserve(4));
            assertEquals(
                    "context is full: positions=11, limit=10; shorten the input or allow a larger context",
                    e.getMessage());
            RequestException huge = assertThrows(RequestException.class, () -> cache.reserve(Integer.MAX_VALUE));
            assertEquals(
                    "context is full: positions=2147483654, limit=10; shorten the input or allow a larger context",
                    huge.getMessage());
            assertEquals(7, cache.length());
            cache.reserve(3);
        }
    }

    @Test
    void refusesALimitBeyondTheModels() {
        RequestException e = assertThrows(RequestException.class, () -> new KvCache(CONFIG, 32_769));
        assertEquals(
                "context too large: positions=32769, model's limit=32768; ask for at most that many", e.getMessage());
        assertThrows(IllegalArgumentException.class, () -> new KvCache(CONFIG, 0));
    }

    @Test
    void truncationKeepsMemoryAndForgetsPositions() {
        try (KvCache cache = new KvCache(CONFIG, 1000)) {
            cache.reserve(500);
            cache.advance(500);
            long bytes = cache.bytes();
            cache.truncate(3);
            assertEquals(3, cache.length());
            cache.reserve(400);
            assertEquals(bytes, cache.bytes());
            assertThrows(IllegalArgumentException.class, () -> cache.truncate(4));
            assertThrows(IllegalArgumentException.class, () -> cache.truncate(-1));
        }
    }

    @Test
    void usingItAfterItIsClosedIsAnErrorAndClosingTwiceIsNot() {
        KvCache cache = new KvCache(CONFIG, 10);
        cache.reserve(1);
        cache.close();
        cache.close();
        assertThrows(
                IllegalStateException.class,
                () -> cache.write(0, 0, RandomModel.rows(1, 8, 1), RandomModel.rows(1, 8, 1)));
    }
}
