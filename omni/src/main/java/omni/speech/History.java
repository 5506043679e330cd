package omni.speech;

import java.lang.foreign.MemorySegment;
import omni.engine.Matrix;
import omni.engine.Workspace;

/** The last frames of a signal, which what follows still needs. */
final class History {
    private final Matrix kept;
    private int rows;

    /** @param most frames */
    History(int most, int channels, Workspace ws) {
        kept = ws.matrix(most, channels);
    }

    /** Puts what is kept in front of the piece that follows it. */
    void join(Piece piece) {
        piece.grow(rows);
        copy(kept.data(), 0, piece.data(), piece.offset(0), (long) rows * kept.cols());
    }

    /** Keeps the frames of a piece from {@code row} on. */
    void keep(Piece piece, int row) {
        rows = piece.rows() - row;
        if (rows > kept.rows()) {
            throw new IllegalStateException("vocoder history: rows=" + rows + ", most=" + kept.rows());
        }
        copy(piece.data(), piece.offset(row), kept.data(), 0, (long) rows * kept.cols());
    }

    void clear() {
        rows = 0;
    }

    private static void copy(MemorySegment from, long at, MemorySegment to, long toAt, long floats) {
        MemorySegment.copy(from, at * Float.BYTES, to, toAt * Float.BYTES, floats * Float.BYTES);
    }
}
