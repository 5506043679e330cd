package omni.speech;

import java.lang.foreign.MemorySegment;
import omni.engine.ThreadTeam;
import omni.kernels.AntiAliasedSnake;

/** An anti-aliased activation of some frames, shared among the threads. */
final class SnakeRun {
    /** Frames of a unit of work: fewer would compute their margins too often. */
    private static final int LEAST_FRAMES = 16;

    private static final int MOST_FRAMES = 64;

    private final Snake snake;
    private final VocoderMemory memory;
    private final ThreadTeam.RangeTask task = this::run;

    // The piece in progress.
    private MemorySegment x = MemorySegment.NULL;
    private long xOffset;
    private int frames;
    private int begin;
    private int end;
    private int unit;
    private MemorySegment y = MemorySegment.NULL;
    private long yOffset;

    SnakeRun(Snake snake, VocoderMemory memory) {
        this.snake = snake;
        this.memory = memory;
    }

    /**
     * Frames {@code from} to {@code to} of a signal, of which {@code in} holds all that they see or begins or ends with it.
     *
     * @param out receives them, from its first row on
     */
    void forward(Piece in, int from, int to, Piece out) {
        x = in.data();
        xOffset = in.offset(0);
        frames = in.rows();
        begin = from;
        end = to;
        unit = Math.clamp(Math.ceilDiv(to - from, memory.team().size()), LEAST_FRAMES, MOST_FRAMES);
        y = out.data();
        yOffset = out.offset(0);
        memory.team().run(Math.ceilDiv(to - from, unit), 1, task);
    }

    private void run(int unitFrom, int unitTo, int worker) {
        int channels = snake.channels();
        int from = begin + unitFrom * unit;
        AntiAliasedSnake.run(
                x,
                xOffset,
                channels,
                frames,
                snake.frequency(),
                0,
                snake.magnitude(),
                0,
                channels,
                y,
                yOffset + (long) (from - begin) * channels,
                channels,
                from,
                Math.min(end, begin + unitTo * unit),
                memory.snake(worker));
    }
}
