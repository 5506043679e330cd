package omni.golden;

import java.nio.file.Path;
import java.util.Arrays;
import omni.audio.FeatureConfig;
import omni.audio.MonoReader;
import omni.loader.Architecture;
import omni.media.SampleReader;
import omni.media.SoundFile;

/** From WAV files of other rates and channel counts to one channel at the features' rate. */
final class AudioResampleGroup extends TensorGroup {
    /** Samples at both ends that are not compared: what a filter makes of the silence outside is its own affair. */
    private static final int EDGE = 800;

    AudioResampleGroup() {
        super("audio_resample");
    }

    @Override
    protected void run(TensorCase one, GoldenFolder goldens) {
        Path model = goldens.model(Architecture.QWEN2_5_OMNI, name()).path();
        SampleReader source =
                SoundFile.of(one.path(one.info().getString("wav"))).open();
        one.findings().equal("rate", one.info().getInt("rate"), source.rate());
        one.findings().equal("channels", one.info().getInt("channels"), source.channels());
        int expected = one.info().getInt("output_samples");
        float[] samples = new float[expected + 1];
        try (MonoReader reader =
                new MonoReader(source, FeatureConfig.read(model).rate())) {
            int got = reader.read(samples, 0, samples.length);
            one.findings().equal("output_samples", expected, got);
            one.compareInside("samples", Arrays.copyOf(samples, got), EDGE);
        }
    }
}
