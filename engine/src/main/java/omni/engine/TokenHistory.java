package omni.engine;

import java.util.Arrays;
import java.util.BitSet;

/** The distinct token ids that count for the repetition penalty, in order of first appearance. */
public final class TokenHistory {
    private final BitSet seen = new BitSet();
    private int[] distinct = new int[64];
    private int size;

    /** Adds an id; a second time changes nothing. */
    public void add(int id) {
        if (id < 0) {
            throw new IllegalArgumentException("token history: id=" + id);
        }
        if (seen.get(id)) {
            return;
        }
        seen.set(id);
        if (size == distinct.length) {
            distinct = Arrays.copyOf(distinct, size * 2);
        }
        distinct[size++] = id;
    }

    /** Adds all ids. */
    public void addAll(int[] ids) {
        for (int id : ids) {
            add(id);
        }
    }

    /** Number of distinct ids. */
    public int size() {
        return size;
    }

    /** The distinct id number {@code i}, 0 .. size-1. */
    public int id(int i) {
        if (i >= size) {
            throw new IndexOutOfBoundsException("token history: i=" + i + ", size=" + size);
        }
        return distinct[i];
    }
}
