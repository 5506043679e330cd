package omni.speech;

import java.util.List;
import omni.error.RequestException;

/**
 * How many blocks of mel are solved together while codes still come. A chunk is solved with some blocks behind it, as far as look-ahead
 * layers need them, which are solved again when their turn comes. Small chunks are heard early; large ones waste less on the
 * blocks behind them: a chunk of n blocks costs n + lookAhead.
 *
 * @param blocks blocks of the first chunk, the second, and so on; the last number holds for all that follow
 * @param lookAhead blocks behind a chunk that are solved along with it
 */
public record ChunkPlan(List<Integer> blocks, int lookAhead) {
    /** Heard early, then in larger chunks that pay less for their look-ahead. */
    public static final ChunkPlan DEFAULT = new ChunkPlan(List.of(1, 2, 4), 1);

    /** The whole utterance in one chunk when its last code is there, as in the reference. */
    public static final ChunkPlan WHOLE = new ChunkPlan(List.of(Integer.MAX_VALUE), 0);

    /** @throws RequestException if there is no chunk or a number makes no sense */
    public ChunkPlan {
        blocks = List.copyOf(blocks);
        if (blocks.isEmpty() || blocks.stream().anyMatch(b -> b < 1) || lookAhead < 0) {
            throw new RequestException("speech: chunks=" + blocks + ", lookAhead=" + lookAhead
                    + "; choose at least one block for a chunk and no less than none behind it");
        }
    }

    /** Blocks of chunk number {@code chunk}. */
    int blocks(int chunk) {
        return blocks.get(Math.min(chunk, blocks.size() - 1));
    }

    /** Blocks of the largest chunk. */
    int mostBlocks() {
        return blocks.stream().mapToInt(b -> b).max().orElseThrow();
    }
}
