package omni.engine;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;
import omni.error.ModelFormatException;
import omni.error.RequestException;
import omni.kernels.Elementwise;
import org.jspecify.annotations.Nullable;

/**
 * A stack of decoder layers with the final norm, from embeddings to hidden states: the Thinker's and the Talker's (Qwen2.5-Omni
 * Technical Report, sections 2.3 and 2.4; {@code Qwen2_5OmniThinkerTextModel} in the reference). Embedding table and head are
 * separate. Immutable; all state of a conversation lies in its {@link KvCache}, all scratch in a {@link DecoderWorkspace}.
 */
public final class Decoder {
    private final DecoderConfig config;
    private final List<DecoderLayer> layers;
    private final RmsNormLayer norm;
    private final RopeTable rope;
    private final @Nullable LayerTap tap;

    /**
     * @param layers in order, as many as configured
     * @param norm the final norm
     * @throws ModelFormatException if the number of layers is not the configured one
     */
    public Decoder(DecoderConfig config, List<DecoderLayer> layers, RmsNormLayer norm) {
        this(config, List.copyOf(layers), norm, null);
        if (layers.size() != config.layers()) {
            throw new ModelFormatException("wrong number of layers: found=" + layers.size() + ", expected="
                    + config.layers() + "; the files do not fit the configuration");
        }
    }

    private Decoder(DecoderConfig config, List<DecoderLayer> layers, RmsNormLayer norm, @Nullable LayerTap tap) {
        this.config = config;
        this.layers = layers;
        this.norm = norm;
        this.tap = tap;
        rope = new RopeTable(config.headDim(), config.ropeTheta(), config.ropeSections());
    }

    /** The same decoder, shown to {@code tap} after each layer. */
    public Decoder observedBy(LayerTap tap) {
        return new Decoder(config, layers, norm, tap);
    }

    public DecoderConfig config() {
        return config;
    }

    /**
     * Runs T new positions and appends them to the cache.
     *
     * @param embeddings [T, C], T at most {@link DecoderWorkspace#maxRows}; may be {@link DecoderWorkspace#input}
     * @param positions [3][T]: time, height, width
     * @param cache holds the positions before them
     * @param ws scratch
     * @param cancellation looked at before each layer
     * @return hidden states after the final norm [T, C], in {@code ws}, valid until its next pass
     * @throws RequestException if the cache has no room for T positions
     * @throws CancellationException if cancelled; the cache is as before
     */
    public Matrix forward(
            Matrix embeddings, int[][] positions, KvCache cache, DecoderWorkspace ws, Cancellation cancellation) {
        check(embeddings, cache, ws);
        int rows = embeddings.rows();
        Activations a = ws.activations(rows);
        copy(embeddings, a.x());
        rope.fill(positions, a.cos(), a.sin());
        cache.reserve(rows);
        for (int layer = 0; layer < layers.size(); layer++) {
            cancellation.check();
            layers.get(layer).forward(a, layer, cache, ws.workspace());
            if (tap != null) {
                tap.afterLayer(layer, a.x());
            }
        }
        norm.forward(a.x(), a.normed(), ws.workspace());
        cache.advance(rows);
        return a.normed();
    }

    /**
     * Runs any number of new positions in chunks of {@link DecoderWorkspace#maxRows}.
     *
     * @param embeddings [T, C]
     * @param positions [3][T]
     * @param hidden hidden states after the final norm [T, C], written; may be {@code embeddings}
     * @throws RequestException if the cache has no room for T positions; nothing was run then
     * @throws CancellationException if cancelled; chunks that were finished stay in the cache
     */
    public void prefill(
            Matrix embeddings,
            int[][] positions,
            Matrix hidden,
            KvCache cache,
            DecoderWorkspace ws,
            Cancellation cancellation) {
        cache.checkRoom(embeddings.rows());
        for (int from = 0; from < embeddings.rows(); from += ws.maxRows()) {
            int to = Math.min(embeddings.rows(), from + ws.maxRows());
            int[][] chunk = new int[positions.length][];
            for (int axis = 0; axis < positions.length; axis++) {
                chunk[axis] = Arrays.copyOfRange(positions[axis], from, to);
            }
            copy(forward(embeddings.rows(from, to), chunk, cache, ws, cancellation), hidden.rows(from, to));
        }
    }

    private void check(Matrix embeddings, KvCache cache, DecoderWorkspace ws) {
        if (embeddings.cols() != config.hidden()) {
            throw new IllegalArgumentException("decoder: embeddings=[" + embeddings.rows() + "," + embeddings.cols()
                    + "], hidden=" + config.hidden());
        }
        if (!ws.config().equals(config) || cache.layers() != config.layers()) {
            throw new IllegalArgumentException("decoder: cache or workspace of another decoder");
        }
    }

    private static void copy(Matrix from, Matrix to) {
        if (from.data().equals(to.data()) && from.offset() == to.offset()) {
            return;
        }
        for (int t = 0; t < from.rows(); t++) {
            Elementwise.copy(from.data(), from.rowOffset(t), to.data(), to.rowOffset(t), from.cols());
        }
    }
}
