package omni.engine;

import omni.error.ModelFormatException;
import omni.kernels.Attention;
import omni.kernels.Rope;
import org.jspecify.annotations.Nullable;

/**
 * Self-attention of an encoder: every row sees all rows of its own segment, the audio encoder's blocks or the vision encoder's windows
 * and frames. Scores are scaled by D^-0.5. Immutable and thread-safe.
 */
public final class SegmentAttention {
    /** Rows a thread rotates at a time. */
    private static final int GRAIN = 8;

    private final int heads;
    private final int headDim;
    private final Linear[] qkv;
    private final Linear o;
    private final float scale;

    /**
     * Angles of a rotation of queries and keys, the same for all heads.
     *
     * @param cos [T, D/2]
     * @param sin [T, D/2], rows as far apart
     */
    public record Rotation(Matrix cos, Matrix sin) {
        public Rotation {
            if (cos.rows() != sin.rows()
                    || cos.cols() != sin.cols()
                    || cos.offset() != sin.offset()
                    || cos.stride() != sin.stride()) {
                throw new IllegalArgumentException("rotation: cos=" + cos + ", sin=" + sin);
            }
        }
    }

    /**
     * @param heads H, a divisor of C
     * @param q [C, C]
     * @param k [C, C]
     * @param v [C, C]
     * @param o [C, C]
     * @throws ModelFormatException if the maps do not fit each other
     */
    public SegmentAttention(int heads, Linear q, Linear k, Linear v, Linear o) {
        int channels = q.inputs();
        if (heads < 1 || channels % heads != 0) {
            throw new IllegalArgumentException("attention: heads=" + heads + ", channels=" + channels);
        }
        for (Linear map : new Linear[] {q, k, v, o}) {
            Shapes.check(map, channels, channels);
        }
        this.heads = heads;
        headDim = channels / heads;
        qkv = new Linear[] {q, k, v};
        this.o = o;
        scale = (float) (1 / Math.sqrt(headDim));
    }

    /**
     * {@code x += o(attention(q(y), k(y), v(y)))}.
     *
     * @param y normalised input [T, C], overwritten
     * @param scratch [T, 3C]
     * @param starts first row of each segment, ascending from 0, then T
     * @param rotation of queries and keys, or null for none
     * @param x residual stream [T, C]
     */
    public void forwardAdd(
            Matrix y, Matrix scratch, int[] starts, @Nullable Rotation rotation, Matrix x, Workspace ws) {
        int channels = heads * headDim;
        check(y, scratch, starts, rotation, x);
        Matrix q = scratch.cols(0, channels);
        Matrix k = scratch.cols(channels, 2 * channels);
        Matrix v = scratch.cols(2 * channels, 3 * channels);
        Linear.forward(y, qkv, new Matrix[] {q, k, v}, ws);
        if (rotation != null) {
            rotate(scratch, rotation, ws);
        }
        int[] bounds = starts.clone();
        ws.team()
                .run(
                        Attention.segmentUnits(bounds, heads),
                        1,
                        (from, to, worker) -> Attention.segments(
                                q.data(),
                                q.offset(),
                                q.stride(),
                                k.data(),
                                k.offset(),
                                k.stride(),
                                v.data(),
                                v.offset(),
                                v.stride(),
                                bounds,
                                heads,
                                headDim,
                                scale,
                                y.data(),
                                y.offset(),
                                y.stride(),
                                from,
                                to,
                                ws.attention(worker)));
        o.forwardAdd(y, x, ws);
    }

    private void check(Matrix y, Matrix scratch, int[] starts, @Nullable Rotation rotation, Matrix x) {
        int rows = y.rows();
        boolean fits = x.rows() == rows
                && scratch.rows() == rows
                && scratch.cols() == 3 * heads * headDim
                && starts.length > 0
                && starts[0] == 0
                && starts[starts.length - 1] == rows
                && (rotation == null
                        || (rotation.cos().rows() == rows && rotation.cos().cols() == headDim / 2));
        if (!fits) {
            throw new IllegalArgumentException("attention: rows=" + rows + ", heads=" + heads + ", headDim=" + headDim
                    + ", x=[" + x.rows() + "," + x.cols() + "], scratch=[" + scratch.rows() + "," + scratch.cols()
                    + "], segments=" + (starts.length - 1) + ", end="
                    + (starts.length == 0 ? 0 : starts[starts.length - 1])
                    + (rotation == null
                            ? ""
                            : ", angles=[" + rotation.cos().rows() + ","
                                    + rotation.cos().cols() + "]"));
        }
    }

    /** Queries and keys lie side by side: one rotation turns both. */
    private void rotate(Matrix qk, Rotation rotation, Workspace ws) {
        Matrix cos = rotation.cos();
        ws.team()
                .run(
                        qk.rows(),
                        GRAIN,
                        (from, to, worker) -> Rope.halfSplit(
                                qk.data(),
                                qk.rowOffset(from),
                                qk.stride(),
                                to - from,
                                2 * heads,
                                headDim,
                                cos.data(),
                                rotation.sin().data(),
                                cos.rowOffset(from),
                                cos.stride()));
    }
}
