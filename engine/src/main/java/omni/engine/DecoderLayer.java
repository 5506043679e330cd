package omni.engine;

/**
 * One layer: {@code x += attention(norm(x)); x += mlp(norm(x))}.
 *
 * @param inputNorm before the attention
 * @param attention reads and extends the cache
 * @param postAttentionNorm before the feed-forward block
 * @param mlp the feed-forward block
 */
public record DecoderLayer(RmsNormLayer inputNorm, SelfAttention attention, RmsNormLayer postAttentionNorm, Mlp mlp) {
    void forward(Activations a, int layer, KvCache cache, Workspace ws) {
        inputNorm.forward(a.x(), a.normed(), ws);
        attention.forward(a, layer, cache, ws);
        postAttentionNorm.forward(a.x(), a.normed(), ws);
        mlp.forward(a, ws);
    }
}
