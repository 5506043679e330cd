package omni.engine;

import omni.kernels.Activation;

/** The exact GELU of rows, shared among the threads: {@code x (1 + erf(x / sqrt(2))) / 2} (Hendrycks and Gimpel, 2016). */
public final class Gelu {
    private static final int GRAIN = 4;

    private Gelu() {}

    /** @param x [T, C], in place */
    public static void rows(Matrix x, Workspace ws) {
        ws.team().run(x.rows(), GRAIN, (from, to, worker) -> {
            for (int t = from; t < to; t++) {
                Activation.gelu(x.data(), x.rowOffset(t), x.data(), x.rowOffset(t), x.cols());
            }
        });
    }
}
