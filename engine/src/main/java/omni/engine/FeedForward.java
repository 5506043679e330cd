package omni.engine;

import omni.error.ModelFormatException;

/** The feed-forward block of a plain Transformer layer: {@code fc2(gelu(fc1(x)))} (Vaswani et al. 2017, section 3.3, with GELU). */
public final class FeedForward {
    private final Linear fc1;
    private final Linear fc2;

    /**
     * @param fc1 [F, C]
     * @param fc2 [N, F]
     * @throws ModelFormatException if the second map does not take what the first one gives
     */
    public FeedForward(Linear fc1, Linear fc2) {
        Shapes.check(fc2, fc2.outputs(), fc1.outputs());
        this.fc1 = fc1;
        this.fc2 = fc2;
    }

    /** Inner width F. */
    public int inner() {
        return fc1.outputs();
    }

    /** Width N of the output. */
    public int outputs() {
        return fc2.outputs();
    }

    /**
     * {@code y = fc2(gelu(fc1(x)))}, as many rows at a time as the scratch has.
     *
     * @param x [T, C]
     * @param hidden scratch [any, F]
     * @param y [T, N]; must not overlap x
     */
    public void forward(Matrix x, Matrix hidden, Matrix y, Workspace ws) {
        for (int from = 0; from < x.rows(); from += hidden.rows()) {
            int to = Math.min(x.rows(), from + hidden.rows());
            fc2.forward(inner(x.rows(from, to), hidden, ws), y.rows(from, to), ws);
        }
    }

    /** {@code y += fc2(gelu(fc1(x)))}; the operands are those of {@link #forward}. */
    public void forwardAdd(Matrix x, Matrix hidden, Matrix y, Workspace ws) {
        for (int from = 0; from < x.rows(); from += hidden.rows()) {
            int to = Math.min(x.rows(), from + hidden.rows());
            fc2.forwardAdd(inner(x.rows(from, to), hidden, ws), y.rows(from, to), ws);
        }
    }

    private Matrix inner(Matrix x, Matrix hidden, Workspace ws) {
        Matrix inner = hidden.rows(0, x.rows());
        fc1.forward(x, inner, ws);
        Gelu.rows(inner, ws);
        return inner;
    }
}
