package omni.loader;

import java.util.Arrays;
import omni.error.ModelFormatException;

/**
 * The merges of byte-pair encoding: which two tokens may be joined, with what rank (the earlier, the sooner), into which token. An open
 * hash table over pairs of ids in flat arrays.
 */
final class MergeTable {
    private final long[] keys;
    private final int[] ranks;
    private final int[] merged;

    private MergeTable(long[] keys, int[] ranks, int[] merged) {
        this.keys = keys;
        this.ranks = ranks;
        this.merged = merged;
    }

    /** The rank of a pair, or -1 if it is not joined. */
    int rank(int left, int right) {
        long key = key(left, right);
        int mask = keys.length - 1;
        for (int slot = hash(key) & mask; keys[slot] != 0; slot = slot + 1 & mask) {
            if (keys[slot] == key) {
                return ranks[slot];
            }
        }
        return -1;
    }

    /** The token that the merge of that rank makes. */
    int merged(int rank) {
        return merged[rank];
    }

    /** Never 0, which marks a free slot. */
    private static long key(int left, int right) {
        return (long) left << 32 | right + 1L;
    }

    private static int hash(long key) {
        return (int) ((key * 0x9E3779B97F4A7C15L) >>> 32);
    }

    /** Takes merges in the order of their ranks. */
    static final class Builder {
        private final String source;
        private final Vocabulary vocabulary;
        private long[] pairs = new long[1 << 12];
        private int[] merged = new int[1 << 12];
        private int count;
        private byte[] both = new byte[64];

        /** @param source the file, for messages */
        Builder(String source, Vocabulary vocabulary) {
            this.source = source;
            this.vocabulary = vocabulary;
        }

        /** Adds a merge of two tokens spelled in the byte alphabet, {@code from} to {@code middle} and {@code second} to {@code to}. */
        void add(byte[] text, int from, int middle, int second, int to) {
            if (to - from > both.length) {
                both = new byte[2 * (to - from)];
            }
            int end = ByteAlphabet.toBytes(text, from, middle, both, 0);
            int whole = end < 0 ? -1 : ByteAlphabet.toBytes(text, second, to, both, end);
            int left = whole < 0 ? -1 : vocabulary.find(both, 0, end);
            int right = whole < 0 ? -1 : vocabulary.find(both, end, whole);
            int result = whole < 0 ? -1 : vocabulary.find(both, 0, whole);
            if (left < 0 || right < 0 || result < 0) {
                throw refuse(text, from, to, "both parts and their union must be tokens of the vocabulary");
            }
            if (count == merged.length) {
                pairs = Arrays.copyOf(pairs, 2 * count);
                merged = Arrays.copyOf(merged, 2 * count);
            }
            pairs[count] = key(left, right);
            merged[count++] = result;
        }

        ModelFormatException refuse(byte[] text, int from, int to, String why) {
            return new ModelFormatException("tokenizer: file=" + source + ", merge=" + count + ", text="
                    + Messages.quote(Utf8.decode(text, from, to)) + "; " + why);
        }

        MergeTable build() {
            int capacity = Integer.highestOneBit(Math.max(16, count)) << 2;
            long[] keys = new long[capacity];
            int[] ranks = new int[capacity];
            for (int rank = 0; rank < count; rank++) {
                int slot = hash(pairs[rank]) & capacity - 1;
                while (keys[slot] != 0) {
                    if (keys[slot] == pairs[rank]) {
                        throw new ModelFormatException("tokenizer: file=" + source + ", merge=" + rank
                                + "; the same pair as merge " + ranks[slot]);
                    }
                    slot = slot + 1 & capacity - 1;
                }
                keys[slot] = pairs[rank];
                ranks[slot] = rank;
            }
            return new MergeTable(keys, ranks, Arrays.copyOf(merged, count));
        }
    }
}
