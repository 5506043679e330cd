package omni.engine;

import java.util.ArrayList;
import java.util.List;

/** What a model will hold in memory, predicted part by part before anything is loaded. Immutable; {@link #plus} gives a longer one. */
public record MemoryPlan(List<Part> parts) {
    /** Nothing yet. */
    public static final MemoryPlan EMPTY = new MemoryPlan(List.of());

    /**
     * One part.
     *
     * @param name for people, for example {@code key-value cache}
     * @param bytes size
     */
    public record Part(String name, long bytes) {
        public Part {
            if (bytes < 0) {
                throw new IllegalArgumentException("memory plan: name=" + name + ", bytes=" + bytes);
            }
        }
    }

    public MemoryPlan {
        parts = List.copyOf(parts);
    }

    /** This plan and one more part. */
    public MemoryPlan plus(String name, long bytes) {
        List<Part> more = new ArrayList<>(parts);
        more.add(new Part(name, bytes));
        return new MemoryPlan(more);
    }

    /** Sum of all parts. */
    public long bytes() {
        long sum = 0;
        for (Part part : parts) {
            sum = Math.addExact(sum, part.bytes());
        }
        return sum;
    }
}
