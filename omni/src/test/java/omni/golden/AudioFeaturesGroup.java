package omni.golden;

import java.nio.file.Path;
import omni.audio.AudioFeatures;
import omni.audio.FeatureConfig;
import omni.audio.FeatureStream;
import omni.audio.FeatureTables;
import omni.audio.LogMel;
import omni.loader.Architecture;
import omni.media.SoundFile;
import omni.thinker.MediaSpan;

/** From WAV files to log-mel features, and the tables that these are made with. */
final class AudioFeaturesGroup extends TensorGroup {
    AudioFeaturesGroup() {
        super("audio_features");
    }

    @Override
    protected void run(TensorCase one, GoldenFolder goldens) {
        Path model = goldens.model(Architecture.QWEN2_5_OMNI, name()).path();
        FeatureConfig config = FeatureConfig.read(model);
        if (one.has("mel_filters")) {
            one.compare("mel_filters", FeatureTables.melFilters(config), config.fftSize() / 2 + 1, config.melBins());
            one.compare("window", FeatureTables.window(config), config.fftSize());
            return;
        }
        Path wav = one.path(one.info().getString("wav"));
        try (FeatureStream stream = FeatureStream.open(new LogMel(config), SoundFile.of(wav))) {
            AudioFeatures features = stream.readAll();
            one.findings().equal("samples", one.info().getLong("samples"), features.samples());
            one.findings().equal("frames", one.info().getInt("frames"), features.frames());
            one.findings()
                    .equal(
                            "audio_tokens",
                            one.info().getInt("audio_tokens"),
                            MediaSpan.Audio.tokensOf(features.frames()));
            one.compare("features", features.logMel().toArray(), features.melBins(), features.frames());
        }
    }
}
