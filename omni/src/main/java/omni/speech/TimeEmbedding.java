package omni.speech;

import omni.engine.Linear;
import omni.engine.Matrix;
import omni.engine.Workspace;
import omni.error.ModelFormatException;
import omni.kernels.Activation;
import omni.loader.Checkpoint;
import omni.loader.DitConfig;

/**
 * The solver's time as a vector: sines and cosines of many frequencies, then two linear maps with SiLU between (Peebles and Xie, "Scalable
 * Diffusion Models with Transformers", 2023, section 3.2; reference notes, section 13).
 */
public final class TimeEmbedding {
    /** Times run from 0 to 1; the frequencies were made for a thousand steps. */
    private static final float SCALE = 1000;

    /** The reference does not read their number from the configuration. */
    static final int FEATURES = 256;

    private static final double LONGEST_PERIOD = 10_000;

    private final Linear first;
    private final Linear second;
    private final float[] frequencies;

    /**
     * @param first [C, 2 * frequencies]
     * @param second [C, C]
     */
    private TimeEmbedding(Linear first, Linear second) {
        this.first = first;
        this.second = second;
        frequencies = new float[first.inputs() / 2];
        float step = (float) (Math.log(LONGEST_PERIOD) / (frequencies.length - 1));
        for (int i = 0; i < frequencies.length; i++) {
            frequencies[i] = (float) Math.exp(i * -step);
        }
    }

    /**
     * The time embedding of a checkpoint.
     *
     * @throws ModelFormatException if a tensor is absent, contradicts the configuration or has an element type that cannot be computed
     *     with
     */
    public static TimeEmbedding load(DitConfig config, Checkpoint checkpoint) {
        DitNames names = new DitNames(checkpoint);
        int c = config.hiddenSize();
        return new TimeEmbedding(
                names.linear("time_embed.time_mlp.0", c, FEATURES), names.linear("time_embed.time_mlp.2", c, c));
    }

    /** Width C of an embedding. */
    public int channels() {
        return second.outputs();
    }

    /** Features of a time. */
    public int features() {
        return first.inputs();
    }

    /**
     * Sines, then cosines, of the angles {@code 1000 t f_i}, {@code f_i = 10000^(-i/(n-1))}. The angles are float32 products, as in the
     * reference.
     *
     * @param out [times, {@link #features}], written
     */
    public void sinusoids(float[] times, Matrix out) {
        int n = frequencies.length;
        for (int row = 0; row < times.length; row++) {
            float scaled = SCALE * times[row];
            for (int i = 0; i < n; i++) {
                float angle = scaled * frequencies[i];
                out.set(row, i, (float) Math.sin(angle));
                out.set(row, n + i, (float) Math.cos(angle));
            }
        }
    }

    /**
     * Embeds times.
     *
     * @param out [times, C], written
     */
    public void forward(float[] times, Matrix out, Workspace ws) {
        Matrix features = ws.matrix(times.length, features());
        Matrix inner = ws.matrix(times.length, first.outputs());
        sinusoids(times, features);
        first.forward(features, inner, ws);
        Activation.silu(
                inner.data(),
                inner.offset(),
                inner.data(),
                inner.offset(),
                Math.multiplyExact(inner.rows(), inner.cols()));
        second.forward(inner, out, ws);
    }
}
