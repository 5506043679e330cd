package omni.loader;

import java.util.Arrays;
import java.util.BitSet;
import omni.error.ModelFormatException;

/**
 * Bytes of each token and, through a hash table, the id of each byte string. Everything lies in a few flat arrays: 150,000 tokens take
 * about 3 MB. Ids without a token are allowed; they have no bytes.
 */
final class Vocabulary {
    /** Highest id plus one that is believed; no real vocabulary has a tenth of it. */
    static final int MAX_SIZE = 4_000_000;

    private final byte[] bytes;
    private final int[] offsets;
    private final int[] slots;

    private Vocabulary(byte[] bytes, int[] offsets, int[] slots) {
        this.bytes = bytes;
        this.offsets = offsets;
        this.slots = slots;
    }

    /** Highest id plus one. */
    int size() {
        return offsets.length - 1;
    }

    /** True if the id has a token here. */
    boolean holds(int id) {
        return id >= 0 && id < size() && offsets[id] < offsets[id + 1];
    }

    int length(int id) {
        return offsets[id + 1] - offsets[id];
    }

    /** Copies the bytes of a token that exists. */
    void copy(int id, byte[] into, int at) {
        System.arraycopy(bytes, offsets[id], into, at, length(id));
    }

    /** The id of a byte string, or -1. */
    int find(byte[] text, int from, int to) {
        int mask = slots.length - 1;
        for (int slot = hash(text, from, to) & mask; slots[slot] != 0; slot = slot + 1 & mask) {
            int id = slots[slot] - 1;
            if (Arrays.equals(bytes, offsets[id], offsets[id + 1], text, from, to)) {
                return id;
            }
        }
        return -1;
    }

    private static int hash(byte[] text, int from, int to) {
        int h = 0x811C9DC5;
        for (int i = from; i < to; i++) {
            h = (h ^ text[i]) * 0x01000193;
        }
        return h ^ h >>> 15;
    }

    /** Collects tokens in any order of ids. */
    static final class Builder {
        private final String source;
        private byte[] bytes = new byte[1 << 16];
        private int used;
        private int[] ends = new int[1 << 12];
        private int[] ids = new int[1 << 12];
        private int count;
        private int size;

        /** @param source the file, for messages */
        Builder(String source) {
            this.source = source;
        }

        /** Adds the token that {@code text} spells in the byte alphabet. */
        void add(byte[] text, int from, int to, long id) {
            if (id < 0 || id >= MAX_SIZE) {
                throw refuse(text, from, to, "id=" + id, "expected an id from 0 to " + (MAX_SIZE - 1));
            }
            if (from == to) {
                throw refuse(text, from, to, "id=" + id, "a token must not be empty");
            }
            if (used + (to - from) > bytes.length) {
                bytes = Arrays.copyOf(bytes, Math.max(used + (to - from), 2 * bytes.length));
            }
            if (count == ids.length) {
                ids = Arrays.copyOf(ids, 2 * count);
                ends = Arrays.copyOf(ends, 2 * count);
            }
            int end = ByteAlphabet.toBytes(text, from, to, bytes, used);
            if (end < 0) {
                throw refuse(text, from, to, "id=" + id, "this is no token of byte-level BPE");
            }
            used = end;
            ends[count] = end;
            ids[count++] = (int) id;
            size = Math.max(size, (int) id + 1);
        }

        private ModelFormatException refuse(byte[] text, int from, int to, String what, String why) {
            return new ModelFormatException("tokenizer: file=" + source + ", token="
                    + Messages.quote(Utf8.decode(text, from, to)) + ", " + what + "; " + why);
        }

        Vocabulary build() {
            int[] offsets = new int[size + 1];
            BitSet seen = new BitSet(size);
            for (int i = 0; i < count; i++) {
                if (seen.get(ids[i])) {
                    throw new ModelFormatException(
                            "tokenizer: file=" + source + ", id=" + ids[i] + "; two tokens have the same id");
                }
                seen.set(ids[i]);
                offsets[ids[i] + 1] = ends[i] - (i == 0 ? 0 : ends[i - 1]);
            }
            for (int id = 0; id < size; id++) {
                offsets[id + 1] += offsets[id];
            }
            byte[] sorted = new byte[used];
            for (int i = 0; i < count; i++) {
                int from = i == 0 ? 0 : ends[i - 1];
                System.arraycopy(bytes, from, sorted, offsets[ids[i]], ends[i] - from);
            }
            Vocabulary vocabulary =
                    new Vocabulary(sorted, offsets, new int[Integer.highestOneBit(Math.max(16, count)) << 2]);
            for (int i = 0; i < count; i++) {
                vocabulary.insert(ids[i], source);
            }
            return vocabulary;
        }
    }

    private void insert(int id, String source) {
        if (find(bytes, offsets[id], offsets[id + 1]) >= 0) {
            throw new ModelFormatException("tokenizer: file=" + source + ", token="
                    + Messages.quote(Utf8.decode(bytes, offsets[id], offsets[id + 1])) + ", id=" + id
                    + "; the token occurs twice");
        }
        int mask = slots.length - 1;
        int slot = hash(bytes, offsets[id], offsets[id + 1]) & mask;
        while (slots[slot] != 0) {
            slot = slot + 1 & mask;
        }
        slots[slot] = id + 1;
    }
}
