package omni.speech;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import omni.engine.StoredFloats;
import omni.engine.Tensor;
import omni.engine.ThreadTeam;
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
    private final ThreadTeam team;
    private final Arena arena = Arena.ofShared();

    BigVganLoader(ModelConfig config, Checkpoint checkpoint, ThreadTeam team) {
        Token2WavConfig speech = config.token2wav();
        if (speech == null) {
            throw new IllegalArgumentException(
                    "vocoder: architecture=" + config.architecture() + "; the model does not speak");
        }
        shape = VocoderShape.of(speech.vocoder());
        this.checkpoint = checkpoint;
        this.team = team;
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
        return new VocoderStage(
                stage,
                upsampling,
                StoredFloats.vector(tensor(name + ".bias", outputs), outputs),
                blocks(firstBlock, stage.blocks()));
    }

    /** The residual blocks hold nearly all weights: their rounds are packed by all threads. */
    private List<List<AmpRound>> blocks(int firstBlock, List<VocoderShape.Block> blocks) {
        List<Supplier<AmpRound>> loads = new ArrayList<>();
        for (int i = 0; i < blocks.size(); i++) {
            String name = "resblocks." + (firstBlock + i);
            List<VocoderShape.Round> rounds = blocks.get(i).rounds();
            for (int k = 0; k < rounds.size(); k++) {
                int round = k;
                loads.add(() -> round(name, round, rounds.get(round)));
            }
        }
        AmpRound[] loaded = new AmpRound[loads.size()];
        team.run(loaded.length, 1, (from, to, worker) -> {
            for (int i = from; i < to; i++) {
                loaded[i] = loads.get(i).get();
            }
        });
        List<List<AmpRound>> all = new ArrayList<>();
        int first = 0;
        for (VocoderShape.Block block : blocks) {
            int end = first + block.rounds().size();
            all.add(List.of(loaded).subList(first, end));
            first = end;
        }
        return all;
    }

    private AmpRound round(String block, int index, VocoderShape.Round round) {
        int channels = round.plain().outputs();
        return new AmpRound(
                snake(block + ".activations." + 2 * index, channels),
                convolution(block + ".convs1." + index, round.dilated(), true),
                snake(block + ".activations." + (2 * index + 1), channels),
                convolution(block + ".convs2." + index, round.plain(), true));
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
