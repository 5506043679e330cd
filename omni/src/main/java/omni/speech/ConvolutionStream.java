package omni.speech;

import java.lang.foreign.MemorySegment;
import omni.engine.ThreadTeam;
import omni.kernels.Conv1d;
import omni.kernels.WinogradConv1d;
import org.jspecify.annotations.Nullable;

/**
 * A convolution of a signal that comes in pieces. It gives the frames that it can compute exactly and keeps what the next ones see, so
 * how the signal is cut makes no difference.
 */
final class ConvolutionStream {
    /** Windows a thread transforms at a time. */
    private static final int GRAIN = 4;

    private final ConvolutionShape shape;
    private final Conv1d.@Nullable Weights direct;
    private final WinogradConv1d.@Nullable Weights tiled;
    private final @Nullable MemorySegment bias;
    private final VocoderMemory memory;
    private final History history;
    private final ThreadTeam.RangeTask convolve = this::convolve;
    private final ThreadTeam.RangeTask transform = this::transform;
    private final ThreadTeam.RangeTask multiply = this::multiply;

    /** Frames of what is kept that have been given already. */
    private int given;

    // The piece in progress: fields, so that nothing is allocated for it.
    private MemorySegment x = MemorySegment.NULL;
    private long xOffset;
    private int frames;
    private int first;
    private int padRight;
    private MemorySegment y = MemorySegment.NULL;
    private long yOffset;
    private boolean add;

    ConvolutionStream(Convolution layer, VocoderMemory memory) {
        shape = layer.shape();
        direct = layer.direct();
        tiled = layer.tiled();
        bias = layer.bias();
        this.memory = memory;
        history = new History(shape.mostKept(), shape.inputs(), memory.workspace());
    }

    /**
     * Takes a piece.
     *
     * @param in the frames that follow those before; afterwards what was kept lies in front of them
     * @param last whether the signal ends with them
     * @param out where the result is written, from its first row on; not one of the frames of {@code in}
     * @param add whether the result is added to what is there
     * @return number of frames written
     */
    int forward(Piece in, boolean last, Piece out, boolean add) {
        history.join(in);
        int from = given;
        int to = in.rows();
        if (!last) {
            int known = Math.max(from, in.rows() - shape.pad());
            to = from + (known - from) / shape.span() * shape.span();
        }
        if (from < to) {
            x = in.data();
            y = out.data();
            yOffset = out.offset(0);
            this.add = add;
            if (tiled != null) {
                tiles(in, from, to, tiled);
            } else if (direct != null) {
                direct(in, from, to, direct);
            }
        }
        int keep = last ? in.rows() : Math.max(0, to - shape.pad());
        history.keep(in, keep);
        given = last ? 0 : to - keep;
        return to - from;
    }

    private void direct(Piece in, int from, int to, Conv1d.Weights weights) {
        int begin = Math.max(0, from - shape.pad());
        int end = Math.min(in.rows(), to + shape.pad());
        xOffset = in.offset(begin);
        frames = end - begin;
        first = from - shape.pad() - begin;
        padRight = to + shape.pad() - end;
        memory.team().run(Conv1d.units(to - from, weights), 1, convolve);
    }

    private void convolve(int from, int to, int worker) {
        if (direct == null) {
            return;
        }
        Conv1d.run(
                x,
                xOffset,
                1,
                shape.inputs(),
                frames,
                direct,
                bias,
                0,
                1,
                shape.dilation(),
                -first,
                padRight,
                Conv1d.Padding.ZERO,
                y,
                yOffset,
                1,
                shape.outputs(),
                add,
                from,
                to,
                memory.convolution(worker));
    }

    private void tiles(Piece in, int from, int to, WinogradConv1d.Weights weights) {
        xOffset = in.offset(0);
        frames = in.rows();
        first = from - shape.pad();
        WinogradConv1d.Windows windows = memory.windows();
        windows.shape(to - from, shape.dilation(), weights);
        memory.team().run(windows.rows(), GRAIN, transform);
        memory.team().run(WinogradConv1d.units(windows, weights), 1, multiply);
    }

    private void transform(int from, int to, int worker) {
        WinogradConv1d.transform(
                x, xOffset, shape.inputs(), frames, first, memory.windows(), from, to, memory.convolution(worker));
    }

    private void multiply(int from, int to, int worker) {
        if (tiled != null) {
            WinogradConv1d.multiply(
                    memory.windows(),
                    tiled,
                    bias,
                    0,
                    y,
                    yOffset,
                    shape.outputs(),
                    add,
                    from,
                    to,
                    memory.convolution(worker));
        }
    }

    /** Forgets the signal. */
    void reset() {
        history.clear();
        given = 0;
    }
}
