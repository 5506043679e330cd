package omni.kernels;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** Little-endian floats in memory, counted in floats; and the checks that the facades make before a kernel runs. */
final class Floats {
    static final ValueLayout.OfFloat LAYOUT = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private static final Class<? extends MemorySegment> OFF_HEAP = MemorySegment.NULL.getClass();

    private Floats() {}

    /**
     * {@code x} itself, which C2 then knows to be off-heap. Vector kernels pass their operands through here before their loops.
     *
     * <p>What C2 knows of a segment it otherwise takes from the type profile of the JDK's access methods, which all callers share; and
     * interpreted vector code (such as {@code reinterpretAsInts}) goes through heap segments there. Off-heap and heap mixed means memory
     * barriers around every access and no check hoisted out of any loop: elementwise loops run at a fifth of their speed. The cast
     * makes it independent of that profile. Mapped segments are a subclass and pass too.
     */
    static MemorySegment offHeap(MemorySegment x) {
        return OFF_HEAP.cast(x);
    }

    static float get(MemorySegment x, long index) {
        return x.get(LAYOUT, index << 2);
    }

    static void set(MemorySegment x, long index, float value) {
        x.set(LAYOUT, index << 2, value);
    }

    /** @throws IllegalArgumentException unless {@code n} floats from {@code offset} on lie inside {@code x} */
    static void check(String what, MemorySegment x, long offset, long n) {
        checkOffHeap(what, x);
        long floats = x.byteSize() / Float.BYTES;
        if (offset < 0 || n < 0 || offset > floats || n > floats - offset) {
            throw new IllegalArgumentException(
                    what + ": outside its memory: offset=" + offset + ", n=" + n + ", floats=" + floats);
        }
    }

    /**
     * @throws IllegalArgumentException unless {@code rows} rows of {@code columns} floats, {@code stride} floats apart, lie inside
     *     {@code x} without overlap
     */
    static void checkRows(String what, MemorySegment x, long offset, int stride, int rows, int columns) {
        checkOffHeap(what, x);
        long floats = x.byteSize() / Float.BYTES;
        if (offset < 0
                || rows < 0
                || columns < 0
                || (rows > 1 && stride < columns)
                || (rows > 0 && (offset > floats || (rows - 1L) * stride + columns > floats - offset))) {
            throw new IllegalArgumentException(what + ": outside its memory: offset=" + offset + ", stride=" + stride
                    + ", rows=" + rows + ", columns=" + columns + ", floats=" + floats);
        }
    }

    /** @throws IllegalArgumentException if {@code x} lies on the Java heap */
    static void checkOffHeap(String what, MemorySegment x) {
        if (!x.isNative()) {
            throw new IllegalArgumentException(what + ": on the heap: bytes=" + x.byteSize());
        }
    }

    /** @throws IllegalArgumentException with {@code message} unless {@code condition} */
    static void require(boolean condition, String message) {
        if (!condition) {
            throw new IllegalArgumentException(message);
        }
    }
}
