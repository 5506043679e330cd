package omni.loader;

import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import omni.engine.Tensor;
import omni.error.ModelFormatException;
import org.jspecify.annotations.Nullable;

/**
 * A safetensors file, mapped read-only: 8 bytes of header length (little-endian), a JSON header, then the tensors' bytes. The data
 * are not copied, and not even touched by opening. Stricter than the format's own library where both verdicts are allowed: duplicate
 * names, unknown fields and space before the header are refused.
 *
 * @see <a href="https://github.com/huggingface/safetensors">the format</a>
 */
public final class SafetensorsFile implements AutoCloseable {
    /** Largest header that the format allows. */
    static final long MAX_HEADER_BYTES = 100_000_000;

    private final Path path;
    private final long byteSize;
    private final Map<String, Tensor> tensors;
    private final Map<String, String> metadata;
    private final @Nullable Arena ownArena;

    private SafetensorsFile(
            Path path,
            long byteSize,
            Map<String, Tensor> tensors,
            Map<String, String> metadata,
            @Nullable Arena ownArena) {
        this.path = path;
        this.byteSize = byteSize;
        this.tensors = tensors;
        this.metadata = metadata;
        this.ownArena = ownArena;
    }

    /**
     * Opens a file with a mapping of its own, which {@link #close} ends.
     *
     * @throws ModelFormatException if the file is missing, unreadable or not well formed
     */
    public static SafetensorsFile open(Path file) {
        Arena arena = Arena.ofShared();
        try {
            return open(file, arena, arena);
        } catch (RuntimeException | Error e) {
            arena.close();
            throw e;
        }
    }

    /**
     * Opens a file with a mapping that lives as long as {@code arena}; {@link #close} then does nothing.
     *
     * @throws ModelFormatException if the file is missing, unreadable or not well formed
     */
    public static SafetensorsFile open(Path file, Arena arena) {
        return open(file, arena, null);
    }

    private static SafetensorsFile open(Path file, Arena arena, @Nullable Arena ownArena) {
        if (!Files.isRegularFile(file)) {
            throw Messages.notAFile(file);
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long size = channel.size();
            byte[] header = readHeader(file, channel, size);
            long dataOffset = (long) Long.BYTES + header.length;
            SafetensorsHeader parsed = SafetensorsHeader.parse(file, header, size - dataOffset);
            MemorySegment all = channel.map(FileChannel.MapMode.READ_ONLY, 0, size, arena);
            Map<String, Tensor> tensors =
                    LinkedHashMap.newLinkedHashMap(parsed.entries().size());
            for (SafetensorsHeader.Entry e : parsed.entries()) {
                MemorySegment data = all.asSlice(dataOffset + e.begin(), e.end() - e.begin());
                tensors.put(e.name(), new Tensor(e.name(), e.type(), e.shape(), data));
            }
            return new SafetensorsFile(file, size, tensors, parsed.metadata(), ownArena);
        } catch (NoSuchFileException e) {
            throw Messages.notAFile(file);
        } catch (IOException e) {
            throw Messages.unreadable(file, e);
        }
    }

    /** Read through the channel and not the mapping: a file that shrinks now is an error message and no crash. */
    private static byte[] readHeader(Path file, FileChannel channel, long size) throws IOException {
        if (size < Long.BYTES) {
            throw new ModelFormatException("safetensors: file=" + file + ", bytes=" + size
                    + "; too short for a header, download the file again");
        }
        ByteBuffer lengthField = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        readFully(channel, lengthField, 0);
        long length = lengthField.getLong(0);
        if (length < 0 || length > MAX_HEADER_BYTES) {
            throw new ModelFormatException("safetensors: file=" + file + ", header_bytes="
                    + Long.toUnsignedString(length) + ", limit=" + MAX_HEADER_BYTES + "; this is no safetensors file");
        }
        if (length > size - Long.BYTES) {
            throw new ModelFormatException("safetensors: file=" + file + ", header_bytes=" + length + ", bytes=" + size
                    + "; the file ends inside its header, download it again");
        }
        ByteBuffer header = ByteBuffer.allocate((int) length);
        readFully(channel, header, Long.BYTES);
        return header.array();
    }

    private static void readFully(FileChannel channel, ByteBuffer into, long position) throws IOException {
        long at = position;
        while (into.hasRemaining()) {
            int n = channel.read(into, at);
            if (n < 0) {
                throw new EOFException("the file became shorter while it was read");
            }
            at += n;
        }
    }

    public Path path() {
        return path;
    }

    /** Size of the file. */
    public long byteSize() {
        return byteSize;
    }

    /** The tensors in the order of their bytes. */
    public Collection<Tensor> tensors() {
        return Collections.unmodifiableCollection(tensors.values());
    }

    /** The tensor of that name, or null. */
    public @Nullable Tensor find(String name) {
        return tensors.get(name);
    }

    /** @throws ModelFormatException if there is no such tensor */
    public Tensor tensor(String name) {
        Tensor tensor = tensors.get(name);
        if (tensor == null) {
            throw NearestNames.absent(name, path, tensors.keySet());
        }
        return tensor;
    }

    /** The header's {@code __metadata__}, often just {@code format}. */
    public Map<String, String> metadata() {
        return metadata;
    }

    /** Unmaps the file if it was opened with a mapping of its own; its tensors must not be used afterwards. */
    @Override
    public void close() {
        if (ownArena != null && ownArena.scope().isAlive()) {
            ownArena.close();
        }
    }
}
