package omni.engine;

/**
 * Sizes of a Qwen2 decoder stack. {@code heads * headDim} may differ from {@code hidden}, as in the Talker.
 *
 * @param hidden channels C of the residual stream
 * @param layers number of layers
 * @param heads query heads H
 * @param kvHeads key-value heads K; divides {@code heads}
 * @param headDim head size D, even
 * @param ffn channels between the two maps of the feed-forward block
 * @param rmsNormEps epsilon of every RMSNorm of the stack
 * @param ropeTheta base of the rotary frequencies
 * @param ropeSections division of the D/2 frequencies among the three position axes
 * @param maxPositions positions the model was trained for, the upper limit of a context
 */
public record DecoderConfig(
        int hidden,
        int layers,
        int heads,
        int kvHeads,
        int headDim,
        int ffn,
        float rmsNormEps,
        double ropeTheta,
        RopeSections ropeSections,
        int maxPositions) {
    public DecoderConfig {
        positive("hidden", hidden);
        positive("layers", layers);
        positive("heads", heads);
        positive("kvHeads", kvHeads);
        positive("headDim", headDim);
        positive("ffn", ffn);
        positive("maxPositions", maxPositions);
        if (heads % kvHeads != 0) {
            throw new IllegalArgumentException("decoder: heads=" + heads + " is no multiple of kvHeads=" + kvHeads);
        }
        if (headDim % 2 != 0 || ropeSections.sum() != headDim / 2) {
            throw new IllegalArgumentException("decoder: headDim=" + headDim + ", ropeSections=" + ropeSections
                    + "; sections must add up to headDim/2");
        }
        if (!(ropeTheta > 0) || !(rmsNormEps >= 0)) {
            throw new IllegalArgumentException("decoder: ropeTheta=" + ropeTheta + ", rmsNormEps=" + rmsNormEps);
        }
    }

    private static void positive(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException("decoder: " + name + "=" + value);
        }
    }

    /** Columns of the queries, H * D. */
    public int queryChannels() {
        return heads * headDim;
    }

    /** Columns of the keys, and of the values, K * D. */
    public int kvChannels() {
        return kvHeads * headDim;
    }
}
