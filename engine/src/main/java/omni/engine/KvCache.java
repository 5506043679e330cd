package omni.engine;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import omni.error.RequestException;

/**
 * Keys and values of a conversation, per layer, float32. Memory comes page by page as positions are added, up to the context
 * limit; a page of one layer holds {@value #PAGE_POSITIONS} positions as [K heads][positions][D], so that one head's keys lie in one
 * run. {@link #truncate} makes positions of a cancelled or changed turn free for others without giving memory back.
 *
 * <p>A forward pass first makes room ({@link #reserve}), then every layer writes its rows behind {@link #length()}, then the rows are
 * counted once ({@link #advance}): a pass that fails in between leaves the cache as it was. One caller at a time.
 */
public final class KvCache implements AutoCloseable {
    /** Positions per page: one head's run of keys is then some tens of kilobytes, and the last page wastes little. */
    public static final int PAGE_POSITIONS = 128;

    private final Arena arena = Arena.ofShared();
    private final int kvHeads;
    private final int headDim;
    private final int limit;
    private final List<Layer> layers = new ArrayList<>();
    private int pages;
    private int length;

    private static final class Layer {
        MemorySegment[] keys = new MemorySegment[0];
        MemorySegment[] values = new MemorySegment[0];
    }

    /**
     * An empty cache.
     *
     * @param config sizes of the decoder
     * @param limit most positions it may hold, at least 1
     * @throws RequestException if {@code limit} exceeds the positions the model was trained for
     */
    public KvCache(DecoderConfig config, int limit) {
        if (limit < 1) {
            throw new IllegalArgumentException("context: limit=" + limit);
        }
        if (limit > config.maxPositions()) {
            throw new RequestException("context too large: positions=" + limit + ", model's limit="
                    + config.maxPositions() + "; ask for at most that many");
        }
        kvHeads = config.kvHeads();
        headDim = config.headDim();
        this.limit = limit;
        for (int i = 0; i < config.layers(); i++) {
            layers.add(new Layer());
        }
    }

    /** Positions held now. */
    public int length() {
        return length;
    }

    /** Most positions it may hold. */
    public int limit() {
        return limit;
    }

    /** Number of layers. */
    public int layers() {
        return layers.size();
    }

    /** Bytes held now. */
    public long bytes() {
        return pages * pageBytes(layers.size(), kvHeads, headDim);
    }

    /** Bytes a cache of this decoder holds when {@code positions} positions are in it. */
    public static long bytesFor(DecoderConfig config, int positions) {
        long pages = (positions + PAGE_POSITIONS - 1L) / PAGE_POSITIONS;
        return pages * pageBytes(config.layers(), config.kvHeads(), config.headDim());
    }

    private static long pageBytes(int layers, int kvHeads, int headDim) {
        return 2L * layers * kvHeads * PAGE_POSITIONS * headDim * Float.BYTES;
    }

    /**
     * Makes room for {@code rows} more positions.
     *
     * @throws RequestException if they would pass the limit; nothing is changed then
     */
    public void reserve(int rows) {
        checkRoom(rows);
        int wanted = (length + rows + PAGE_POSITIONS - 1) / PAGE_POSITIONS;
        while (pages < wanted) {
            grow();
        }
    }

    /**
     * Checks that {@code rows} more positions stay within the limit.
     *
     * @throws RequestException if not
     */
    public void checkRoom(int rows) {
        if (rows > limit - length) {
            throw new RequestException("context is full: positions=" + ((long) length + rows) + ", limit=" + limit
                    + "; shorten the input or allow a larger context");
        }
    }

    /** One more page for every layer, cut from one allocation. */
    private void grow() {
        if (pages == layers.get(0).keys.length) {
            int capacity = Math.max(8, 2 * pages);
            for (Layer layer : layers) {
                layer.keys = Arrays.copyOf(layer.keys, capacity);
                layer.values = Arrays.copyOf(layer.values, capacity);
            }
        }
        long part = (long) kvHeads * PAGE_POSITIONS * headDim * Float.BYTES;
        MemorySegment slab = arena.allocate(2 * part * layers.size(), Workspace.ALIGNMENT);
        long offset = 0;
        for (Layer layer : layers) {
            layer.keys[pages] = slab.asSlice(offset, part);
            layer.values[pages] = slab.asSlice(offset + part, part);
            offset += 2 * part;
        }
        pages++;
    }

    /**
     * Writes rows behind {@link #length()} without counting them; room must have been reserved. Threads may write different rows.
     *
     * @param layer layer index
     * @param from row T of the pass that the first row given is
     * @param keys [T, K*D], already rotated
     * @param values [T, K*D]
     */
    void write(int layer, int from, Matrix keys, Matrix values) {
        int rows = keys.rows();
        int channels = kvHeads * headDim;
        if (values.rows() != rows || keys.cols() != channels || values.cols() != channels) {
            throw new IllegalArgumentException("cache: keys=[" + rows + "," + keys.cols() + "], values=["
                    + values.rows() + "," + values.cols() + "], channels=" + channels);
        }
        Layer l = layers.get(layer);
        for (int t = 0; t < rows; t++) {
            int page = (length + from + t) / PAGE_POSITIONS;
            int slot = (length + from + t) % PAGE_POSITIONS;
            copyRow(keys, t, l.keys[page], slot);
            copyRow(values, t, l.values[page], slot);
        }
    }

    private void copyRow(Matrix rows, int t, MemorySegment page, int slot) {
        long head = (long) headDim * Float.BYTES;
        long from = rows.rowOffset(t) * Float.BYTES;
        for (int k = 0; k < kvHeads; k++) {
            MemorySegment.copy(rows.data(), from + k * head, page, ((long) k * PAGE_POSITIONS + slot) * head, head);
        }
    }

    /** Counts rows that every layer has written. */
    void advance(int rows) {
        if (rows < 0 || length + (long) rows > (long) pages * PAGE_POSITIONS) {
            throw new IllegalStateException("cache: length=" + length + ", rows=" + rows + ", pages=" + pages);
        }
        length += rows;
    }

    /**
     * Forgets all positions from {@code positions} on.
     *
     * @throws IllegalArgumentException if fewer are held
     */
    public void truncate(int positions) {
        if (positions < 0 || positions > length) {
            throw new IllegalArgumentException("cache: truncate=" + positions + ", length=" + length);
        }
        length = positions;
    }

    /** Key pages of a layer; entries behind the pages in use may be null. Not to be changed. */
    MemorySegment[] keyPages(int layer) {
        return layers.get(layer).keys;
    }

    /** Value pages of a layer, like {@link #keyPages}. */
    MemorySegment[] valuePages(int layer) {
        return layers.get(layer).values;
    }

    /** Frees the memory. Closing twice does nothing. */
    @Override
    public void close() {
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }
}
