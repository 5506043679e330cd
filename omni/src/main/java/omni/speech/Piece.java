package omni.speech;

import java.lang.foreign.MemorySegment;
import omni.engine.Matrix;

/**
 * Consecutive frames of a signal [rows, channels] in a buffer, with room in front for frames that were kept from the piece before. Mutable:
 * a stream uses the same buffers for all of its layers, again and again.
 */
final class Piece {
    private final MemorySegment data;
    private final long floats;
    private int channels = 1;
    private int first;
    private int rows;

    /** @param memory floats in one row */
    Piece(Matrix memory) {
        data = memory.data();
        floats = memory.cols();
    }

    /**
     * Begins anew, empty.
     *
     * @param room frames that may be put in front later
     */
    void begin(int channels, int room) {
        this.channels = channels;
        first = room;
        rows = 0;
    }

    /**
     * Sets the number of frames.
     *
     * @throws IllegalStateException if the buffer does not hold so many
     */
    void setRows(int rows) {
        if ((first + (long) rows) * channels > floats) {
            throw new IllegalStateException("vocoder piece: first=" + first + ", rows=" + rows + ", channels="
                    + channels + ", floats=" + floats);
        }
        this.rows = rows;
    }

    /**
     * Takes in frames in front of the first.
     *
     * @throws IllegalStateException if there is no room
     */
    void grow(int rows) {
        if (rows > first) {
            throw new IllegalStateException("vocoder piece: room=" + first + ", rows=" + rows);
        }
        first -= rows;
        this.rows += rows;
    }

    MemorySegment data() {
        return data;
    }

    int channels() {
        return channels;
    }

    int rows() {
        return rows;
    }

    /** Floats before frame {@code row}. */
    long offset(int row) {
        return (first + (long) row) * channels;
    }

    /** The frames, as a view. */
    Matrix matrix() {
        return new Matrix(data, offset(0), rows, channels, channels);
    }
}
