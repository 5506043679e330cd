package omni.vision;

import omni.engine.GatedFeedForward;
import omni.engine.Matrix;
import omni.engine.RmsNormLayer;
import omni.engine.SegmentAttention;
import omni.engine.SegmentAttention.Rotation;
import omni.engine.Workspace;

/**
 * One layer of the vision encoder, with the norms in front: {@code x += attention(norm1(x)); x += feedForward(norm2(x))}
 * ({@code Qwen2_5OmniVisionBlock} in the reference).
 *
 * @param attentionNorm before the attention
 * @param attention within a window, or a frame
 * @param feedForwardNorm before the feed-forward part
 * @param feedForward with SiLU and biases
 * @param wholeFrames whether rows see their whole frame, or their window
 */
record VisionEncoderLayer(
        RmsNormLayer attentionNorm,
        SegmentAttention attention,
        RmsNormLayer feedForwardNorm,
        GatedFeedForward feedForward,
        boolean wholeFrames) {

    /**
     * @param x residual stream [P, C] of whole windows or frames
     * @param y scratch [P, C]
     * @param qkv scratch [P, 3C]
     * @param gate scratch [any, inner width]
     * @param up as large
     * @param starts first row of each window or frame, then P
     * @param rotation angles of the rows
     */
    void forward(
            Matrix x, Matrix y, Matrix qkv, Matrix gate, Matrix up, int[] starts, Rotation rotation, Workspace ws) {
        attentionNorm.forward(x, y, ws);
        attention.forwardAdd(y, qkv, starts, rotation, x, ws);
        feedForwardNorm.forward(x, y, ws);
        feedForward.forwardAdd(y, gate, up, x, ws);
    }
}
