package omni.speech;

/** An anti-aliased activation of a signal that comes in pieces; see {@link ConvolutionStream}. */
final class SnakeStream {
    private final SnakeRun run;
    private final History history;

    /** Frames of what is kept that have been given already. */
    private int given;

    SnakeStream(Snake snake, VocoderMemory memory) {
        run = new SnakeRun(snake, memory);
        history = new History(VocoderShape.SNAKE_KEPT, snake.channels(), memory.workspace());
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
        int from = given;
        int to = last ? in.rows() : Math.max(from, in.rows() - VocoderShape.REACH);
        run.forward(in, from, to, out);
        int keep = last ? in.rows() : Math.max(0, to - VocoderShape.REACH);
        history.keep(in, keep);
        given = last ? 0 : to - keep;
        return to - from;
    }

    /** Forgets the signal. */
    void reset() {
        history.clear();
        given = 0;
    }
}
