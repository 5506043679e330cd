package omni.perception;

import java.util.Locale;
import omni.thinker.EncodedMedium;
import omni.thinker.GridThw;
import omni.thinker.MediaSpan;
import org.jspecify.annotations.Nullable;

/**
 * A medium that was opened and measured: what stands for it in a prompt is known, its embeddings may still be to be computed. Belongs
 * to one thread at a time, and has to be released.
 */
public final class Medium {
    private final String name;
    private final MediaSpan span;
    private final @Nullable Track seen;
    private final @Nullable Track heard;

    Medium(String name, MediaSpan span, @Nullable Track seen, @Nullable Track heard) {
        this.name = name;
        this.span = span;
        this.seen = seen;
        this.heard = heard;
    }

    /** The file, for messages. */
    public String name() {
        return name;
    }

    /** What the decoder has to know of it. */
    public MediaSpan span() {
        return span;
    }

    /** Embeddings that are still to be computed. */
    public int pending() {
        return (seen == null ? 0 : seen.pending()) + (heard == null ? 0 : heard.pending());
    }

    /** True if the audio encoder has to do with it. */
    public boolean isHeard() {
        return heard != null;
    }

    /** Patches of a temporal step, which the vision encoder is given together; 0 for a sound. */
    public int patchesPerStep() {
        return seen == null ? 0 : seen.seen().grid().h() * seen.seen().grid().w();
    }

    /** Its name and size in words, such as {@code q.wav: 750 tokens, 30.0 s of sound}. */
    public String describe(int merge) {
        StringBuilder out = new StringBuilder(name);
        out.append(": ").append(span.tokens(merge)).append(" tokens");
        if (seen != null && seen.seen().secondsPerStep() > 0) {
            GridThw grid = seen.seen().grid();
            out.append(", ").append(grid.t()).append(" steps of ").append(grid.tokensPerStep(merge));
        }
        if (heard != null && heard.facts() instanceof Track.Heard facts) {
            out.append(String.format(Locale.ROOT, ", %.1f s of sound", facts.seconds()));
        }
        return out.toString();
    }

    /** Tracks whose embeddings may still be to be computed. */
    void encode(TrackEncoder encoder) {
        if (seen != null) {
            encoder.encode(seen);
        }
        if (heard != null) {
            encoder.encode(heard);
        }
    }

    /** What is done with each track. */
    interface TrackEncoder {
        void encode(Track track);
    }

    /**
     * The medium as a prompt takes it.
     *
     * @throws IllegalStateException if it was not encoded yet
     */
    EncodedMedium encoded() {
        return new EncodedMedium(span, seen == null ? null : seen.rows(), heard == null ? null : heard.rows());
    }

    void release(EmbeddingCache cache) {
        encode(track -> track.release(cache));
    }
}
