package omni.speech;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import omni.engine.Cancellation;
import omni.engine.ThreadTeam;
import omni.kernels.Elementwise;

/** A stage of the vocoder for a signal that comes in pieces: a transposed convolution, then the mean of the blocks. */
final class StageStream {
    /** Frames of the mean that a thread computes at a time: they stay in its cache while the blocks are added up. */
    private static final int GRAIN = 16;

    private final int index;
    private final VocoderShape.Stage shape;
    private final VocoderMemory memory;
    private final UpsamplingStream upsampling;
    private final List<List<AmpRoundStream>> blocks = new ArrayList<>();

    /** Of each block, the frames that slower blocks have not reached yet. */
    private final List<History> ahead = new ArrayList<>();

    private final ThreadTeam.RangeTask mean = this::mean;

    StageStream(int index, VocoderStage stage, VocoderMemory memory) {
        this.index = index;
        shape = stage.shape();
        this.memory = memory;
        upsampling = new UpsamplingStream(shape, stage.upsampling(), stage.bias(), memory);
        for (List<AmpRound> block : stage.blocks()) {
            List<AmpRoundStream> rounds = new ArrayList<>();
            block.forEach(round -> rounds.add(new AmpRoundStream(round, memory)));
            blocks.add(rounds);
            ahead.add(new History(shape.delay(), shape.channels(), memory.workspace()));
        }
    }

    /**
     * Takes a piece.
     *
     * @param signal the frames that follow those before; becomes the frames of the stage's output that are known now
     * @param last whether the signal ends with them
     * @param room frames that what follows will put in front of the output
     */
    void forward(Piece signal, boolean last, int room, Cancellation cancellation) {
        Piece stage = memory.stage();
        stage.begin(shape.channels(), 0);
        stage.setRows(upsampling.forward(signal, last, stage));
        memory.show(VocoderTap.Step.UPSAMPLED, index, stage);
        int known = Integer.MAX_VALUE;
        for (int i = 0; i < blocks.size(); i++) {
            known = Math.min(known, block(i, stage, last, cancellation));
        }
        signal.begin(shape.channels(), room);
        signal.setRows(known);
        memory.team().run(known, GRAIN, mean);
        for (int i = 0; i < blocks.size(); i++) {
            ahead.get(i).keep(memory.block(i), known);
        }
        memory.show(VocoderTap.Step.STAGE, index, signal);
    }

    /** All rounds of a block. Returns the number of its frames that wait for the mean. */
    private int block(int i, Piece stage, boolean last, Cancellation cancellation) {
        int number = index * blocks.size() + i;
        Piece x = memory.block(i);
        x.begin(shape.channels(), shape.blocks().get(i).delay() + shape.delay());
        x.setRows(stage.rows());
        long bytes = (long) stage.rows() * shape.channels() * Float.BYTES;
        MemorySegment.copy(stage.data(), stage.offset(0) * Float.BYTES, x.data(), x.offset(0) * Float.BYTES, bytes);
        List<AmpRoundStream> rounds = blocks.get(i);
        for (int round = 0; round < rounds.size(); round++) {
            cancellation.check();
            rounds.get(round).forward(x, last, round == 0 ? number : -1);
        }
        memory.show(VocoderTap.Step.BLOCK, number, x);
        ahead.get(i).join(x);
        return x.rows();
    }

    /** The blocks' sum, in their order, divided by their number. */
    private void mean(int from, int to, int worker) {
        Piece out = memory.between();
        int n = (to - from) * shape.channels();
        long at = out.offset(from);
        Piece first = memory.block(0);
        Elementwise.copy(first.data(), first.offset(from), out.data(), at, n);
        for (int i = 1; i < blocks.size(); i++) {
            Piece block = memory.block(i);
            Elementwise.add(out.data(), at, block.data(), block.offset(from), out.data(), at, n);
        }
        Elementwise.scale(out.data(), at, 1f / blocks.size(), out.data(), at, n);
    }

    /** Forgets the signal. */
    void reset() {
        upsampling.reset();
        blocks.forEach(rounds -> rounds.forEach(AmpRoundStream::reset));
        ahead.forEach(History::clear);
    }
}
