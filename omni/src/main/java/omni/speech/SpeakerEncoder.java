package omni.speech;

import java.util.List;
import java.util.stream.IntStream;
import omni.engine.LayerTap;
import omni.engine.Linear;
import omni.engine.Matrix;
import omni.engine.ThreadTeam;
import omni.error.ModelFormatException;
import omni.error.RequestException;
import omni.loader.Checkpoint;
import omni.loader.DitConfig;
import omni.loader.SpeakerEncoderConfig;
import org.jspecify.annotations.Nullable;

/**
 * A voice's recording, as mel, to one vector: ECAPA-TDNN (Desplanques, Thienpondt and Demuynck, "ECAPA-TDNN: Emphasized Channel Attention,
 * Propagation and Aggregation in TDNN Based Speaker Verification", 2020; reference notes, section 12).
 *
 * <p>Immutable and safe for use by several threads. Runs once for a voice, not in every step of the solver.
 */
public final class SpeakerEncoder {
    private final SpeakerEncoderConfig config;
    private final int melBins;
    private final TimeDelayLayer first;
    private final List<SeRes2NetBlock> blocks;
    private final TimeDelayLayer aggregation;
    private final AttentiveStatistics statistics;
    private final Linear projection;
    private final int leastFrames;
    private final @Nullable LayerTap tap;

    SpeakerEncoder(
            SpeakerEncoderConfig config,
            int melBins,
            int leastFrames,
            TimeDelayLayer first,
            List<SeRes2NetBlock> blocks,
            TimeDelayLayer aggregation,
            AttentiveStatistics statistics,
            Linear projection,
            @Nullable LayerTap tap) {
        this.config = config;
        this.melBins = melBins;
        this.leastFrames = leastFrames;
        this.first = first;
        this.blocks = List.copyOf(blocks);
        this.aggregation = aggregation;
        this.statistics = statistics;
        this.projection = projection;
        this.tap = tap;
    }

    /**
     * The speaker encoder of a checkpoint.
     *
     * @throws ModelFormatException if a tensor is absent, contradicts the configuration or has an element type that cannot be computed
     *     with
     */
    public static SpeakerEncoder load(DitConfig config, Checkpoint checkpoint) {
        String prefix = DitNames.PREFIX + "input_embed.spk_encoder.";
        return new SpeakerEncoderLoader(config.speaker(), config.melBins(), checkpoint, prefix).load();
    }

    /**
     * The same encoder, which shows [channels, T] to {@code tap} after each block, then as the next layer after the aggregation, and at last
     * the pooled statistics [1, 2 * channels].
     */
    public SpeakerEncoder observedBy(LayerTap tap) {
        return new SpeakerEncoder(
                config, melBins, leastFrames, first, blocks, aggregation, statistics, projection, tap);
    }

    /** The fewest frames of a recording: what the convolutions reach for beyond its ends is mirrored. */
    public int leastFrames() {
        return leastFrames;
    }

    /**
     * The vector of a recording.
     *
     * @param mel [F, M]
     * @return [{@code enc_dim}]
     * @throws RequestException if the recording has too few frames or another number of bins
     */
    public float[] encode(Matrix mel, ThreadTeam team) {
        if (mel.rows() < leastFrames || mel.cols() != melBins) {
            throw new RequestException("voice: ref_mel=[" + mel.rows() + "," + mel.cols() + "], expected=["
                    + leastFrames + " or more," + melBins + "]; the voice does not belong to this checkpoint");
        }
        try (SpeakerEncoderWorkspace ws = new SpeakerEncoderWorkspace(config, mel.rows(), team)) {
            Matrix x = first(mel, ws);
            Matrix all = ws.blocks();
            int row = 0;
            for (int i = 0; i < blocks.size(); i++) {
                int channels = config.channels().get(i + 1);
                Matrix y = all.rows(row, row + channels);
                blocks.get(i).forward(x, y, ws);
                show(i + 1, y);
                x = y;
                row += channels;
            }
            Matrix features = ws.aggregated().rows(0, all.rows());
            aggregation.forward(all, features, ws);
            show(blocks.size() + 1, features);
            statistics.forward(ws);
            show(blocks.size() + 2, ws.pooled());
            Matrix out = ws.workspace().matrix(1, config.outputSize());
            projection.forward(ws.pooled(), out, ws.workspace());
            return out.toArray();
        }
    }

    private Matrix first(Matrix mel, SpeakerEncoderWorkspace ws) {
        int frames = mel.rows();
        Matrix bins = ws.workspace().matrix(melBins, frames);
        ws.rows(melBins, m -> IntStream.range(0, frames).forEach(t -> bins.set(m, t, mel.get(t, m))));
        first.forward(bins, ws.first(), ws);
        show(0, ws.first());
        return ws.first();
    }

    private void show(int layer, Matrix x) {
        if (tap != null) {
            tap.afterLayer(layer, x);
        }
    }
}
