package omni.audio;

import omni.engine.Matrix;
import omni.kernels.Elementwise;

/** The mean of neighbouring rows of one sound that comes in pieces: an odd row waits for the next piece, the last one is dropped. */
final class PairMean {
    private final Matrix carry;
    private final Matrix means;
    private boolean carries;

    /** @param memory [1 + most means of a piece, C]: the row that waits, then the means */
    PairMean(Matrix memory) {
        carry = memory.rows(0, 1);
        means = memory.rows(1, memory.rows());
    }

    /** The means that the next rows complete, valid until the next call. */
    Matrix add(Matrix x) {
        int n = 0;
        int row = 0;
        if (carries && x.rows() > 0) {
            mean(carry, 0, x, row++, n++);
            carries = false;
        }
        for (; row + 1 < x.rows(); row += 2) {
            mean(x, row, x, row + 1, n++);
        }
        if (row < x.rows()) {
            Elementwise.copy(x.data(), x.rowOffset(row), carry.data(), carry.rowOffset(0), x.cols());
            carries = true;
        }
        return means.rows(0, n);
    }

    private void mean(Matrix a, int aRow, Matrix b, int bRow, int n) {
        long to = means.rowOffset(n);
        Elementwise.add(a.data(), a.rowOffset(aRow), b.data(), b.rowOffset(bRow), means.data(), to, means.cols());
        Elementwise.scale(means.data(), to, 0.5f, means.data(), to, means.cols());
    }
}
