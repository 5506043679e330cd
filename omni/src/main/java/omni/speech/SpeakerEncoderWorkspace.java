package omni.speech;

import java.util.Arrays;
import omni.engine.Matrix;
import omni.engine.ThreadTeam;
import omni.engine.Workspace;
import omni.kernels.Conv1d;
import omni.loader.SpeakerEncoderConfig;

/**
 * Memory of the speaker encoder for one reference of T frames; channels are rows everywhere.
 *
 * <p>The blocks' outputs lie one below the other, in the order in which they are aggregated, and so do the aggregated features and the
 * statistics that the attention sees beside them: nothing is copied to be concatenated.
 */
final class SpeakerEncoderWorkspace implements AutoCloseable {
    /** Rows a thread takes at a time. */
    private static final int GRAIN = 8;

    private final Workspace ws;
    private final Conv1d.Scratch[] convolutions;
    private final Matrix first;
    private final Matrix blocks;
    private final Matrix inner;
    private final Matrix parts;
    private final Matrix aggregated;
    private final Matrix attention;
    private final Matrix weights;
    private final Matrix pooled;
    private final Matrix gates;
    private final Matrix squeezed;

    SpeakerEncoderWorkspace(SpeakerEncoderConfig config, int frames, ThreadTeam team) {
        ws = new Workspace(team);
        convolutions = new Conv1d.Scratch[team.size()];
        Arrays.setAll(convolutions, worker -> new Conv1d.Scratch());
        int last = config.channels().size() - 1;
        int widest = config.channels().stream().mapToInt(c -> c).max().orElseThrow();
        int all = config.channels().subList(1, last).stream().mapToInt(c -> c).sum();
        int features = config.channels().get(last);
        first = ws.matrix(config.channels().get(0), frames);
        blocks = ws.matrix(all, frames);
        inner = ws.matrix(widest, frames);
        parts = ws.matrix(widest, frames);
        aggregated = ws.matrix(3 * features, frames);
        attention = ws.matrix(config.attentionChannels(), frames);
        weights = ws.matrix(features, frames);
        pooled = ws.matrix(1, 2 * features);
        gates = ws.matrix(1, widest);
        squeezed = ws.matrix(1, config.squeezeChannels());
    }

    /** What a piece of work does with row {@code row}. */
    interface RowTask {
        void run(int row);
    }

    /** Shares rows among the threads. */
    void rows(int rows, RowTask task) {
        ws.team().run(rows, GRAIN, (from, to, worker) -> {
            for (int row = from; row < to; row++) {
                task.run(row);
            }
        });
    }

    Workspace workspace() {
        return ws;
    }

    ThreadTeam team() {
        return ws.team();
    }

    Conv1d.Scratch[] convolutions() {
        return convolutions;
    }

    /** Output of block 0. */
    Matrix first() {
        return first;
    }

    /** Outputs of the other blocks, one below the other. */
    Matrix blocks() {
        return blocks;
    }

    /** Scratch of a block [channels, T]. */
    Matrix inner(int channels) {
        return inner.rows(0, channels);
    }

    /** More scratch of a block [channels, T]. */
    Matrix parts(int channels) {
        return parts.rows(0, channels);
    }

    /** Aggregated features [C, T], below them room for their mean and deviation. */
    Matrix aggregated() {
        return aggregated;
    }

    Matrix attention() {
        return attention;
    }

    /** The attention's weights of every feature [C, T]. */
    Matrix weights() {
        return weights;
    }

    /** Weighted means, then deviations [1, 2C]. */
    Matrix pooled() {
        return pooled;
    }

    /** Means over time, then gates, of a block's channels [1, C]. */
    Matrix gates(int channels) {
        return gates.cols(0, channels);
    }

    Matrix squeezed() {
        return squeezed;
    }

    @Override
    public void close() {
        ws.close();
    }
}
