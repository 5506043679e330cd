package omni.perception;

import omni.engine.Cancellation;
import omni.engine.Matrix;
import omni.media.SoundSource;
import omni.thinker.GridThw;
import org.jspecify.annotations.Nullable;

/** One encoder's share of a medium: a sound, a picture, or the frames of a clip. Belongs to one thread at a time. */
final class Track {
    /** What of a medium decides about its place in a prompt. */
    sealed interface Facts {}

    /**
     * Of a sound.
     *
     * @param seconds its length
     */
    record Heard(double seconds) implements Facts {}

    /**
     * Of a picture or clip.
     *
     * @param grid patches
     * @param secondsPerStep seconds of a temporal step; 0 for a picture
     * @param sound of a clip, or null if it has none
     */
    record Seen(
            GridThw grid, double secondsPerStep, @Nullable SoundSource sound) implements Facts {}

    /** What is left to be done for a track that was examined. */
    interface Encoding {
        /** @param out receives embeddings [T, C] */
        void encode(Matrix out, Cancellation cancellation, Progress progress);

        /** Frees what was decoded. */
        void close();
    }

    private final @Nullable MediaKey key;
    private final Facts facts;
    private final int tokens;
    private @Nullable Encoding encoding;
    private @Nullable Embeddings embeddings;

    private Track(
            @Nullable MediaKey key,
            Facts facts,
            int tokens,
            @Nullable Encoding encoding,
            @Nullable Embeddings embeddings) {
        this.key = key;
        this.facts = facts;
        this.tokens = tokens;
        this.encoding = encoding;
        this.embeddings = embeddings;
    }

    /** A track that was encoded before. */
    static Track known(EmbeddingCache.Entry entry) {
        Embeddings embeddings = entry.embeddings();
        return new Track(null, entry.facts(), embeddings.rows().rows(), null, embeddings);
    }

    /**
     * A track that was examined.
     *
     * @param key to remember it by, or null
     * @param tokens embeddings that it will have
     */
    static Track examined(@Nullable MediaKey key, Facts facts, int tokens, Encoding encoding) {
        return new Track(key, facts, tokens, encoding, null);
    }

    Facts facts() {
        return facts;
    }

    /**
     * What is known of a picture or clip.
     *
     * @throws IllegalStateException if it is a sound
     */
    Seen seen() {
        if (facts instanceof Seen known) {
            return known;
        }
        throw new IllegalStateException("medium: a sound is not seen");
    }

    /** Embeddings that it has, or will have. */
    int tokens() {
        return tokens;
    }

    /** Embeddings that are still to be computed. */
    int pending() {
        return embeddings == null ? tokens : 0;
    }

    /** Encodes what was examined; does nothing if that is done, and hardly anything if somebody else has done it meanwhile. */
    void encode(EmbeddingCache cache, int channels, Cancellation cancellation, Progress progress) {
        Encoding work = encoding;
        if (work == null) {
            return;
        }
        EmbeddingCache.Entry known = key == null ? null : cache.take(key);
        Embeddings made = known == null ? make(work, cache, channels, cancellation, progress) : known.embeddings();
        embeddings = made;
        encoding = null;
        work.close();
        if (key != null && known == null) {
            cache.keep(key, new EmbeddingCache.Entry(made, facts));
        }
    }

    private Embeddings make(
            Encoding work, EmbeddingCache cache, int channels, Cancellation cancellation, Progress progress) {
        Embeddings made = cache.allocate(tokens, channels);
        boolean done = false;
        try {
            if (tokens > 0) {
                work.encode(made.rows(), cancellation, progress);
            }
            done = true;
            return made;
        } finally {
            if (!done) {
                cache.release(made);
            }
        }
    }

    /**
     * Its embeddings [T, C].
     *
     * @throws IllegalStateException if it was not encoded yet
     */
    Matrix rows() {
        Embeddings made = embeddings;
        if (made == null) {
            throw new IllegalStateException("medium: not encoded yet");
        }
        return made.rows();
    }

    void release(EmbeddingCache cache) {
        if (encoding != null) {
            encoding.close();
            encoding = null;
        }
        if (embeddings != null) {
            cache.release(embeddings);
            embeddings = null;
        }
    }
}
