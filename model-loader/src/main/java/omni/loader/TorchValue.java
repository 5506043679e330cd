package omni.loader;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a torch archive may hold: tensors, dicts, lists, strings and numbers. Immutable once read. */
public sealed interface TorchValue {
    /** The kind by its Python name, for messages: a value itself may be hostile, huge or contain itself. */
    String kind();

    /** @param value any text */
    record Text(String value) implements TorchValue {
        @Override
        public String kind() {
            return "str";
        }
    }

    /** @param value an integer of at most 64 bits */
    record Whole(long value) implements TorchValue {
        @Override
        public String kind() {
            return "int";
        }
    }

    /** @param value a floating-point number */
    record Real(double value) implements TorchValue {
        @Override
        public String kind() {
            return "float";
        }
    }

    /** @param value true or false */
    record Truth(boolean value) implements TorchValue {
        @Override
        public String kind() {
            return "bool";
        }
    }

    /** {@code None}. */
    record Nothing() implements TorchValue {
        @Override
        public String kind() {
            return "NoneType";
        }
    }

    /** A list or a tuple. */
    final class Sequence implements TorchValue {
        private final String kind;
        private final List<TorchValue> values;

        private Sequence(String kind, List<TorchValue> values) {
            this.kind = kind;
            this.values = values;
        }

        static Sequence list() {
            return new Sequence("list", new ArrayList<>());
        }

        static Sequence tuple(List<TorchValue> values) {
            return new Sequence("tuple", values);
        }

        boolean isTuple() {
            return kind.equals("tuple");
        }

        void add(TorchValue value) {
            values.add(value);
        }

        /** The values in order. */
        public List<TorchValue> values() {
            return Collections.unmodifiableList(values);
        }

        @Override
        public String kind() {
            return kind;
        }
    }

    /** A dict whose keys are strings, in the order in which they were written. */
    final class Dict implements TorchValue {
        private final Map<String, TorchValue> entries = new LinkedHashMap<>();

        void put(String key, TorchValue value) {
            entries.put(key, value);
        }

        /** The entries in their order. */
        public Map<String, TorchValue> entries() {
            return Collections.unmodifiableMap(entries);
        }

        /** The value of a key, or null. */
        public @Nullable TorchValue find(String key) {
            return entries.get(key);
        }

        @Override
        public String kind() {
            return "dict";
        }
    }

    /** A tensor. */
    record Numbers(TorchTensor tensor) implements TorchValue {
        @Override
        public String kind() {
            return "Tensor";
        }
    }
}
