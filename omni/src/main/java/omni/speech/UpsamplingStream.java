package omni.speech;

import java.lang.foreign.MemorySegment;
import omni.engine.ThreadTeam;
import omni.kernels.ConvTranspose1d;

/** A transposed convolution of a signal that comes in pieces; see {@link ConvolutionStream}. */
final class UpsamplingStream {
    private final VocoderShape.Stage shape;
    private final ConvTranspose1d.Weights weights;
    private final MemorySegment bias;
    private final VocoderMemory memory;
    private final History history;
    private final ThreadTeam.RangeTask task = this::run;

    /** Outputs given already, counted from the first of the first frame that is kept. */
    private int given;

    // The piece in progress.
    private MemorySegment x = MemorySegment.NULL;
    private long xOffset;
    private int frames;
    private int cutLeft;
    private int cutRight;
    private MemorySegment y = MemorySegment.NULL;
    private long yOffset;

    UpsamplingStream(
            VocoderShape.Stage shape, ConvTranspose1d.Weights weights, MemorySegment bias, VocoderMemory memory) {
        this.shape = shape;
        this.weights = weights;
        this.bias = bias;
        this.memory = memory;
        history = new History(shape.mostKept(), shape.inputs(), memory.workspace());
    }

    /**
     * Takes a piece.
     *
     * @param in the frames that follow those before; afterwards what was kept lies in front of them
     * @param last whether the signal ends with them
     * @param out where the result is written, from its first row on
     * @return number of frames written
     */
    int forward(Piece in, boolean last, Piece out) {
        history.join(in);
        int all = in.rows() * shape.upsampling();
        int from = given;
        int to = last ? all : Math.max(from, all - shape.pad());
        if (from < to) {
            x = in.data();
            xOffset = in.offset(0);
            frames = in.rows();
            cutLeft = shape.pad() + from;
            cutRight = all - shape.upsampling() + shape.taps() - shape.pad() - to;
            y = out.data();
            yOffset = out.offset(0);
            memory.team().run(ConvTranspose1d.units(frames, cutLeft, cutRight, weights), 1, task);
        }
        int keep = last
                ? in.rows()
                : Math.clamp(Math.ceilDiv(to + shape.pad() - shape.taps() + 1, shape.upsampling()), 0, in.rows());
        history.keep(in, keep);
        given = last ? 0 : to - keep * shape.upsampling();
        return to - from;
    }

    private void run(int from, int to, int worker) {
        ConvTranspose1d.run(
                x,
                xOffset,
                1,
                shape.inputs(),
                frames,
                weights,
                bias,
                0,
                cutLeft,
                cutRight,
                y,
                yOffset,
                1,
                shape.channels(),
                false,
                from,
                to,
                memory.convolution(worker));
    }

    /** Forgets the signal. */
    void reset() {
        history.clear();
        given = 0;
    }
}
