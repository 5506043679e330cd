package omni.speech;

import omni.engine.Linear;
import omni.engine.Matrix;
import omni.engine.ThreadTeam;
import omni.engine.Workspace;
import omni.kernels.Activation;
import omni.loader.DitConfig;

/**
 * What depends on the solver's time alone: the modulation of every layer at every distinct time of the grid, made once and shared by all
 * utterances sampled with as many steps. In a step of the solver it would cost a third of all weights.
 *
 * <p>Immutable and safe for use by several threads until it is closed.
 */
public final class DitSchedule implements AutoCloseable {
    private final SwayGrid grid;
    private final Workspace ws;
    private final Matrix[] layers;
    private final Matrix last;

    /**
     * @param times at which the model will be evaluated
     * @param layers for each layer the map [6C, C] of SiLU(time)
     * @param last the same behind the layers [2C, C]
     */
    DitSchedule(SwayGrid grid, float[] times, TimeEmbedding embedding, Linear[] layers, Linear last, ThreadTeam team) {
        this.grid = grid;
        ws = new Workspace(team);
        Linear.reserve(times.length, Math.max(embedding.channels(), embedding.features()), ws);
        this.layers = new Matrix[layers.length];
        Matrix time = ws.matrix(times.length, embedding.channels());
        embedding.forward(times, time, ws);
        int n = Math.multiplyExact(time.rows(), time.cols());
        Activation.silu(time.data(), time.offset(), time.data(), time.offset(), n);
        for (int i = 0; i < layers.length; i++) {
            this.layers[i] = ws.matrix(times.length, layers[i].outputs());
            layers[i].forward(time, this.layers[i], ws);
        }
        this.last = ws.matrix(times.length, last.outputs());
        last.forward(time, this.last, ws);
    }

    /** Bytes of a schedule, predicted. */
    static long bytesFor(DitConfig config, MelOptions options, int threads) {
        int times = 3 * (options.steps() - 1) + 1;
        long columns = (6L * config.layers() + 2 + 2) * config.hiddenSize() + TimeEmbedding.FEATURES;
        return columns * times * Float.BYTES
                + Linear.reservedBytes(times, Math.max(config.hiddenSize(), TimeEmbedding.FEATURES), threads);
    }

    /** The points in time. */
    SwayGrid grid() {
        return grid;
    }

    /** Evaluations of the model in a solve. */
    int evaluations() {
        return grid.steps() * RungeKutta.STAGES;
    }

    /** Modulation of layer {@code layer} at time number {@code time} [1, 6C]. */
    Matrix layer(int layer, int time) {
        return layers[layer].rows(time, time + 1);
    }

    /** Modulation behind the last layer [1, 2C]: scale, then shift. */
    Matrix last(int time) {
        return last.rows(time, time + 1);
    }

    /** Bytes held. */
    public long bytes() {
        return ws.bytes();
    }

    @Override
    public void close() {
        ws.close();
    }
}
