package omni.loader;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import omni.engine.ElementType;
import omni.error.ModelFormatException;

/**
 * Reads the pickle of a torch archive: a program for a stack machine (Python's {@code pickletools} documents the opcodes). Only what
 * torch.save writes for tensors, dicts, lists, strings and numbers is known, protocol 2. The names that a pickle may call are
 * {@code torch._utils._rebuild_tensor_v2}, the storage classes and {@code collections.OrderedDict}; they are constants here, nothing
 * is looked up, imported or executed. Every opcode makes at most one object, and no recursion follows the nesting, so memory is
 * bounded by the pickle's length.
 */
final class Unpickler {
    /** A name that a pickle may refer to; no value, so it cannot become part of one. */
    private enum Callable {
        REBUILD_TENSOR,
        ORDERED_DICT
    }

    /** A class of storages. */
    private record StorageClass(ElementType type) {}

    /** Elements in the archive that a tensor is a view of. */
    private record Storage(ElementType type, MemorySegment data) {}

    /** A tuple that holds more than values: the arguments of a call. */
    private record Arguments(List<Object> items) {}

    private static final Object MARK = new Object();

    private static final Map<String, Object> KNOWN = Map.ofEntries(
            Map.entry("torch._utils._rebuild_tensor_v2", Callable.REBUILD_TENSOR),
            Map.entry("collections.OrderedDict", Callable.ORDERED_DICT),
            Map.entry("torch.DoubleStorage", new StorageClass(ElementType.F64)),
            Map.entry("torch.FloatStorage", new StorageClass(ElementType.F32)),
            Map.entry("torch.HalfStorage", new StorageClass(ElementType.F16)),
            Map.entry("torch.BFloat16Storage", new StorageClass(ElementType.BF16)),
            Map.entry("torch.LongStorage", new StorageClass(ElementType.I64)),
            Map.entry("torch.IntStorage", new StorageClass(ElementType.I32)),
            Map.entry("torch.ShortStorage", new StorageClass(ElementType.I16)),
            Map.entry("torch.CharStorage", new StorageClass(ElementType.I8)),
            Map.entry("torch.ByteStorage", new StorageClass(ElementType.U8)),
            Map.entry("torch.BoolStorage", new StorageClass(ElementType.BOOL)));

    private static final int PROTOCOL = 2;

    private final Path file;
    private final StoredZip zip;
    private final String top;
    private final byte[] bytes;
    private final ArrayList<Object> stack = new ArrayList<>();
    private final Map<Long, Object> memo = new HashMap<>();
    private int at;

    /** Where the opcode in progress begins. */
    private int opcodeAt;

    /**
     * @param file for messages
     * @param zip where the storages are
     * @param top what their names begin with
     * @param bytes the pickle
     */
    Unpickler(Path file, StoredZip zip, String top, byte[] bytes) {
        this.file = file;
        this.zip = zip;
        this.top = top;
        this.bytes = bytes;
    }

    /** @throws ModelFormatException if the pickle is damaged or holds anything but data */
    TorchValue read() {
        for (; ; ) {
            opcodeAt = at;
            int opcode = u8();
            if (opcode == '.') {
                TorchValue value = popValue();
                if (!stack.isEmpty()) {
                    throw refuse("objects left over=" + stack.size(), "the pickle is damaged");
                }
                return value;
            }
            execute(opcode);
        }
    }

    private void execute(int opcode) {
        switch (opcode) {
            case 0x80 -> protocol(u8());
            case '(' -> stack.add(MARK);
            case '}' -> stack.add(new TorchValue.Dict());
            case ']' -> stack.add(TorchValue.Sequence.list());
            case ')' -> stack.add(TorchValue.Sequence.tuple(List.of()));
            case 't' -> stack.add(tuple(sinceMark()));
            case 0x85 -> stack.add(tuple(popSeveral(1)));
            case 0x86 -> stack.add(tuple(popSeveral(2)));
            case 0x87 -> stack.add(tuple(popSeveral(3)));
            case 'N' -> stack.add(new TorchValue.Nothing());
            case 0x88 -> stack.add(new TorchValue.Truth(true));
            case 0x89 -> stack.add(new TorchValue.Truth(false));
            case 'K' -> stack.add(new TorchValue.Whole(u8()));
            case 'M' -> stack.add(new TorchValue.Whole(little(2)));
            case 'J' -> stack.add(new TorchValue.Whole((int) little(4)));
            case 0x8a -> stack.add(new TorchValue.Whole(signed(u8())));
            case 'G' -> stack.add(new TorchValue.Real(Double.longBitsToDouble(Long.reverseBytes(little(8)))));
            case 'X' -> stack.add(new TorchValue.Text(text(little(4))));
            case 'q' -> memo.put((long) u8(), top());
            case 'r' -> memo.put(little(4), top());
            case 'h' -> recall(u8());
            case 'j' -> recall(little(4));
            case 'a' -> append(popSeveral(1));
            case 'e' -> append(sinceMark());
            case 's' -> put(popSeveral(2));
            case 'u' -> put(sinceMark());
            case 'c' -> global();
            case 'Q' -> stack.add(storage(pop()));
            case 'R' -> call();
            default ->
                throw refuse(
                        "opcode " + String.format(Locale.ROOT, "0x%02X", opcode),
                        "only tensors, dicts, lists, strings and numbers are read");
        }
    }

    private void protocol(int version) {
        if (version != PROTOCOL) {
            throw refuse(
                    "pickle protocol " + version, "protocol " + PROTOCOL + " is expected, as torch.save writes it");
        }
    }

    // Bytes of the pickle.

    private int take(long length) {
        if (length > bytes.length - at) {
            throw refuse(
                    "length=" + length + ", bytes left=" + (bytes.length - at), "the pickle is cut off or damaged");
        }
        int from = at;
        at += (int) length;
        return from;
    }

    private int u8() {
        return bytes[take(1)] & 0xFF;
    }

    /** An unsigned little-endian number. */
    private long little(int length) {
        int from = take(length);
        long value = 0;
        for (int i = length - 1; i >= 0; i--) {
            value = value << Byte.SIZE | (bytes[from + i] & 0xFF);
        }
        return value;
    }

    /** A signed little-endian number of up to 8 bytes. */
    private long signed(int length) {
        if (length > Long.BYTES) {
            throw refuse("an integer of bytes=" + length, "at most 8 are read");
        }
        long value = little(length);
        int unused = Long.SIZE - length * Byte.SIZE;
        return length == 0 ? 0 : value << unused >> unused;
    }

    private String text(long length) {
        int from = take(length);
        return Utf8.decode(bytes, from, at);
    }

    /** Text up to the end of the line. */
    private String line() {
        int from = at;
        while (u8() != '\n') {
            // Goes on.
        }
        return new String(bytes, from, at - 1 - from, StandardCharsets.ISO_8859_1);
    }

    // The stack.

    private Object top() {
        if (stack.isEmpty() || stack.getLast() == MARK) {
            throw refuse("an empty stack", "the pickle is damaged");
        }
        return stack.getLast();
    }

    private Object pop() {
        Object value = top();
        stack.removeLast();
        return value;
    }

    private TorchValue popValue() {
        return value(pop());
    }

    private List<Object> popSeveral(int count) {
        List<Object> out = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            out.add(0, pop());
        }
        return out;
    }

    private List<Object> sinceMark() {
        int mark = stack.lastIndexOf(MARK);
        if (mark < 0) {
            throw refuse("no mark on the stack", "the pickle is damaged");
        }
        List<Object> above = stack.subList(mark + 1, stack.size());
        List<Object> out = new ArrayList<>(above);
        stack.subList(mark, stack.size()).clear();
        return out;
    }

    private void recall(long index) {
        Object value = memo.get(index);
        if (value == null) {
            throw refuse("memo=" + index + ", which was never written", "the pickle is damaged");
        }
        stack.add(value);
    }

    private TorchValue value(Object object) {
        if (object instanceof TorchValue value) {
            return value;
        }
        throw refuse("a name in the place of a value", "only tensors, dicts, lists, strings and numbers are read");
    }

    // Values made of others.

    private static Object tuple(List<Object> items) {
        List<TorchValue> values = new ArrayList<>(items.size());
        for (Object item : items) {
            if (!(item instanceof TorchValue value)) {
                return new Arguments(items);
            }
            values.add(value);
        }
        return TorchValue.Sequence.tuple(values);
    }

    private void append(List<Object> items) {
        if (!(top() instanceof TorchValue.Sequence list) || list.isTuple()) {
            throw refuse("appending to what is no list", "the pickle is damaged");
        }
        for (Object item : items) {
            list.add(value(item));
        }
    }

    private void put(List<Object> keysAndValues) {
        if (!(top() instanceof TorchValue.Dict dict) || keysAndValues.size() % 2 != 0) {
            throw refuse("setting items of what is no dict", "the pickle is damaged");
        }
        for (int i = 0; i < keysAndValues.size(); i += 2) {
            TorchValue key = value(keysAndValues.get(i));
            if (!(key instanceof TorchValue.Text text)) {
                throw refuse("a dict key of kind " + key.kind(), "keys must be strings");
            }
            dict.put(text.value(), value(keysAndValues.get(i + 1)));
        }
    }

    // Names and calls.

    private void global() {
        String name = line() + "." + line();
        Object known = KNOWN.get(name);
        if (known == null) {
            throw refuse(
                    "the name " + Messages.quote(name),
                    "only tensors, dicts, lists, strings and numbers are read; a file that calls for more may be"
                            + " hostile");
        }
        stack.add(known);
    }

    /** What the tuple {@code ("storage", class, number, device, elements)} stands for. */
    private Storage storage(Object id) {
        if (!(id instanceof Arguments arguments)
                || arguments.items().size() != 5
                || !(arguments.items().get(0) instanceof TorchValue.Text kind)
                || !kind.value().equals("storage")
                || !(arguments.items().get(1) instanceof StorageClass type)
                || !(arguments.items().get(2) instanceof TorchValue.Text number)
                || !(arguments.items().get(4) instanceof TorchValue.Whole elements)) {
            throw refuse("a reference to what is no storage", "the pickle is damaged");
        }
        String entry = top + "data/" + number.value();
        MemorySegment data = zip.find(entry);
        if (data == null) {
            throw refuse("no storage " + Messages.quote(entry), "the file is incomplete, download it again");
        }
        long size = type.type().bits() / Byte.SIZE;
        if (data.byteSize() % size != 0 || data.byteSize() / size != elements.value()) {
            throw refuse(
                    "storage " + Messages.quote(entry) + " of bytes=" + data.byteSize() + ", type=" + type.type()
                            + ", elements=" + elements.value(),
                    "the file is damaged, download it again");
        }
        return new Storage(type.type(), data);
    }

    private void call() {
        Object arguments = pop();
        Object callable = pop();
        if (callable == Callable.ORDERED_DICT
                && arguments instanceof TorchValue.Sequence none
                && none.isTuple()
                && none.values().isEmpty()) {
            stack.add(new TorchValue.Dict());
        } else if (callable == Callable.REBUILD_TENSOR && arguments instanceof Arguments given) {
            stack.add(new TorchValue.Numbers(tensor(given.items())));
        } else {
            throw refuse("a call of what is no tensor or dict", "the pickle is damaged");
        }
    }

    /** {@code _rebuild_tensor_v2(storage, offset, size, stride, requires_grad, backward_hooks)}. */
    private TorchTensor tensor(List<Object> arguments) {
        if (arguments.size() != 6
                || !(arguments.get(0) instanceof Storage storage)
                || !(arguments.get(1) instanceof TorchValue.Whole offset)
                || !(arguments.get(4) instanceof TorchValue.Truth)
                || !(arguments.get(5) instanceof TorchValue.Dict hooks)
                || !hooks.entries().isEmpty()) {
            throw refuse("a tensor with other parts than usual", "save plain tensors");
        }
        long[] shape = sizes(arguments.get(2));
        long[] strides = sizes(arguments.get(3));
        try {
            return new TorchTensor(storage.type(), storage.data(), offset.value(), shape, strides);
        } catch (ArithmeticException | IndexOutOfBoundsException e) {
            throw refuse(
                    "a tensor with offset=" + offset.value() + ", size=" + text(shape) + ", stride=" + text(strides)
                            + " on a storage of elements="
                            + storage.data().byteSize() / (storage.type().bits() / Byte.SIZE),
                    "it reaches beyond its storage");
        }
    }

    private long[] sizes(Object tuple) {
        if (!(tuple instanceof TorchValue.Sequence sequence)
                || !sequence.isTuple()
                || sequence.values().size() > TorchTensor.MAX_RANK) {
            throw refuse("a tensor whose sizes are no tuple of numbers", "the pickle is damaged");
        }
        long[] out = new long[sequence.values().size()];
        for (int i = 0; i < out.length; i++) {
            if (!(sequence.values().get(i) instanceof TorchValue.Whole size)) {
                throw refuse("a tensor whose sizes are no tuple of numbers", "the pickle is damaged");
            }
            out[i] = size.value();
        }
        return out;
    }

    private static String text(long[] numbers) {
        StringBuilder out = new StringBuilder("[");
        for (long number : numbers) {
            out.append(out.length() > 1 ? "," : "").append(number);
        }
        return out.append(']').toString();
    }

    private ModelFormatException refuse(String found, String why) {
        return new ModelFormatException(
                "torch archive: file=" + file + ", pickle byte=" + opcodeAt + ", found " + found + "; " + why);
    }
}
