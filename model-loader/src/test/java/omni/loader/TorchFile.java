package omni.loader;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Writes archives as torch.save does, and others that it never would. */
final class TorchFile {
    private final ByteArrayOutputStream pickle = new ByteArrayOutputStream();
    private final Map<String, byte[]> entries = new LinkedHashMap<>();
    private int storages;

    /** An archive of an empty pickle, which begins with its protocol. */
    TorchFile() {
        raw(0x80, 2);
    }

    /** Adds bytes to the pickle. */
    TorchFile raw(int... bytes) {
        for (int b : bytes) {
            pickle.write(b);
        }
        return this;
    }

    /** Adds an opcode and a line of text to the pickle. */
    TorchFile raw(String text) {
        pickle.writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
        return this;
    }

    TorchFile text(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return raw('X').little(bytes.length, 4).bytes(bytes);
    }

    TorchFile whole(int value) {
        return raw('J').little(value, 4);
    }

    TorchFile little(long value, int length) {
        for (int i = 0; i < length; i++) {
            pickle.write((int) (value >>> (8 * i)));
        }
        return this;
    }

    TorchFile bytes(byte[] bytes) {
        pickle.writeBytes(bytes);
        return this;
    }

    /** Adds a new storage. */
    int storage(byte[] bytes) {
        entries.put("data/" + storages, bytes);
        return storages++;
    }

    /** Adds a tensor over a storage to the pickle. */
    TorchFile tensor(String type, int storage, int elements, int offset, int[] sizes, int[] strides) {
        raw("ctorch._utils\n_rebuild_tensor_v2\n").raw("((").text("storage").raw("ctorch\n" + type + "\n");
        text(Integer.toString(storage)).text("cpu").whole(elements).raw("tQ").whole(offset);
        tuple(sizes).tuple(strides);
        return raw(0x89).raw("ccollections\nOrderedDict\n)RtR");
    }

    private TorchFile tuple(int[] values) {
        raw('(');
        for (int value : values) {
            whole(value);
        }
        return raw('t');
    }

    /** Adds an entry beside the pickle. */
    TorchFile entry(String name, byte[] bytes) {
        entries.put(name, bytes);
        return this;
    }

    byte[] pickle() {
        return pickle.toByteArray();
    }

    /** Writes the archive. */
    Path to(Path file) {
        return write(file, "any_name/", pickle());
    }

    /** Writes the archive with another pickle or another top folder. */
    Path write(Path file, String top, byte[] pickle) {
        Map<String, byte[]> all = new LinkedHashMap<>();
        all.put(top + "data.pkl", pickle);
        entries.forEach((name, bytes) -> all.put(top + name, bytes));
        return zip(file, all, ZipEntry.STORED);
    }

    /** Writes a ZIP archive. */
    static Path zip(Path file, Map<String, byte[]> entries, int method) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            for (Map.Entry<String, byte[]> each : entries.entrySet()) {
                byte[] bytes = each.getValue();
                ZipEntry entry = new ZipEntry(each.getKey());
                entry.setMethod(method);
                if (method == ZipEntry.STORED) {
                    CRC32 sum = new CRC32();
                    sum.update(bytes);
                    entry.setSize(bytes.length);
                    entry.setCrc(sum.getValue());
                }
                zip.putNextEntry(entry);
                zip.write(bytes);
                zip.closeEntry();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return put(file, out.toByteArray());
    }

    static Path put(Path file, byte[] bytes) {
        try {
            return Files.write(file, bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
