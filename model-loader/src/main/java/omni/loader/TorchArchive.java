package omni.loader;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import omni.error.ModelFormatException;

/**
 * A file of {@code torch.save}, mapped read-only: a ZIP archive with {@code TOP/data.pkl}, the value as a pickle, and
 * {@code TOP/data/N}, the storages of its tensors (reference notes, section 16). Nothing in it is ever executed: {@link Unpickler}
 * knows tensors, dicts, lists, strings and numbers, and refuses the rest.
 */
public final class TorchArchive implements AutoCloseable {
    private static final String PICKLE = "data.pkl";
    private static final String BYTE_ORDER = "byteorder";

    /** A description of a thousand tensors; bounds the objects that a hostile one makes. */
    private static final long MAX_PICKLE_BYTES = 1 << 18;

    private final Path file;
    private final Arena arena;
    private final TorchValue value;

    private TorchArchive(Path file, Arena arena, TorchValue value) {
        this.file = file;
        this.arena = arena;
        this.value = value;
    }

    /**
     * Opens a file. Tensors of the value lie in its mapping, which {@link #close} ends.
     *
     * @throws ModelFormatException if the file is missing, unreadable, damaged, or holds anything but data
     */
    public static TorchArchive open(Path file) {
        if (!Files.isRegularFile(file)) {
            throw Messages.notAFile(file);
        }
        Arena arena = Arena.ofShared();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            MemorySegment data = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
            return new TorchArchive(file, arena, read(file, new StoredZip(file, data)));
        } catch (NoSuchFileException e) {
            arena.close();
            throw Messages.notAFile(file);
        } catch (IOException e) {
            arena.close();
            throw Messages.unreadable(file, e);
        } catch (RuntimeException | Error e) {
            arena.close();
            throw e;
        }
    }

    private static TorchValue read(Path file, StoredZip zip) {
        // The top folder bears the name under which the file was saved.
        List<String> pickles = zip.names().stream()
                .filter(name -> name.endsWith("/" + PICKLE) && name.indexOf('/') == name.length() - PICKLE.length() - 1)
                .toList();
        if (pickles.size() != 1) {
            throw new ModelFormatException(
                    "torch archive: file=" + file + ", entries=" + zip.names().size() + ", found " + PICKLE + " "
                            + pickles.size() + " times; one is expected, in the top folder");
        }
        String top = pickles.get(0).substring(0, pickles.get(0).length() - PICKLE.length());
        MemorySegment order = zip.find(top + BYTE_ORDER);
        if (order != null && !isLittle(order)) {
            throw new ModelFormatException("torch archive: file=" + file + ", found another byte order than little;"
                    + " save it again on a usual machine");
        }
        MemorySegment pickle = zip.find(pickles.get(0));
        if (pickle == null || pickle.byteSize() > MAX_PICKLE_BYTES) {
            throw new ModelFormatException("torch archive: file=" + file + ", found " + PICKLE + " of bytes="
                    + (pickle == null ? 0 : pickle.byteSize()) + ", limit=" + MAX_PICKLE_BYTES
                    + "; this is no file of speakers");
        }
        return new Unpickler(file, zip, top, pickle.toArray(ValueLayout.JAVA_BYTE)).read();
    }

    private static boolean isLittle(MemorySegment order) {
        byte[] little = "little".getBytes(StandardCharsets.US_ASCII);
        return order.mismatch(MemorySegment.ofArray(little)) == -1;
    }

    /** The file. */
    public Path file() {
        return file;
    }

    /** What was saved. */
    public TorchValue value() {
        return value;
    }

    /** Unmaps the file; its tensors must not be used afterwards. */
    @Override
    public void close() {
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }
}
