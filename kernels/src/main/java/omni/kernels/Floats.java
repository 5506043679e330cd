package omni.kernels;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** Little-endian floats in memory, counted in floats; and the checks that the facades make before a kernel runs. */
final class Floats {
    static final ValueLayout.OfFloat LAYOUT = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private Floats() {}

    static float get(MemorySegment x, long index) {
        return x.get(LAYOUT, index << 2);
    }

    static void set(MemorySegment x, long index, float value) {
        x.set(LAYOUT, index << 2, value);
    }

    /** @throws IllegalArgumentException unless {@code n} floats from {@code offset} on lie inside {@code x} */
    static void check(String what, MemorySegment x, long offset, long n) {
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

    /** @throws IllegalArgumentException with {@code message} unless {@code condition} */
    static void require(boolean condition, String message) {
        if (!condition) {
            throw new IllegalArgumentException(message);
        }
    }
}
