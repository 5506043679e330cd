package omni.engine;

import omni.error.ModelFormatException;
import org.jspecify.annotations.Nullable;

/**
 * Convolution along time over zero-padded frames: {@code y[t,n] = b[n] + sum_c sum_k w[n,c,k] x[t * stride + k - pad, c]}.
 *
 * <p>What the taps of an output frame see is gathered into a row, channel by channel as the weights are stored, and the rows are
 * multiplied as a matrix. So the weights stay where they are mapped, in the format they are stored in.
 */
public final class Conv1dLayer {
    /** Output frames a thread gathers at a time. */
    private static final int GRAIN = 4;

    private final Linear linear;
    private final int inputs;
    private final int taps;
    private final int stride;
    private final int pad;

    /**
     * @param weight [N, I, taps] in F32, BF16 or F16
     * @param bias [N], or null
     * @param stride frames from one output to the next
     * @param pad zeros before the first frame and behind the last
     * @throws ModelFormatException if a shape or an element type does not fit
     */
    public Conv1dLayer(Tensor weight, @Nullable Tensor bias, int stride, int pad) {
        if (weight.rank() != 3 || weight.size(1) > Integer.MAX_VALUE || weight.size(2) > Integer.MAX_VALUE) {
            throw new ModelFormatException("convolution: weight=" + weight.name() + ", shape=" + weight.shapeText()
                    + "; weights [outputs,inputs,taps] are needed");
        }
        if (stride < 1 || pad < 0) {
            throw new IllegalArgumentException("convolution: stride=" + stride + ", pad=" + pad);
        }
        inputs = (int) weight.size(1);
        taps = (int) weight.size(2);
        this.stride = stride;
        this.pad = pad;
        linear = Linear.of(weight.reshaped(weight.size(0), Math.multiplyExact(weight.size(1), weight.size(2))), bias);
    }

    /** Output features N. */
    public int outputs() {
        return linear.outputs();
    }

    /** Columns of the rows that are gathered: I * taps. */
    public int gatheredColumns() {
        return linear.inputs();
    }

    /**
     * Output frames of a signal.
     *
     * @throws IllegalArgumentException if it has none
     */
    public int outputFrames(int frames) {
        long room = frames + 2L * pad - taps;
        if (frames < 1 || room < 0 || room / stride >= Integer.MAX_VALUE) {
            throw new IllegalArgumentException("convolution: frames=" + frames + ", taps=" + taps + ", pad=" + pad);
        }
        return (int) (room / stride) + 1;
    }

    /**
     * Convolves.
     *
     * @param x signal [T, I], a frame a row
     * @param gathered scratch [at least the output's frames, {@link #gatheredColumns}]
     * @param y output [{@link #outputFrames}, N]; must not overlap x or the scratch
     * @throws IllegalArgumentException if a shape does not fit
     */
    public void forward(Matrix x, Matrix gathered, Matrix y, Workspace ws) {
        int frames = outputFrames(x.rows());
        if (x.cols() != inputs
                || y.rows() != frames
                || gathered.rows() < frames
                || gathered.cols() != linear.inputs()) {
            throw new IllegalArgumentException("convolution: weight=" + linear + ", taps=" + taps + ", x=[" + x.rows()
                    + "," + x.cols() + "], gathered=[" + gathered.rows() + "," + gathered.cols() + "], y=[" + y.rows()
                    + "," + y.cols() + "]");
        }
        Matrix rows = gathered.rows(0, frames);
        ws.team().run(frames, GRAIN, (from, to, worker) -> {
            for (int t = from; t < to; t++) {
                gather(x, rows, t);
            }
        });
        linear.forward(rows, y, ws);
    }

    private void gather(Matrix x, Matrix rows, int t) {
        for (int k = 0; k < taps; k++) {
            long frame = (long) t * stride + k - pad;
            boolean inside = frame >= 0 && frame < x.rows();
            for (int c = 0; c < inputs; c++) {
                rows.set(t, c * taps + k, inside ? x.get((int) frame, c) : 0);
            }
        }
    }
}
