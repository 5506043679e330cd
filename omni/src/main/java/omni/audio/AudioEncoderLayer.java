package omni.audio;

import omni.engine.FeedForward;
import omni.engine.LayerNormLayer;
import omni.engine.Matrix;
import omni.engine.SegmentAttention;
import omni.engine.Workspace;

/**
 * One layer of the audio encoder, with the norms in front: {@code x += attention(norm(x)); x += feedForward(norm(x))}
 * ({@code Qwen2_5OmniAudioEncoderLayer} in the reference).
 *
 * @param attentionNorm before the attention
 * @param attention within a block
 * @param feedForwardNorm before the feed-forward part
 * @param feedForward with GELU
 */
record AudioEncoderLayer(
        LayerNormLayer attentionNorm,
        SegmentAttention attention,
        LayerNormLayer feedForwardNorm,
        FeedForward feedForward) {

    /**
     * @param x residual stream [T, C]
     * @param y scratch [T, C]
     * @param qkv scratch [T, 3C]
     * @param hidden scratch [any, inner width]
     * @param starts first row of each block, then T
     */
    void forward(Matrix x, Matrix y, Matrix qkv, Matrix hidden, int[] starts, Workspace ws) {
        attentionNorm.forward(x, y, ws);
        attention.forwardAdd(y, qkv, starts, null, x, ws);
        feedForwardNorm.forward(x, y, ws);
        feedForward.forwardAdd(y, hidden, x, ws);
    }
}
