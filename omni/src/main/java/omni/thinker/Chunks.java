package omni.thinker;

import java.util.Arrays;
import java.util.function.IntToDoubleFunction;

/**
 * The cuts at which a clip and its sound alternate. Token i belongs to the next chunk as soon as its time reaches that chunk's
 * begin, but a token opens at most one chunk: when steps are more than a chunk apart, chunks lag behind and none is ever empty
 * ({@code get_chunked_index} in modeling_qwen2_5_omni.py).
 */
final class Chunks {
    private Chunks() {}

    /**
     * Ends (exclusive) of the chunks of one stream; at least one, the last of which is {@code tokens}.
     *
     * @param tokens tokens of the stream
     * @param time time of token i, not decreasing, in positions
     * @param positionsPerChunk length of a chunk
     */
    static int[] ends(int tokens, IntToDoubleFunction time, int positionsPerChunk) {
        int[] ends = new int[8];
        int chunks = 0;
        for (int i = 0; i < tokens; i++) {
            if (time.applyAsDouble(i) >= (chunks + 1.0) * positionsPerChunk) {
                ends = put(ends, chunks++, i);
            }
        }
        ends = put(ends, chunks++, tokens);
        return Arrays.copyOf(ends, chunks);
    }

    private static int[] put(int[] ends, int index, int end) {
        int[] room = index < ends.length ? ends : Arrays.copyOf(ends, 2 * ends.length);
        room[index] = end;
        return room;
    }

    /** Receives the pieces of both streams in their order in the prompt. */
    interface Visitor {
        /** Tokens {@code from} (inclusive) to {@code to} (exclusive) of the clip. */
        void video(int from, int to);

        /** Tokens {@code from} (inclusive) to {@code to} (exclusive) of the sound. */
        void audio(int from, int to);
    }

    /** Chunk by chunk, the clip first; the longer stream goes on alone. */
    static void interleave(int[] videoEnds, int[] audioEnds, Visitor visitor) {
        for (int j = 0; j < Math.max(videoEnds.length, audioEnds.length); j++) {
            if (j < videoEnds.length) {
                visitor.video(j == 0 ? 0 : videoEnds[j - 1], videoEnds[j]);
            }
            if (j < audioEnds.length) {
                visitor.audio(j == 0 ? 0 : audioEnds[j - 1], audioEnds[j]);
            }
        }
    }
}
