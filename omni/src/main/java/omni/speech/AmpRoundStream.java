package omni.speech;

/**
 * A round of a signal that comes in pieces. It works in place: the frames whose sum is known become the output, and those that are still to
 * be added to are kept. So one history serves the sum and the first activation.
 */
final class AmpRoundStream {
    private final VocoderShape.Round shape;
    private final VocoderMemory memory;
    private final History history;
    private final SnakeRun first;
    private final ConvolutionStream dilated;
    private final SnakeStream second;
    private final ConvolutionStream plain;

    /** Frames of what is kept whose first activation has been given already. */
    private int activated;

    AmpRoundStream(AmpRound round, VocoderMemory memory) {
        shape = round.shape();
        this.memory = memory;
        history = new History(shape.delay(), round.first().channels(), memory.workspace());
        first = new SnakeRun(round.first(), memory);
        dilated = new ConvolutionStream(round.dilated(), memory);
        second = new SnakeStream(round.second(), memory);
        plain = new ConvolutionStream(round.plain(), memory);
    }

    /**
     * Takes a piece.
     *
     * @param x the frames that follow those before; becomes the frames that are known now
     * @param last whether the signal ends with them
     * @param block number to show the first activation under, -1 not to show it
     */
    void forward(Piece x, boolean last, int block) {
        Piece a = memory.scratch(0);
        Piece b = memory.scratch(1);
        history.join(x);
        int from = activated;
        int to = last ? x.rows() : Math.max(from, x.rows() - VocoderShape.REACH);
        a.begin(x.channels(), shape.dilated().mostKept());
        a.setRows(to - from);
        first.forward(x, from, to, a);
        if (block >= 0) {
            memory.show(VocoderTap.Step.ACTIVATED, block, a);
        }
        b.begin(x.channels(), VocoderShape.SNAKE_KEPT);
        b.setRows(dilated.forward(a, last, b, false));
        a.begin(x.channels(), shape.plain().mostKept());
        a.setRows(second.forward(b, last, a));
        int known = plain.forward(a, last, x, true);
        history.keep(x, known);
        activated = last ? 0 : to - known;
        x.setRows(known);
    }

    /** Forgets the signal. */
    void reset() {
        history.clear();
        activated = 0;
        dilated.reset();
        second.reset();
        plain.reset();
    }
}
