package omni.audio;

import java.util.List;
import java.util.concurrent.CancellationException;
import omni.engine.Cancellation;
import omni.engine.Conv1dLayer;
import omni.engine.Gelu;
import omni.engine.LayerNormLayer;
import omni.engine.LayerTap;
import omni.engine.Linear;
import omni.engine.Matrix;
import omni.engine.ThreadTeam;
import omni.error.ModelFormatException;
import omni.loader.AudioConfig;
import omni.loader.Checkpoint;
import omni.loader.ModelConfig;
import omni.thinker.MediaSpan;
import org.jspecify.annotations.Nullable;

/**
 * From log-mel features to one embedding per 40 ms (Qwen2.5-Omni Technical Report, section 2.2; reference notes, section 5). A sound is
 * cut into blocks of 2 s that know nothing of each other: two convolutions, the second of stride 2, positions that begin anew, layers
 * with attention inside the block. Only the mean of neighbouring pairs at the end runs over the whole sound, so memory does not
 * grow with its length.
 *
 * <p>Immutable and safe for use by several threads. Weights stay in the checkpoint's mapped files; closing the checkpoint ends the encoder.
 */
public final class AudioEncoder {
    private final AudioConfig config;
    private final Conv1dLayer conv1;
    private final Conv1dLayer conv2;
    private final Sinusoids positions;
    private final List<AudioEncoderLayer> layers;
    private final LayerNormLayer postNorm;
    private final Linear projection;
    private final @Nullable LayerTap tap;

    AudioEncoder(
            AudioConfig config,
            Conv1dLayer conv1,
            Conv1dLayer conv2,
            List<AudioEncoderLayer> layers,
            LayerNormLayer postNorm,
            Linear projection) {
        this(
                config,
                conv1,
                conv2,
                new Sinusoids(config.window(), config.hiddenSize()),
                List.copyOf(layers),
                postNorm,
                projection,
                null);
    }

    private AudioEncoder(
            AudioConfig config,
            Conv1dLayer conv1,
            Conv1dLayer conv2,
            Sinusoids positions,
            List<AudioEncoderLayer> layers,
            LayerNormLayer postNorm,
            Linear projection,
            @Nullable LayerTap tap) {
        this.config = config;
        this.conv1 = conv1;
        this.conv2 = conv2;
        this.positions = positions;
        this.layers = layers;
        this.postNorm = postNorm;
        this.projection = projection;
        this.tap = tap;
    }

    /**
     * The audio encoder of a checkpoint.
     *
     * @throws ModelFormatException if a tensor is absent, contradicts the configuration or has an element type that cannot be computed
     *     with
     * @throws IllegalArgumentException if the model does not hear
     */
    public static AudioEncoder load(ModelConfig config, Checkpoint checkpoint) {
        return new AudioEncoderLoader(config, checkpoint).load();
    }

    /**
     * The same encoder, which shows its residual stream to {@code tap} after the convolutions and positions, as layer -1, and after
     * each layer; some blocks at a time.
     */
    public AudioEncoder observedBy(LayerTap tap) {
        return new AudioEncoder(config, conv1, conv2, positions, layers, postNorm, projection, tap);
    }

    /** Bytes of scratch for a sound of any length, predicted. */
    public static long scratchBytes(AudioConfig config, int threads) {
        return AudioEncoderWorkspace.bytesFor(config, threads);
    }

    AudioConfig config() {
        return config;
    }

    /** Mel bins M of the features. */
    public int melBins() {
        return config.melBins();
    }

    /** Width C of an embedding. */
    public int channels() {
        return config.outputSize();
    }

    /** Embeddings of a sound of {@code frames} frames; 0 for one or two frames. */
    public int tokens(int frames) {
        return MediaSpan.Audio.tokensOf(frames);
    }

    /**
     * Encodes a sound whose features are all there.
     *
     * @param logMel [M, F]
     * @param out receives embeddings [{@link #tokens}, C]
     * @throws IllegalArgumentException if a shape does not fit
     * @throws CancellationException if cancelled; part of the output is written then
     */
    public void encode(Matrix logMel, Matrix out, ThreadTeam team, Cancellation cancellation) {
        if (logMel.rows() != melBins()) {
            throw new IllegalArgumentException(
                    "audio encoder: features=[" + logMel.rows() + "," + logMel.cols() + "], melBins=" + melBins());
        }
        encode(FeatureSource.of(logMel), logMel.cols(), out, team, cancellation);
    }

    /**
     * Encodes a sound of any length, whose features come as they are needed.
     *
     * @param frames F, at least 1
     * @param out receives embeddings [{@link #tokens}, C]
     * @throws IllegalArgumentException if a shape does not fit
     * @throws IllegalStateException if the source ends too early
     * @throws CancellationException if cancelled; part of the output is written then
     */
    public void encode(FeatureSource features, int frames, Matrix out, ThreadTeam team, Cancellation cancellation) {
        if (frames < 1 || out.rows() != tokens(frames) || out.cols() != channels()) {
            throw new IllegalArgumentException("audio encoder: frames=" + frames + ", out=[" + out.rows() + ","
                    + out.cols() + "], channels=" + channels());
        }
        try (AudioEncoderWorkspace ws = new AudioEncoderWorkspace(this, frames, team)) {
            PairMean pairs = new PairMean(ws.pairs());
            int done = 0;
            for (int from = 0; from < frames; ) {
                int to = Math.min(frames, from + ws.blocks() * blockFrames());
                Matrix x = ws.input(convolvedRows(to - from));
                int[] starts = convolve(features, to - from, x, ws, cancellation);
                show(-1, x);
                for (int i = 0; i < layers.size(); i++) {
                    cancellation.check();
                    layers.get(i).forward(x, ws.normed(x), ws.qkv(x), ws.hidden(), starts, ws.workspace());
                    show(i, x);
                }
                Matrix means = pairs.add(x);
                postNorm.forward(means, means, ws.workspace());
                projection.forward(means, out.rows(done, done + means.rows()), ws.workspace());
                done += means.rows();
                from = to;
            }
        }
    }

    /** Frames of a whole block. */
    int blockFrames() {
        return 2 * config.window();
    }

    /** Rows that some blocks have behind the convolutions; only the last may be shorter than a whole one. */
    private int convolvedRows(int frames) {
        int rest = frames % blockFrames();
        int whole = frames / blockFrames() * config.window();
        return rest == 0 ? whole : whole + conv2.outputFrames(rest);
    }

    /** Both convolutions and the positions, block by block. Returns the first row of each block and the end. */
    private int[] convolve(
            FeatureSource features, int frames, Matrix x, AudioEncoderWorkspace ws, Cancellation cancellation) {
        int[] starts = new int[Math.ceilDiv(frames, blockFrames()) + 1];
        for (int block = 0; block + 1 < starts.length; block++) {
            cancellation.check();
            int n = Math.min(blockFrames(), frames - block * blockFrames());
            Matrix logMel = ws.features().cols(0, n);
            int got = features.read(logMel);
            if (got != n) {
                throw new IllegalStateException(
                        "audio encoder: the features end too early: wanted=" + n + ", got=" + got);
            }
            Matrix signal = ws.signal().rows(0, n);
            transpose(logMel, signal);
            Matrix convolved = ws.convolved().rows(0, n);
            conv1.forward(signal, ws.gathered1(), convolved, ws.workspace());
            Gelu.rows(convolved, ws.workspace());
            int end = starts[block] + conv2.outputFrames(n);
            Matrix rows = x.rows(starts[block], end);
            conv2.forward(convolved, ws.gathered2(), rows, ws.workspace());
            Gelu.rows(rows, ws.workspace());
            positions.addTo(rows);
            starts[block + 1] = end;
        }
        return starts;
    }

    private static void transpose(Matrix from, Matrix to) {
        for (int r = 0; r < to.rows(); r++) {
            for (int c = 0; c < to.cols(); c++) {
                to.set(r, c, from.get(c, r));
            }
        }
    }

    private void show(int layer, Matrix x) {
        if (tap != null) {
            tap.afterLayer(layer, x);
        }
    }

    /** Columns that convolution {@code index} gathers. */
    int gatheredColumns(int index) {
        return (index == 1 ? conv1 : conv2).gatheredColumns();
    }
}
