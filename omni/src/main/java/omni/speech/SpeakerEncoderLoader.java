package omni.speech;

import java.util.ArrayList;
import java.util.List;
import omni.engine.Linear;
import omni.engine.Tensor;
import omni.error.ModelFormatException;
import omni.loader.Checkpoint;
import omni.loader.SpeakerEncoderConfig;

/** Finds the speaker encoder's tensors by their names and checks every shape against the configuration. */
final class SpeakerEncoderLoader {
    private final SpeakerEncoderConfig config;
    private final int melBins;
    private final Checkpoint checkpoint;
    private final String prefix;
    private int leastFrames = 1;

    /**
     * @param melBins M
     * @param prefix of the tensors' names
     */
    SpeakerEncoderLoader(SpeakerEncoderConfig config, int melBins, Checkpoint checkpoint, String prefix) {
        this.config = config;
        this.melBins = melBins;
        this.checkpoint = checkpoint;
        this.prefix = prefix;
    }

    /**
     * @throws ModelFormatException if a tensor is absent, contradicts the configuration or has an element type that cannot be computed
     *     with
     */
    SpeakerEncoder load() {
        int last = config.channels().size() - 1;
        checkChannels(last);
        TimeDelayLayer first = layer("blocks.0", channels(0), melBins, kernel(0), dilation(0));
        List<SeRes2NetBlock> blocks = new ArrayList<>();
        for (int i = 1; i < last; i++) {
            blocks.add(block(i));
        }
        int features = channels(last);
        int attention = config.attentionChannels();
        TimeDelayLayer aggregation = layer("mfa", features, features, kernel(last), dilation(last));
        AttentiveStatistics statistics = new AttentiveStatistics(
                layer("asp.tdnn", attention, 3 * features, 1, 1), convolution("asp.conv", features, attention, 1, 1));
        Linear projection = linear("fc", config.outputSize(), 2 * features);
        return new SpeakerEncoder(
                config, melBins, leastFrames, first, blocks, aggregation, statistics, projection, null);
    }

    /** A block adds its input to its output, and the aggregation takes the outputs of all blocks but the first. */
    private void checkChannels(int last) {
        long sum = 0;
        for (int i = 1; i < last; i++) {
            sum += channels(i);
            if (channels(i) != channels(i - 1)) {
                throw refuse("block " + i + " gives as many channels as it takes");
            }
        }
        if (sum != channels(last)) {
            throw refuse("the last entry is the sum of all but the first and itself");
        }
    }

    private ModelFormatException refuse(String rule) {
        return new ModelFormatException("speaker encoder: enc_channels=" + config.channels() + ", checkpoint="
                + checkpoint.folder() + "; " + rule);
    }

    private SeRes2NetBlock block(int i) {
        String name = "blocks." + i;
        int c = channels(i);
        int width = c / config.res2NetScale();
        List<TimeDelayLayer> parts = new ArrayList<>();
        for (int part = 1; part < config.res2NetScale(); part++) {
            parts.add(layer(name + ".res2net_block.blocks." + (part - 1), width, width, kernel(i), dilation(i)));
        }
        return new SeRes2NetBlock(
                layer(name + ".tdnn1", c, c, 1, 1),
                new Res2NetBlock(parts),
                layer(name + ".tdnn2", c, c, 1, 1),
                new SqueezeExcitation(
                        linear(name + ".se_block.conv1", config.squeezeChannels(), c),
                        linear(name + ".se_block.conv2", c, config.squeezeChannels())));
    }

    private int channels(int block) {
        return config.channels().get(block);
    }

    private int kernel(int block) {
        return config.kernelSizes().get(block);
    }

    private int dilation(int block) {
        return config.dilations().get(block);
    }

    private TimeDelayLayer layer(String name, int outputs, int inputs, int taps, int dilation) {
        return new TimeDelayLayer(convolution(name + ".conv", outputs, inputs, taps, dilation));
    }

    private SameConvolution convolution(String name, int outputs, int inputs, int taps, int dilation) {
        SameConvolution out = new SameConvolution(weight(name, outputs, inputs, taps), bias(name, outputs), dilation);
        leastFrames = Math.max(leastFrames, out.leastFrames());
        return out;
    }

    /** A convolution of one tap over one frame. */
    private Linear linear(String name, int outputs, int inputs) {
        return Linear.of(weight(name, outputs, inputs, 1).reshaped(outputs, inputs), bias(name, outputs));
    }

    private Tensor weight(String name, int outputs, int inputs, int taps) {
        return checkpoint.tensor(prefix + name + ".weight", outputs, inputs, taps);
    }

    private Tensor bias(String name, int outputs) {
        return checkpoint.tensor(prefix + name + ".bias", outputs);
    }
}
