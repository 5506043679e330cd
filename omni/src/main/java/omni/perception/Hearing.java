package omni.perception;

import omni.audio.AudioEncoder;
import omni.audio.FeatureConfig;
import omni.audio.FeatureStream;
import omni.audio.LogMel;
import omni.engine.Cancellation;
import omni.engine.Matrix;
import omni.engine.ThreadTeam;
import omni.error.ModelFormatException;
import omni.loader.AudioConfig;
import omni.loader.Checkpoint;
import omni.loader.ModelConfig;
import omni.media.SoundSource;
import org.jspecify.annotations.Nullable;

/** From sounds to embeddings. Features and encoder are set up when the first sound comes. Safe for use by several threads. */
final class Hearing {
    private final ModelConfig config;
    private final Checkpoint checkpoint;
    private final ThreadTeam team;
    private @Nullable Parts parts;

    /**
     * What there is once a sound came.
     *
     * @param sizes of the encoder
     * @param mel the features
     */
    private record Parts(AudioConfig sizes, LogMel mel, AudioEncoder encoder) {}

    Hearing(ModelConfig config, Checkpoint checkpoint, ThreadTeam team) {
        this.config = config;
        this.checkpoint = checkpoint;
        this.team = team;
    }

    private synchronized Parts parts() {
        Parts ready = parts;
        if (ready == null) {
            AudioConfig sizes = config.audio();
            if (sizes == null) {
                throw new IllegalStateException("hearing: the model does not hear");
            }
            FeatureConfig features = FeatureConfig.read(checkpoint.folder());
            if (features.melBins() != sizes.melBins()) {
                throw new ModelFormatException("audio features: folder=" + checkpoint.folder() + ", feature_size="
                        + features.melBins() + ", num_mel_bins=" + sizes.melBins()
                        + "; preprocessor_config.json contradicts config.json");
            }
            ready = new Parts(sizes, new LogMel(features), AudioEncoder.load(config, checkpoint));
            parts = ready;
        }
        return ready;
    }

    /**
     * Reads a sound to its end.
     *
     * @param key to remember its embeddings by, or null
     */
    Track examine(SoundSource source, @Nullable MediaKey key, Cancellation cancellation) {
        Parts ready = parts();
        FeatureStream features = FeatureStream.open(ready.mel, new CancellableSound(source, cancellation));
        int frames = Math.toIntExact(features.frames());
        int tokens = ready.encoder.tokens(frames);
        return Track.examined(key, new Track.Heard(features.seconds()), tokens, new Track.Encoding() {
            @Override
            public void encode(Matrix out, Cancellation cancellation, Progress progress) {
                // Behind the convolutions there is a row for every other frame.
                LayerProgress rows = new LayerProgress(ready.sizes.layers(), (frames + 1L) / 2, tokens, progress);
                ready.encoder.observedBy(rows).encode(features::read, frames, out, team, cancellation);
            }

            @Override
            public void close() {
                features.close();
            }
        });
    }
}
