package omni.speech;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import omni.engine.StoredFloats;
import omni.engine.Tensor;
import omni.kernels.ConvTranspose1d;
import omni.loader.Checkpoint;
import omni.loader.ModelConfig;
import omni.loader.Token2WavConfig;
import org.jspecify.annotations.Nullable;

/** Finds the vocoder's tensors by their names, checks every shape against the configuration, and packs the weights. */
final class BigVganLoader {
    private static final String PREFIX = "token2wav.code2wav_bigvgan_model.";

    private final VocoderShape shape;
    private final Checkpoint checkpoint;
    private final Arena arena = Arena.ofShared();

    BigVganLoader(ModelConfig config, Checkpoint checkpoint) {
        Token2WavConfig speech = config.token2wav();
        if (speech == null) {
            throw new IllegalArgumentException(
                    "vocoder: architecture=" + config.architecture() + "; the model does not speak");
        }
        shape = VocoderShape.of(speech.vocoder());
        this.checkpoint = checkpoint;
    }

    BigVgan load() {
        try {
            Convolution pre = convolution("conv_pre", shape.pre(), true);
            List<VocoderStage> stages = new ArrayList<>();
            int block = 0;
            for (int i = 0; i < shape.stages().size(); i++) {
                stages.add(stage(i, block, shape.stages().get(i)));
                block += shape.stages().get(i).blocks().size();
            }
            Snake postActivation = snake("activation_post", shape.lastChannels());
            Convolution post = convolution("conv_post", shape.post(), false);
            return new BigVgan(shape, arena, pre, stages, postActivation, post, null);
        } catch (RuntimeException | Error e) {
            arena.close();
            throw e;
        }
    }

    private VocoderStage stage(int index, int firstBlock, VocoderShape.Stage stage) {
        String name = "ups." + index + ".0";
        int inputs = stage.inputs();
        int outputs = stage.channels();
        Tensor weight = tensor(name + ".weight", inputs, outputs, stage.taps());
        ConvTranspose1d.Weights upsampling = ConvTranspose1d.Weights.pack(
                weight.data(),
                0,
                StoredFloats.format(weight),
                inputs,
                outputs,
                stage.taps(),
                stage.upsampling(),
                arena);
        List<List<AmpRound>> blocks = new ArrayList<>();
        for (int i = 0; i < stage.blocks().size(); i++) {
            blocks.add(block("resblocks." + (firstBlock + i), stage.blocks().get(i)));
        }
        return new VocoderStage(
                stage, upsampling, StoredFloats.vector(tensor(name + ".bias", outputs), outputs), blocks);
    }

    private List<AmpRound> block(String name, VocoderShape.Block block) {
        List<AmpRound> rounds = new ArrayList<>();
        for (int i = 0; i < block.rounds().size(); i++) {
            VocoderShape.Round round = block.rounds().get(i);
            int channels = round.plain().outputs();
            rounds.add(new AmpRound(
                    snake(name + ".activations." + 2 * i, channels),
                    convolution(name + ".convs1." + i, round.dilated(), true),
                    snake(name + ".activations." + (2 * i + 1), channels),
                    convolution(name + ".convs2." + i, round.plain(), true)));
        }
        return rounds;
    }

    private Convolution convolution(String name, ConvolutionShape convolution, boolean hasBias) {
        Tensor weight = tensor(name + ".weight", convolution.outputs(), convolution.inputs(), convolution.taps());
        @Nullable Tensor bias = hasBias ? tensor(name + ".bias", convolution.outputs()) : null;
        return new Convolution(convolution, weight, bias, arena);
    }

    private Snake snake(String name, int channels) {
        return Snake.of(tensor(name + ".act.alpha", channels), tensor(name + ".act.beta", channels), arena);
    }

    private Tensor tensor(String name, long... sizes) {
        return checkpoint.tensor(PREFIX + name, sizes);
    }
}
