package omni.loader;

import java.util.Arrays;

/**
 * Joins the bytes of a word into tokens: again and again the pair of the lowest rank, the leftmost of equals, until none is left. The
 * parts form a doubly linked list and the candidate pairs a heap, so n bytes take O(n log n), however repetitive. Holds scratch
 * memory; one encoder serves one thread.
 */
final class BytePairEncoder {
    private final int[] idOfByte;
    private final MergeTable merges;
    private int[] ids = new int[64];
    private int[] previous = new int[64];
    private int[] next = new int[64];
    private long[] heap = new long[128];
    private int heapSize;
    private int count;

    /** @param idOfByte id of the token of each single byte, indexed by its unsigned value */
    BytePairEncoder(int[] idOfByte, MergeTable merges) {
        this.idOfByte = idOfByte;
        this.merges = merges;
    }

    /** Encodes the characters of {@code text} from {@code from} to {@code to}, which hold no lone surrogate. */
    void encode(String text, int from, int to, IntList out) {
        count = 0;
        byte[] utf8 = new byte[4];
        for (int i = from; i < to; ) {
            int codePoint = text.codePointAt(i);
            i += Character.charCount(codePoint);
            int n = Utf8.put(codePoint, utf8, 0);
            reserve(count + n);
            for (int k = 0; k < n; k++) {
                ids[count++] = idOfByte[utf8[k] & 0xFF];
            }
        }
        merge();
        for (int at = 0; at >= 0 && at < count; at = next[at]) {
            out.add(ids[at]);
        }
    }

    private void reserve(int size) {
        if (size > ids.length) {
            ids = Arrays.copyOf(ids, 2 * size);
            previous = new int[ids.length];
            next = new int[ids.length];
        }
    }

    private void merge() {
        for (int i = 0; i < count; i++) {
            previous[i] = i - 1;
            next[i] = i + 1 < count ? i + 1 : -1;
        }
        heapSize = 0;
        for (int i = 0; i + 1 < count; i++) {
            offer(i);
        }
        while (heapSize > 0) {
            long top = pop();
            int at = (int) top;
            int rank = (int) (top >>> 32);
            // A pair that has changed since it was offered, or whose left part is gone (id -1), has another rank now.
            int right = next[at];
            if (ids[at] < 0 || right < 0 || merges.rank(ids[at], ids[right]) != rank) {
                continue;
            }
            ids[at] = merges.merged(rank);
            ids[right] = -1;
            next[at] = next[right];
            if (next[at] >= 0) {
                previous[next[at]] = at;
                offer(at);
            }
            if (previous[at] >= 0) {
                offer(previous[at]);
            }
        }
    }

    /** Offers the pair that begins at {@code at}, if it can be joined at all. */
    private void offer(int at) {
        int rank = merges.rank(ids[at], ids[next[at]]);
        if (rank < 0) {
            return;
        }
        if (heapSize == heap.length) {
            heap = Arrays.copyOf(heap, 2 * heapSize);
        }
        long value = (long) rank << 32 | at;
        int hole = heapSize++;
        while (hole > 0) {
            int parent = (hole - 1) >>> 1;
            if (heap[parent] <= value) {
                break;
            }
            heap[hole] = heap[parent];
            hole = parent;
        }
        heap[hole] = value;
    }

    private long pop() {
        long top = heap[0];
        long last = heap[--heapSize];
        int hole = 0;
        while (true) {
            int child = 2 * hole + 1;
            if (child >= heapSize) {
                break;
            }
            if (child + 1 < heapSize && heap[child + 1] < heap[child]) {
                child++;
            }
            if (heap[child] >= last) {
                break;
            }
            heap[hole] = heap[child];
            hole = child;
        }
        heap[hole] = last;
        return top;
    }
}
