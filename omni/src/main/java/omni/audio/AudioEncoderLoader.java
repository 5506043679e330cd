package omni.audio;

import java.util.ArrayList;
import java.util.List;
import omni.engine.Conv1dLayer;
import omni.engine.FeedForward;
import omni.engine.LayerNormLayer;
import omni.engine.Linear;
import omni.engine.SegmentAttention;
import omni.loader.AudioConfig;
import omni.loader.Checkpoint;
import omni.loader.ModelConfig;

/**
 * Finds the audio encoder's tensors by their names, checks every shape against the configuration, and builds the layers over them. The
 * stored {@code audio_bos_eos_token} is not used by the reference either.
 */
final class AudioEncoderLoader {
    /** The audio encoder's norms do not name theirs in the configuration; it is PyTorch's default. */
    private static final float EPS = 1e-5f;

    private static final int TAPS = 3;

    private final AudioConfig config;
    private final Checkpoint checkpoint;
    private final String prefix;

    AudioEncoderLoader(ModelConfig config, Checkpoint checkpoint) {
        AudioConfig audio = config.audio();
        if (audio == null) {
            throw new IllegalArgumentException(
                    "audio encoder: architecture=" + config.architecture() + "; the model does not hear");
        }
        this.config = audio;
        this.checkpoint = checkpoint;
        String model = config.architecture().prefix();
        // Newer writers put the encoders below the decoder's prefix.
        prefix = checkpoint.holds(model + "model.audio_tower.") ? model + "model.audio_tower." : model + "audio_tower.";
    }

    AudioEncoder load() {
        List<AudioEncoderLayer> layers = new ArrayList<>();
        for (int i = 0; i < config.layers(); i++) {
            layers.add(layer("layers." + i + "."));
        }
        int c = config.hiddenSize();
        return new AudioEncoder(
                config,
                convolution("conv1", config.melBins(), 1),
                convolution("conv2", c, 2),
                layers,
                norm("ln_post"),
                linear("proj", config.outputSize(), c));
    }

    private AudioEncoderLayer layer(String name) {
        int c = config.hiddenSize();
        String attention = name + "self_attn.";
        Linear k = Linear.of(checkpoint.tensor(prefix + attention + "k_proj.weight", c, c), null);
        return new AudioEncoderLayer(
                norm(name + "self_attn_layer_norm"),
                new SegmentAttention(
                        config.heads(),
                        linear(attention + "q_proj", c, c),
                        k,
                        linear(attention + "v_proj", c, c),
                        linear(attention + "out_proj", c, c)),
                norm(name + "final_layer_norm"),
                new FeedForward(linear(name + "fc1", config.ffnSize(), c), linear(name + "fc2", c, config.ffnSize())));
    }

    private Conv1dLayer convolution(String name, int inputs, int stride) {
        return new Conv1dLayer(
                checkpoint.tensor(prefix + name + ".weight", config.hiddenSize(), inputs, TAPS),
                checkpoint.tensor(prefix + name + ".bias", config.hiddenSize()),
                stride,
                1);
    }

    private Linear linear(String name, int outputs, int inputs) {
        return Linear.of(
                checkpoint.tensor(prefix + name + ".weight", outputs, inputs),
                checkpoint.tensor(prefix + name + ".bias", outputs));
    }

    private LayerNormLayer norm(String name) {
        int c = config.hiddenSize();
        return new LayerNormLayer(
                checkpoint.tensor(prefix + name + ".weight", c), checkpoint.tensor(prefix + name + ".bias", c), c, EPS);
    }
}
