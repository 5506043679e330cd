package omni.perception;

import java.lang.foreign.Arena;
import omni.engine.Matrix;
import omni.engine.Workspace;

/**
 * What an encoder made of a sound, a picture or the frames of a clip, in memory of its own. {@link EmbeddingCache} counts who uses it and
 * frees it.
 */
final class Embeddings {
    private final Arena arena = Arena.ofShared();
    private final Matrix rows;

    /** Guarded by the cache. */
    int users = 1;

    Embeddings(int tokens, int channels) {
        long bytes = Math.multiplyExact((long) tokens * channels, Float.BYTES);
        rows = new Matrix(arena.allocate(Math.max(1, bytes), Workspace.ALIGNMENT), 0, tokens, channels, channels);
    }

    /** Embeddings [T, C]. */
    Matrix rows() {
        return rows;
    }

    long bytes() {
        return rows.data().byteSize();
    }

    void free() {
        arena.close();
    }
}
