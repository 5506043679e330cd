package omni.kernels;

import java.lang.foreign.MemorySegment;

/** The activation of {@link AntiAliasedSnake}, with a symmetric filter of {@link AntiAliasedSnake#TAPS} taps. */
interface AntiAliasedSnakeKernel {
    /** Floats for a part of the signal. */
    int scratchSignal();

    /** Floats for the frames of even or of odd number of a part of the doubled signal. */
    int scratchDoubled();

    /** Floats for one parameter of some channels. */
    int scratchParameters();

    void run(
            MemorySegment x,
            long xOffset,
            int xStride,
            int frames,
            MemorySegment frequency,
            long frequencyOffset,
            MemorySegment magnitude,
            long magnitudeOffset,
            int channels,
            float[] filter,
            MemorySegment y,
            long yOffset,
            int yStride,
            int from,
            int to,
            AntiAliasedSnake.Scratch scratch);
}
