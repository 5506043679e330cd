package omni.vision;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import omni.engine.ThreadTeam;
import omni.kernels.BicubicResize;
import omni.kernels.ResizeTaps;
import omni.media.Picture;

/** Resizes pictures and frames, rows shared out to the threads of a team. */
final class Resizer {
    /** Rows that a thread takes at a time. */
    private static final int GRAIN = 16;

    private static final int CHANNELS = 3;

    private Resizer() {}

    /**
     * As the reference resizes pictures: both passes round to 8 bits. The same size leaves a picture untouched.
     *
     * @param arena of the result's memory
     */
    static Picture picture(Picture picture, ResizedSize size, ThreadTeam team, Arena arena) {
        int width = size.width();
        int height = size.height();
        if (picture.width() == width) {
            return picture.height() == height ? copy(picture, arena) : rows(picture, height, team, arena);
        }
        if (picture.height() == height) {
            return columns(picture, width, team, arena);
        }
        try (Arena scratch = Arena.ofShared()) {
            return BicubicResize.verticalFirst(picture.width(), picture.height(), width, height)
                    ? columns(rows(picture, height, team, scratch), width, team, arena)
                    : rows(columns(picture, width, team, scratch), height, team, arena);
        }
    }

    private static Picture copy(Picture x, Arena arena) {
        Picture y = Picture.of(x.width(), x.height(), arena);
        y.rgb().copyFrom(x.rgb());
        return y;
    }

    private static Picture columns(Picture x, int width, ThreadTeam team, Arena arena) {
        Picture y = Picture.of(width, x.height(), arena);
        ResizeTaps taps = ResizeTaps.fixed(x.width(), width);
        team.run(
                x.height(),
                GRAIN,
                (from, to, worker) -> BicubicResize.horizontal(
                        x.rgb(),
                        (long) from * x.stride(),
                        x.stride(),
                        taps,
                        CHANNELS,
                        y.rgb(),
                        (long) from * y.stride(),
                        y.stride(),
                        to - from));
        return y;
    }

    private static Picture rows(Picture x, int height, ThreadTeam team, Arena arena) {
        Picture y = Picture.of(x.width(), height, arena);
        ResizeTaps taps = ResizeTaps.fixed(x.height(), height);
        team.run(
                height,
                GRAIN,
                (from, to, worker) -> BicubicResize.vertical(
                        x.rgb(), 0, x.stride(), taps, x.stride(), y.rgb(), 0, y.stride(), from, to));
        return y;
    }

    /**
     * As the reference resizes frames of video files: float32 through both passes, one rounding at the end.
     *
     * @param arena of the result's memory
     */
    static Picture frame(Picture x, ResizedSize size, ThreadTeam team, Arena arena) {
        if (x.width() == size.width() && x.height() == size.height()) {
            return copy(x, arena);
        }
        ResizeTaps across = ResizeTaps.floats(x.width(), size.width());
        ResizeTaps down = ResizeTaps.floats(x.height(), size.height());
        int columns = size.width() * CHANNELS;
        Picture y = Picture.of(size.width(), size.height(), arena);
        try (Arena scratch = Arena.ofShared()) {
            MemorySegment between = scratch.allocate((long) columns * x.height() * Float.BYTES, 64);
            team.run(
                    x.height(),
                    GRAIN,
                    (from, to, worker) -> BicubicResize.horizontalFloats(
                            x.rgb(),
                            (long) from * x.stride(),
                            x.stride(),
                            across,
                            CHANNELS,
                            between,
                            (long) from * columns,
                            columns,
                            to - from));
            team.run(
                    size.height(),
                    GRAIN,
                    (from, to, worker) -> BicubicResize.verticalFloats(
                            between, 0, columns, down, columns, y.rgb(), 0, y.stride(), from, to));
        }
        return y;
    }
}
