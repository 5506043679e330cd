package omni.engine;

/**
 * Which of the D/2 rotary frequencies turn with which axis of a position: the first {@code time} of them with the time axis, the next
 * {@code height} with the height axis, the rest with the width axis (TMRoPE; {@code mrope_section} of the configuration). A text
 * position has three equal numbers, for which every division gives the same angles.
 *
 * @param time frequencies of the time axis
 * @param height frequencies of the height axis
 * @param width frequencies of the width axis
 */
public record RopeSections(int time, int height, int width) {
    public RopeSections {
        if (time < 0 || height < 0 || width < 0) {
            throw new IllegalArgumentException(
                    "rope sections: time=" + time + ", height=" + height + ", width=" + width);
        }
    }

    /** Plain one-axis RoPE over heads of size D: every frequency turns with the first axis. */
    public static RopeSections plain(int headDim) {
        return new RopeSections(headDim / 2, 0, 0);
    }

    /** Number of frequencies, D/2. */
    public int sum() {
        return time + height + width;
    }

    /** The axis (0 time, 1 height, 2 width) of frequency {@code i}. */
    int axis(int i) {
        return i < time ? 0 : i < time + height ? 1 : 2;
    }
}
