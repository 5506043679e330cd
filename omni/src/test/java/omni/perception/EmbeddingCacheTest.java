package omni.perception;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import omni.vision.VisionOptions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EmbeddingCacheTest {
    private static final int CHANNELS = 25;

    /** Three embeddings of 100 bytes. */
    private final EmbeddingCache cache = new EmbeddingCache(300);

    @AfterEach
    void close() {
        cache.close();
    }

    private static MediaKey key(String name) {
        return new MediaKey(
                MediaKey.Kind.AUDIO,
                List.of(new MediaKey.Stamp(Path.of(name), 1, FileTime.fromMillis(1))),
                VisionOptions.NONE);
    }

    private Embeddings keep(String name, int tokens) {
        Embeddings embeddings = cache.allocate(tokens, CHANNELS);
        cache.keep(key(name), new EmbeddingCache.Entry(embeddings, new Track.Heard(1)));
        return embeddings;
    }

    private static boolean alive(Embeddings embeddings) {
        return embeddings.rows().data().scope().isAlive();
    }

    @Test
    void givesBackWhatItKept() {
        Embeddings made = keep("a", 1);
        cache.release(made);
        assertNull(cache.take(key("b")));
        EmbeddingCache.Entry entry = cache.take(key("a"));
        assertNotNull(entry);
        assertSame(made, entry.embeddings());
        assertEquals(new Track.Heard(1), entry.facts());
        assertEquals(100, cache.bytes());
    }

    @Test
    void forgetsTheLongestUnusedFirst() {
        Embeddings a = keep("a", 1);
        Embeddings b = keep("b", 1);
        Embeddings c = keep("c", 1);
        List.of(a, b, c).forEach(cache::release);
        cache.take(key("a"));
        cache.release(a);
        cache.release(keep("d", 1));
        assertFalse(alive(b));
        assertNull(cache.take(key("b")));
        assertTrue(alive(a) && alive(c));
        assertEquals(300, cache.bytes());
    }

    @Test
    void neverFreesWhatIsUsed() {
        Embeddings a = keep("a", 4);
        Embeddings b = keep("b", 4);
        assertTrue(alive(a) && alive(b));
        assertEquals(800, cache.bytes());
        cache.take(key("a"));
        cache.release(a);
        assertTrue(alive(a));
        cache.release(a);
        assertFalse(alive(a), "used by nobody, and more than the limit are held");
        assertTrue(alive(b));
        assertEquals(400, cache.bytes());
    }

    @Test
    void forgetsWhatIsUnusedWhenItIsToldTo() {
        Embeddings a = keep("a", 1);
        Embeddings b = keep("b", 1);
        cache.release(a);
        cache.forgetUnused();
        assertFalse(alive(a));
        assertTrue(alive(b));
        assertEquals(100, cache.bytes());
    }

    @Test
    void freesWhatNobodyCanAskForAgain() {
        Embeddings nameless = cache.allocate(1, CHANNELS);
        cache.release(nameless);
        assertFalse(alive(nameless));

        Embeddings first = keep("a", 1);
        Embeddings second = keep("a", 1);
        assertTrue(alive(first));
        cache.release(first);
        assertFalse(alive(first), "another took its place");
        cache.release(second);
        assertTrue(alive(second));
        assertEquals(100, cache.bytes());
    }

    @Test
    void keepsNothingOnceItIsClosed() {
        Embeddings used = keep("a", 1);
        cache.close();
        assertFalse(alive(used));
        assertEquals(0, cache.bytes());
        assertThrows(IllegalStateException.class, () -> cache.allocate(1, CHANNELS));
        cache.release(used);
        cache.keep(key("b"), new EmbeddingCache.Entry(used, new Track.Heard(1)));
        assertNull(cache.take(key("b")));
        cache.close();
    }
}
