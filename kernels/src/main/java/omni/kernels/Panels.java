package omni.kernels;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * A matrix B[depth, columns] of weights in the order that {@link Tiles} reads, off-heap and in float32: panel after panel of some
 * columns, in a panel row after row. The last panel is filled with zeros to a whole number of vectors.
 */
final class Panels {
    /**
     * How a kernel wants its panels cut.
     *
     * @param columns of a full panel, a multiple of {@code grain}
     * @param grain the last panel has a multiple of this many columns
     */
    record Cut(int columns, int grain) {
        /** Columns of the panel that begins at column {@code from}, zeros included. */
        int width(int from, int all) {
            return Math.min(columns, Math.ceilDiv(all - from, grain) * grain);
        }

        /** Columns of all panels together, zeros included. */
        long padded(int all) {
            int whole = all / columns * columns;
            return whole < all ? (long) whole + width(whole, all) : all;
        }
    }

    final MemorySegment data;
    final int depth;
    final int columns;
    final Cut cut;

    Panels(int depth, int columns, Cut cut, Arena memory) {
        this.depth = depth;
        this.columns = columns;
        this.cut = cut;
        data = memory.allocate(bytes(depth, columns, cut), 64);
    }

    static long bytes(int depth, int columns, Cut cut) {
        return Math.multiplyExact(Math.multiplyExact(cut.padded(columns), depth), Float.BYTES);
    }

    float get(int row, int column) {
        return Floats.get(data, index(row, column));
    }

    /** Floats before an element. */
    long index(int row, int column) {
        int from = column / cut.columns * cut.columns;
        return (long) from * depth + (long) row * cut.width(from, columns) + (column - from);
    }

    /** Copies rows {@code row} to {@code row + rows} of the panel that begins at column {@code from}. */
    void copy(int from, int row, int rows, float[] to) {
        MemorySegment.copy(data, Floats.LAYOUT, index(row, from) * Float.BYTES, to, 0, rows * cut.width(from, columns));
    }

    /** Sets rows {@code row} to {@code row + rows} of the panel that begins at column {@code from}. */
    void set(int from, int row, int rows, float[] values) {
        MemorySegment.copy(
                values, 0, data, Floats.LAYOUT, index(row, from) * Float.BYTES, rows * cut.width(from, columns));
    }
}
