package omni.loader;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import omni.engine.ElementType;
import omni.error.ModelFormatException;
import org.jspecify.annotations.Nullable;

/**
 * The header of a safetensors file: {@code {"name": {"dtype": "BF16", "shape": [3, 896], "data_offsets": [0, 5376]}, ...}}. Offsets
 * count from the end of the header. Together the tensors must cover the data exactly: no hole, no overlap, nothing left.
 */
record SafetensorsHeader(List<Entry> entries, Map<String, String> metadata) {
    /** More than any checkpoint has in one file, few enough to be harmless. */
    static final int MAX_TENSORS = 250_000;

    static final int MAX_RANK = 32;

    // Not exposed beyond the package, never compared: the array inside a record is harmless.
    @SuppressWarnings("ArrayRecordComponent")
    record Entry(String name, ElementType type, long[] shape, long begin, long end) {}

    private static final class Parser {
        private final Path file;
        private final JsonReader reader;
        private final List<Entry> entries = new ArrayList<>();
        private final Set<String> names = new HashSet<>();
        private final Map<String, String> metadata = new LinkedHashMap<>();

        Parser(Path file, byte[] header) {
            this.file = file;
            this.reader = new JsonReader(file.toString(), header, header.length);
        }

        void parse() {
            reader.beginObject();
            while (reader.nextKey()) {
                String name = reader.text();
                if (!names.add(name)) {
                    throw refuse(name, "the name occurs twice");
                }
                if (name.equals("__metadata__")) {
                    metadata();
                } else {
                    entry(name);
                }
                if (entries.size() > MAX_TENSORS) {
                    throw new ModelFormatException(
                            "safetensors: file=" + file + "; more than " + MAX_TENSORS + " tensors in one file");
                }
            }
            reader.end();
        }

        private void metadata() {
            reader.beginObject();
            while (reader.nextKey()) {
                String key = reader.text();
                reader.string();
                metadata.put(key, reader.text());
            }
        }

        private void entry(String name) {
            ElementType type = null;
            long[] shape = null;
            long[] offsets = null;
            reader.beginObject();
            while (reader.nextKey()) {
                String field = reader.text();
                switch (field) {
                    case "dtype" -> {
                        if (type != null) {
                            throw refuse(name, "dtype is given twice");
                        }
                        reader.string();
                        type = type(name, reader.text());
                    }
                    case "shape" -> {
                        if (shape != null) {
                            throw refuse(name, "shape is given twice");
                        }
                        shape = integers(name, "shape", MAX_RANK);
                    }
                    case "data_offsets" -> {
                        if (offsets != null) {
                            throw refuse(name, "data_offsets are given twice");
                        }
                        offsets = integers(name, "data_offsets", 2);
                    }
                    default -> throw refuse(name, "unknown field " + Messages.quote(field));
                }
            }
            entries.add(checked(name, type, shape, offsets));
        }

        private Entry checked(
                String name, @Nullable ElementType type, long @Nullable [] shape, long @Nullable [] offsets) {
            if (type == null || shape == null || offsets == null) {
                String what = type == null ? "dtype" : shape == null ? "shape" : "data_offsets";
                throw refuse(name, "the field " + what + " is missing");
            }
            if (offsets.length != 2) {
                throw refuse(name, "data_offsets must be two numbers, found " + offsets.length);
            }
            if (offsets[1] < offsets[0]) {
                throw refuse(name, "data_offsets end before they begin: " + Arrays.toString(offsets));
            }
            long bits;
            try {
                long elements = 1;
                for (long size : shape) {
                    elements = Math.multiplyExact(elements, size);
                }
                bits = Math.multiplyExact(elements, type.bits());
            } catch (ArithmeticException e) {
                throw refuse(name, "the size overflows: shape=" + Arrays.toString(shape) + ", dtype=" + type);
            }
            if (bits % Byte.SIZE != 0) {
                throw refuse(
                        name,
                        "the elements do not fill whole bytes: shape=" + Arrays.toString(shape) + ", dtype=" + type);
            }
            if (bits / Byte.SIZE != offsets[1] - offsets[0]) {
                throw refuse(
                        name,
                        "shape and data_offsets disagree: shape=" + Arrays.toString(shape) + ", dtype=" + type
                                + ", expected bytes=" + bits / Byte.SIZE + ", found bytes="
                                + (offsets[1] - offsets[0]));
            }
            return new Entry(name, type, shape, offsets[0], offsets[1]);
        }

        private ElementType type(String name, String text) {
            try {
                return ElementType.valueOf(text);
            } catch (IllegalArgumentException e) {
                throw refuse(name, "unknown dtype " + Messages.quote(text));
            }
        }

        private long[] integers(String name, String field, int most) {
            long[] numbers = new long[8];
            int n = 0;
            reader.beginArray();
            while (reader.nextElement()) {
                long number = reader.integer();
                if (number < 0) {
                    throw refuse(name, field + " holds a negative number: " + number);
                }
                if (n == most) {
                    throw refuse(name, field + " holds more than " + most + " numbers");
                }
                if (n == numbers.length) {
                    numbers = Arrays.copyOf(numbers, 2 * n);
                }
                numbers[n++] = number;
            }
            return Arrays.copyOf(numbers, n);
        }

        private ModelFormatException refuse(String name, String why) {
            return new ModelFormatException(
                    "safetensors: file=" + file + ", tensor=" + Messages.quote(name) + "; " + why);
        }
    }

    /**
     * @param file for messages
     * @param header the JSON text; spaces may follow the object
     * @param dataBytes bytes behind the header
     * @throws ModelFormatException unless the entries cover the data exactly
     */
    static SafetensorsHeader parse(Path file, byte[] header, long dataBytes) {
        if (header.length == 0 || header[0] != '{') {
            throw new ModelFormatException("safetensors: file=" + file + ", header_bytes=" + header.length
                    + "; the header does not begin with '{', this is no safetensors file");
        }
        Parser parser = new Parser(file, header);
        parser.parse();
        List<Entry> entries = parser.entries;
        entries.sort(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end));
        long covered = 0;
        for (Entry e : entries) {
            if (e.begin() != covered) {
                throw parser.refuse(
                        e.name(),
                        e.begin() < covered
                                ? "it overlaps the tensor before it: begin=" + e.begin() + ", end of the other="
                                        + covered
                                : "unused bytes before it: begin=" + e.begin() + ", end of the tensor before="
                                        + covered);
            }
            covered = e.end();
        }
        if (covered != dataBytes) {
            throw new ModelFormatException("safetensors: file=" + file + ", data bytes by header=" + covered
                    + ", data bytes in file=" + dataBytes
                    + (covered > dataBytes
                            ? "; the file is cut off, download it again"
                            : "; bytes behind the last tensor, download it again"));
        }
        return new SafetensorsHeader(
                Collections.unmodifiableList(entries), Collections.unmodifiableMap(parser.metadata));
    }
}
