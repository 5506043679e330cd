package omni.loader;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.zip.CRC32;
import omni.error.ModelFormatException;
import org.jspecify.annotations.Nullable;

/**
 * The entries of a mapped ZIP archive that are stored and not compressed, which torch.save writes so that they can be read where they
 * lie. The directory at the archive's end decides, as for every reader of ZIP; nothing is ever written, so names need no care.
 *
 * @see <a href="https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT">APPNOTE.TXT, the format</a>
 */
final class StoredZip {
    private static final ValueLayout.OfShort U16 = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt U32 = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private static final long END_SIGNATURE = 0x06054b50L;
    private static final int END_BYTES = 22;
    private static final int MAX_COMMENT_BYTES = 0xFFFF;
    private static final long ENTRY_SIGNATURE = 0x02014b50L;
    private static final int ENTRY_BYTES = 46;
    private static final long LOCAL_SIGNATURE = 0x04034b50L;
    private static final int LOCAL_BYTES = 30;

    /** Where a field stands for "see the ZIP64 record": archives of 4 GB or 65535 entries. */
    private static final int LARGE_16 = 0xFFFF;

    private static final long LARGE_32 = 0xFFFFFFFFL;

    /** The names of some hundred thousand entries; bounds what a hostile directory costs. */
    private static final long MAX_DIRECTORY_BYTES = 16 << 20;

    private static final int STORED = 0;
    private static final int ENCRYPTED = 1;

    private final Path file;
    private final MemorySegment data;
    private final Map<String, Entry> entries = new LinkedHashMap<>();

    private static final class Entry {
        final int flags;
        final int method;
        final long crc;
        final long storedBytes;
        final long bytes;
        final long headerAt;
        boolean checked;

        Entry(MemorySegment data, long at) {
            flags = u16(data, at + 8);
            method = u16(data, at + 10);
            crc = u32(data, at + 16);
            storedBytes = u32(data, at + 20);
            bytes = u32(data, at + 24);
            headerAt = u32(data, at + 42);
        }
    }

    /**
     * @param file for messages
     * @param data the whole file
     * @throws ModelFormatException if it has no directory, or a broken one
     */
    StoredZip(Path file, MemorySegment data) {
        this.file = file;
        this.data = data;
        long end = end();
        int count = u16(data, end + 10);
        long directoryBytes = u32(data, end + 12);
        long directory = u32(data, end + 16);
        if (count == LARGE_16 || directoryBytes == LARGE_32 || directory == LARGE_32) {
            throw refuse("ZIP64 directory", "archives of 4 GB or 65535 entries are not read");
        }
        if (u16(data, end + 4) != 0 || u16(data, end + 6) != 0 || u16(data, end + 8) != count) {
            throw refuse("a ZIP archive of several parts", "one file is expected");
        }
        if (directory + directoryBytes > end || directoryBytes > MAX_DIRECTORY_BYTES) {
            throw refuse(
                    "directory at=" + directory + ", directory bytes=" + directoryBytes + ", bytes=" + data.byteSize(),
                    "the file is damaged, download it again");
        }
        read(directory, directory + directoryBytes, count);
    }

    private static int u16(MemorySegment data, long at) {
        return Short.toUnsignedInt(data.get(U16, at));
    }

    private static long u32(MemorySegment data, long at) {
        return Integer.toUnsignedLong(data.get(U32, at));
    }

    /** The end record lies last, but for a comment whose length it names. */
    private long end() {
        long size = data.byteSize();
        for (long at = size - END_BYTES; at >= Math.max(0, size - END_BYTES - MAX_COMMENT_BYTES); at--) {
            if (u32(data, at) == END_SIGNATURE && at + END_BYTES + u16(data, at + 20) == size) {
                return at;
            }
        }
        boolean zip = size >= Integer.BYTES && u32(data, 0) == LOCAL_SIGNATURE;
        throw refuse(
                "no ZIP directory, bytes=" + size,
                zip
                        ? "the file is cut off, download it again"
                        : "this is no archive of torch.save, or one in its format from before 2020");
    }

    private void read(long from, long to, int count) {
        long at = from;
        for (int i = 0; i < count; i++) {
            if (to - at < ENTRY_BYTES || u32(data, at) != ENTRY_SIGNATURE) {
                throw refuse("a broken ZIP directory, entry=" + i, "the file is damaged, download it again");
            }
            int nameBytes = u16(data, at + 28);
            long next = at + ENTRY_BYTES + nameBytes + u16(data, at + 30) + u16(data, at + 32);
            if (next > to) {
                throw refuse("a broken ZIP directory, entry=" + i, "the file is damaged, download it again");
            }
            byte[] bytes = data.asSlice(at + ENTRY_BYTES, nameBytes).toArray(ValueLayout.JAVA_BYTE);
            String name = Utf8.decode(bytes, 0, nameBytes);
            if (entries.put(name, new Entry(data, at)) != null) {
                throw refuse("two entries " + Messages.quote(name), "their names must differ");
            }
            at = next;
        }
    }

    /** Names of all entries, in the directory's order. */
    Set<String> names() {
        return entries.keySet();
    }

    /**
     * The bytes of an entry where they lie, their check sum verified; null if there is no such entry.
     *
     * @throws ModelFormatException if the entry is compressed, or damaged
     */
    @Nullable
    MemorySegment find(String name) {
        Entry entry = entries.get(name);
        if (entry == null) {
            return null;
        }
        String what = "entry=" + Messages.quote(name);
        if (entry.method != STORED || (entry.flags & ENCRYPTED) != 0) {
            throw refuse(
                    what + ", compression method=" + entry.method,
                    "torch.save stores entries uncompressed; do not pack the file anew");
        }
        if (entry.storedBytes != entry.bytes
                || data.byteSize() - LOCAL_BYTES < entry.headerAt
                || u32(data, entry.headerAt) != LOCAL_SIGNATURE) {
            throw refuse(what, "its header is damaged, download the file again");
        }
        // The local header repeats the name; its extra field, with which torch.save aligns the data, differs.
        long begin = entry.headerAt + LOCAL_BYTES + u16(data, entry.headerAt + 26) + u16(data, entry.headerAt + 28);
        if (begin + entry.bytes > data.byteSize()) {
            throw refuse(
                    what + ", ends at=" + (begin + entry.bytes) + ", bytes=" + data.byteSize(),
                    "the file is cut off, download it again");
        }
        MemorySegment content = data.asSlice(begin, entry.bytes);
        if (!entry.checked && checkSum(content) != entry.crc) {
            throw refuse(what + ", check sum differs", "the file is damaged, download it again");
        }
        entry.checked = true;
        return content;
    }

    private static long checkSum(MemorySegment content) {
        CRC32 sum = new CRC32();
        for (long at = 0; at < content.byteSize(); ) {
            long n = Math.min(content.byteSize() - at, 1 << 30);
            sum.update(content.asSlice(at, n).asByteBuffer());
            at += n;
        }
        return sum.getValue();
    }

    private ModelFormatException refuse(String found, String remedy) {
        return new ModelFormatException("torch archive: file=" + file + ", found " + found + "; " + remedy);
    }
}
