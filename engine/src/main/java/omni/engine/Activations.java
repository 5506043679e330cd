package omni.engine;

/**
 * What one pass of T rows through a decoder writes; views of a {@link DecoderWorkspace}.
 *
 * @param x residual stream [T, C]
 * @param normed [T, C], input of the maps; at the end the hidden states after the final norm
 * @param q queries [T, H*D]
 * @param k new keys [T, K*D]
 * @param v new values [T, K*D]
 * @param qkv q, k and v
 * @param qk queries and keys as heads side by side [T, (H+K)*D]: one rotation turns both
 * @param attended output of the attention [T, H*D]
 * @param gate [T, F]
 * @param up [T, F]
 * @param gateUp gate and up
 * @param cos rotary cosines [T, D/2]
 * @param sin rotary sines [T, D/2]
 */
@SuppressWarnings("ArrayRecordComponent") // internal; never compared
record Activations(
        Matrix x,
        Matrix normed,
        Matrix q,
        Matrix k,
        Matrix v,
        Matrix[] qkv,
        Matrix qk,
        Matrix attended,
        Matrix gate,
        Matrix up,
        Matrix[] gateUp,
        Matrix cos,
        Matrix sin) {

    static Activations of(
            DecoderConfig c,
            Matrix x,
            Matrix normed,
            Matrix qkv,
            Matrix attended,
            Matrix gate,
            Matrix up,
            Matrix cos,
            Matrix sin) {
        int heads = c.queryChannels();
        int kv = c.kvChannels();
        Matrix q = qkv.cols(0, heads);
        Matrix k = qkv.cols(heads, heads + kv);
        Matrix v = qkv.cols(heads + kv, heads + 2 * kv);
        return new Activations(
                x,
                normed,
                q,
                k,
                v,
                new Matrix[] {q, k, v},
                qkv.cols(0, heads + kv),
                attended,
                gate,
                up,
                new Matrix[] {gate, up},
                cos,
                sin);
    }
}
