package omni.engine;

import java.lang.foreign.MemorySegment;
import omni.error.ModelFormatException;
import omni.kernels.Attention;
import omni.kernels.Rope;

/**
 * Causal self-attention of a decoder layer over the cache: {@code o(attention(rope(q(x)), rope(k(x)), v(x)))}, K key-value heads
 * shared by H query heads, scores scaled by D^-0.5 ({@code Qwen2_5OmniAttention} in the reference).
 */
public final class SelfAttention {
    /** Rows a thread rotates and stores at a time. */
    private static final int GRAIN = 8;

    private final DecoderConfig config;
    private final Linear[] qkv;
    private final Linear o;
    private final float scale;

    /**
     * @param q [H*D, C], with bias in Qwen2
     * @param k [K*D, C]
     * @param v [K*D, C]
     * @param o [C, H*D]
     * @throws ModelFormatException if the maps do not fit the configuration
     */
    public SelfAttention(DecoderConfig config, Linear q, Linear k, Linear v, Linear o) {
        Shapes.check(q, config.queryChannels(), config.hidden());
        Shapes.check(k, config.kvChannels(), config.hidden());
        Shapes.check(v, config.kvChannels(), config.hidden());
        Shapes.check(o, config.hidden(), config.queryChannels());
        this.config = config;
        qkv = new Linear[] {q, k, v};
        this.o = o;
        scale = (float) (1 / Math.sqrt(config.headDim()));
    }

    /** Bytes that {@link #reserve} adds to a new workspace. */
    static long reservedBytes(DecoderConfig config, int threads) {
        return threads * Attention.scratchBytes(config.heads(), config.kvHeads(), config.headDim());
    }

    /** Lets a workspace grow to what forward passes need, so that none allocates. */
    static void reserve(DecoderConfig config, Workspace ws) {
        for (int worker = 0; worker < ws.team().size(); worker++) {
            ws.attention(worker).reserve(config.heads(), config.kvHeads(), config.headDim());
        }
    }

    /** {@code a.x += attention(a.normed)}; the new keys and values are written behind the cache's length. */
    void forward(Activations a, int layer, KvCache cache, Workspace ws) {
        Linear.forward(a.normed(), qkv, a.qkv(), ws);
        ws.team().run(a.x().rows(), GRAIN, (from, to, worker) -> {
            rotate(a, from, to);
            cache.write(layer, from, a.k().rows(from, to), a.v().rows(from, to));
        });
        attend(a, layer, cache, ws);
        o.forwardAdd(a.attended(), a.x(), ws);
    }

    private void rotate(Activations a, int from, int to) {
        Matrix qk = a.qk();
        Rope.halfSplit(
                qk.data(),
                qk.rowOffset(from),
                qk.stride(),
                to - from,
                config.heads() + config.kvHeads(),
                config.headDim(),
                a.cos().data(),
                a.sin().data(),
                a.cos().rowOffset(from),
                a.cos().stride());
    }

    private void attend(Activations a, int layer, KvCache cache, Workspace ws) {
        int heads = config.heads();
        int kvHeads = config.kvHeads();
        int headDim = config.headDim();
        int rows = a.q().rows();
        int past = cache.length();
        Matrix q = a.q();
        Matrix y = a.attended();
        MemorySegment[] keys = cache.keyPages(layer);
        MemorySegment[] values = cache.valuePages(layer);
        int units = Attention.prefillUnits(rows, heads, kvHeads);
        ws.team()
                .run(
                        units,
                        1,
                        (from, to, worker) -> Attention.prefill(
                                q.data(),
                                q.offset(),
                                q.stride(),
                                keys,
                                values,
                                KvCache.PAGE_POSITIONS,
                                past,
                                rows,
                                heads,
                                kvHeads,
                                headDim,
                                scale,
                                y.data(),
                                y.offset(),
                                y.stride(),
                                from,
                                to,
                                ws.attention(worker)));
    }
}
