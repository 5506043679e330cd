package omni.kernels;

import java.lang.foreign.MemorySegment;

/** Bounds of float32 operands, computed without overflow. */
final class Checks {
    private Checks() {}

    /**
     * Whether the rows of {@code columns} floats lie within {@code data}.
     *
     * @param offset floats before the first
     * @param stride floats from one row to the next, not negative
     */
    static boolean rows(MemorySegment data, long offset, int stride, int rows, int columns) {
        if (offset < 0 || stride < 0 || rows < 0 || columns < 0) {
            return false;
        }
        // (2^31)^2 floats plus an offset below 2^61 stay below 2^63.
        long last = rows == 0 || columns == 0 ? 0 : (rows - 1L) * stride + columns;
        return offset <= data.byteSize() / Float.BYTES && last <= data.byteSize() / Float.BYTES - offset;
    }
}
