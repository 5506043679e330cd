package omni.speech;

import java.util.ArrayList;
import java.util.List;
import omni.kernels.AntiAliasedSnake;
import omni.kernels.ConvTranspose1d;
import omni.loader.VocoderConfig;

/**
 * Sizes of every layer of the vocoder, how each is computed, and what that needs; all of it follows from the configuration.
 *
 * @param pre from mel to the first stage
 * @param post to samples
 */
record VocoderShape(ConvolutionShape pre, List<Stage> stages, ConvolutionShape post) {
    private static final int END_TAPS = 7;

    /** Frames that an activation sees on either side. */
    static final int REACH = AntiAliasedSnake.REACH;

    /** Most frames that an activation keeps from one piece to the next. */
    static final int SNAKE_KEPT = 2 * REACH;

    /**
     * A transposed convolution, then the mean of some blocks.
     *
     * @param inputs channels before it
     * @param channels channels behind it
     * @param upsampling frames out for one in
     * @param taps of the transposed convolution; the upsampling plus an even number
     * @param rate frames behind it per mel frame
     */
    record Stage(int inputs, int channels, int upsampling, int taps, int rate, List<Block> blocks) {
        /** Outputs cut off at either end, so that there are exactly {@code upsampling} per input. */
        int pad() {
            return (taps - upsampling) / 2;
        }

        /** Most frames of its input that the transposed convolution keeps. */
        int mostKept() {
            return (taps - 1) / upsampling + 1;
        }

        /** Most frames that the transposed convolution gives for so many new ones. */
        int mostFrames(int inputs) {
            return Math.multiplyExact(Math.addExact(inputs, mostKept()), upsampling);
        }

        /** Delay of the slowest block, for which the others wait. */
        int delay() {
            return blocks.stream().mapToInt(Block::delay).max().orElseThrow();
        }

        long weightBytes() {
            return ConvTranspose1d.Weights.bytes(inputs, channels, taps, upsampling)
                    + blocks.stream().mapToLong(Block::weightBytes).sum();
        }

        /** Floats that are kept from one piece to the next. */
        long historyFloats() {
            long frames = 0;
            for (Block block : blocks) {
                frames += delay() + block.historyFrames();
            }
            return (long) mostKept() * inputs + frames * channels;
        }
    }

    /** A block: rounds one after the other, each adding to the signal. */
    record Block(List<Round> rounds) {
        int delay() {
            return rounds.stream().mapToInt(Round::delay).sum();
        }

        long weightBytes() {
            return rounds.stream()
                    .mapToLong(r -> r.dilated.weightBytes() + r.plain.weightBytes())
                    .sum();
        }

        int historyFrames() {
            return rounds.stream().mapToInt(Round::historyFrames).sum();
        }
    }

    /** Activation, dilated convolution, activation, plain convolution. */
    record Round(ConvolutionShape dilated, ConvolutionShape plain) {
        int delay() {
            return REACH + dilated.delay() + REACH + plain.delay();
        }

        int historyFrames() {
            return delay() + dilated.mostKept() + SNAKE_KEPT + plain.mostKept();
        }
    }

    static VocoderShape of(VocoderConfig config) {
        int channels = config.initialChannels();
        int rate = 1;
        ConvolutionShape pre = ConvolutionShape.of(channels, config.melBins(), END_TAPS, 1, rate);
        List<Stage> stages = new ArrayList<>();
        for (int i = 0; i < config.upsampleRates().size(); i++) {
            int upsampling = config.upsampleRates().get(i);
            int taps = config.upsampleKernelSizes().get(i);
            rate = Math.multiplyExact(rate, upsampling);
            stages.add(new Stage(channels, channels / 2, upsampling, taps, rate, blocks(config, channels / 2, rate)));
            channels /= 2;
        }
        return new VocoderShape(pre, List.copyOf(stages), ConvolutionShape.of(1, channels, END_TAPS, 1, rate));
    }

    private static List<Block> blocks(VocoderConfig config, int channels, int rate) {
        List<Block> blocks = new ArrayList<>();
        for (int k = 0; k < config.resblockKernelSizes().size(); k++) {
            int taps = config.resblockKernelSizes().get(k);
            List<Round> rounds = new ArrayList<>();
            for (int dilation : config.resblockDilations().get(k)) {
                rounds.add(new Round(
                        ConvolutionShape.of(channels, channels, taps, dilation, rate),
                        ConvolutionShape.of(channels, channels, taps, 1, rate)));
            }
            blocks.add(new Block(List.copyOf(rounds)));
        }
        return List.copyOf(blocks);
    }

    int melBins() {
        return pre.inputs();
    }

    /** Channels of the widest signal that a convolution reads. */
    int mostInputs() {
        return Math.max(melBins(), pre.outputs());
    }

    /** Samples per mel frame. */
    int samplesPerFrame() {
        return stages.isEmpty() ? 1 : stages.get(stages.size() - 1).rate();
    }

    /** Channels behind the last stage. */
    int lastChannels() {
        return post.inputs();
    }

    /** Mel frames behind a frame that must be known before all of its samples are. */
    int delay() {
        double frames = pre.delay();
        for (Stage stage : stages) {
            frames += (stage.pad() + stage.delay()) / (double) stage.rate();
        }
        frames += (REACH + post.delay()) / (double) samplesPerFrame();
        return (int) Math.ceil(frames);
    }

    /** Bytes of all weights in the order of the kernels; biases and the activations' parameters are not worth counting. */
    long weightBytes() {
        return pre.weightBytes() + stages.stream().mapToLong(Stage::weightBytes).sum() + post.weightBytes();
    }

    /** Floats that a stream keeps from one piece to the next. */
    long historyFloats() {
        return (long) pre.mostKept() * melBins()
                + stages.stream().mapToLong(Stage::historyFloats).sum()
                + (long) (SNAKE_KEPT + post.mostKept()) * lastChannels();
    }
}
