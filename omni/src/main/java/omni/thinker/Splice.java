package omni.thinker;

import java.util.Objects;
import omni.engine.Matrix;
import org.jspecify.annotations.Nullable;

/**
 * Rows that take the place of token embeddings: what an encoder made of a medium, or of a part of it.
 *
 * @param position of the first row in the prompt
 * @param rows [n, C]; must stay while the prompt is computed. Two splices are equal if they are the same rows of the same allocation;
 *     memory that was freed and given out again counts as another
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

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Splice splice
                && position == splice.position
                && rows.equals(splice.rows)
                && rows.data().scope().equals(splice.rows.data().scope());
    }

    @Override
    public int hashCode() {
        return Objects.hash(position, rows, rows.data().scope());
    }
}
