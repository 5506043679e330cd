package omni.thinker;

import omni.engine.Matrix;

/**
 * Rows that take the place of token embeddings: what an encoder made of a medium, or of a part of it.
 *
 * @param position of the first row in the prompt
 * @param rows [n, C]; must outlive the prompt. Two splices are the same medium if they are the same memory
 */
public record Splice(int position, Matrix rows) {
    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if the position is negative or there are no rows
     */
    public Splice {
        if (position < 0 || rows.rows() < 1) {
            throw new IllegalArgumentException("splice: position=" + position + ", rows=" + rows.rows());
        }
    }

    /** Position behind the last row. */
    int end() {
        return Math.addExact(position, rows.rows());
    }
}
