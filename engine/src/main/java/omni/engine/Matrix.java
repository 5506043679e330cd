package omni.engine;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * A view of float32 activations [rows, cols] in off-heap memory, rows {@code stride} floats apart.
 *
 * @param data the memory; must outlive the view
 * @param offset floats before element [0, 0]
 * @param rows number of rows, usually positions T
 * @param cols number of columns, usually channels C
 * @param stride floats from one row to the next, at least {@code cols}
 */
public record Matrix(MemorySegment data, long offset, int rows, int cols, int stride) {
    public Matrix {
        if (offset < 0 || rows < 0 || cols < 0 || stride < cols) {
            throw new IllegalArgumentException(
                    "matrix: offset=" + offset + ", rows=" + rows + ", cols=" + cols + ", stride=" + stride);
        }
        if (rows > 0 && (offset + (rows - 1L) * stride + cols) * Float.BYTES > data.byteSize()) {
            throw new IllegalArgumentException("matrix: offset=" + offset + ", rows=" + rows + ", cols=" + cols
                    + ", stride=" + stride + ", bytes=" + data.byteSize());
        }
    }

    /** Rows {@code from} (inclusive) to {@code to} (exclusive). */
    public Matrix rows(int from, int to) {
        return new Matrix(data, offset + (long) from * stride, to - from, cols, stride);
    }

    /** Columns {@code from} (inclusive) to {@code to} (exclusive). */
    public Matrix cols(int from, int to) {
        return new Matrix(data, offset + from, rows, to - from, stride);
    }

    /** Floats before the first element of row {@code row}. */
    public long rowOffset(int row) {
        return offset + (long) row * stride;
    }

    public float get(int row, int col) {
        return data.getAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, rowOffset(row) + col);
    }

    public void set(int row, int col, float value) {
        data.setAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, rowOffset(row) + col, value);
    }

    /** A heap copy [rows * cols], for tests and results. */
    public float[] toArray() {
        float[] out = new float[rows * cols];
        for (int r = 0; r < rows; r++) {
            MemorySegment.copy(data, ValueLayout.JAVA_FLOAT_UNALIGNED, rowOffset(r) * Float.BYTES, out, r * cols, cols);
        }
        return out;
    }
}
