package omni.perception;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Embeddings of media seen so far, with what else is known of each. Those in use stay; of the others the ones not used for longest are
 * freed as soon as all together are more than a limit. Safe for use by several threads.
 */
final class EmbeddingCache implements AutoCloseable {
    private final long limit;

    /** By last use, the longest unused first. */
    private final Map<MediaKey, Entry> kept = new LinkedHashMap<>(16, 0.75f, true);

    private final Set<Embeddings> alive = Collections.newSetFromMap(new IdentityHashMap<>());
    private long bytes;
    private boolean closed;

    /**
     * Something that was encoded.
     *
     * @param embeddings the encoder's result
     * @param facts what had to be read from the medium to know its place in a prompt
     */
    record Entry(Embeddings embeddings, Track.Facts facts) {}

    /** @param limit bytes to which unused embeddings are kept */
    EmbeddingCache(long limit) {
        this.limit = limit;
    }

    /** What is known of a medium, counted as used once more; null if nothing is. */
    synchronized @Nullable Entry take(MediaKey key) {
        Entry entry = kept.get(key);
        if (entry != null) {
            entry.embeddings.users++;
        }
        return entry;
    }

    /**
     * Memory for embeddings [T, C], used once.
     *
     * @throws IllegalStateException if the cache is closed
     */
    synchronized Embeddings allocate(int tokens, int channels) {
        if (closed) {
            throw new IllegalStateException("omni: the model is closed");
        }
        Embeddings embeddings = new Embeddings(tokens, channels);
        alive.add(embeddings);
        bytes += embeddings.bytes();
        return embeddings;
    }

    /** Remembers embeddings that are written now. */
    synchronized void keep(MediaKey key, Entry entry) {
        if (!closed) {
            Entry other = kept.put(key, entry);
            if (other != null && other.embeddings != entry.embeddings) {
                freeUnused(other.embeddings);
            }
            trimTo(limit);
        }
    }

    /** Counts embeddings as used once less. */
    synchronized void release(Embeddings embeddings) {
        embeddings.users--;
        trimTo(limit);
        if (kept.values().stream().noneMatch(entry -> entry.embeddings == embeddings)) {
            freeUnused(embeddings);
        }
    }

    /** Frees all that nobody uses. */
    synchronized void forgetUnused() {
        trimTo(0);
    }

    private void trimTo(long most) {
        for (Iterator<Entry> entries = kept.values().iterator(); bytes > most && entries.hasNext(); ) {
            Embeddings embeddings = entries.next().embeddings;
            if (embeddings.users == 0) {
                entries.remove();
                freeUnused(embeddings);
            }
        }
    }

    private void freeUnused(Embeddings embeddings) {
        if (embeddings.users == 0 && alive.remove(embeddings)) {
            bytes -= embeddings.bytes();
            embeddings.free();
        }
    }

    /** Bytes held now. */
    synchronized long bytes() {
        return bytes;
    }

    /** Frees everything, used or not. */
    @Override
    public synchronized void close() {
        closed = true;
        kept.clear();
        alive.forEach(Embeddings::free);
        alive.clear();
        bytes = 0;
    }
}
