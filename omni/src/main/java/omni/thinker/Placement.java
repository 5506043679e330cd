package omni.thinker;

import java.util.ArrayList;
import java.util.List;
import omni.engine.Matrix;
import org.jspecify.annotations.Nullable;

/** Finds the places of media embeddings in a prompt: one splice for every run of placeholders, since a clip and its sound alternate. */
final class Placement {
    private final int[] ids;
    private final RopeRules rules;
    private final List<Splice> splices = new ArrayList<>();
    private int at;

    private Placement(int[] ids, RopeRules rules) {
        this.ids = ids;
        this.rules = rules;
    }

    /**
     * The splices of a prompt.
     *
     * @param ids expanded with the spans of {@code media}
     * @throws IllegalArgumentException if a medium has another number of embeddings than tokens
     */
    static List<Splice> of(int[] ids, List<EncodedMedium> media, RopeRules rules) {
        Placement out = new Placement(ids, rules);
        media.forEach(out::place);
        return out.splices;
    }

    private void place(EncodedMedium medium) {
        Rows seen = new Rows(medium, medium.seen());
        Rows heard = new Rows(medium, medium.heard());
        for (int left = medium.span().tokens(rules.merge()); left > 0; ) {
            while (!rules.isPlaceholder(ids[at])) {
                at++;
            }
            int n = 1;
            while (n < left && ids[at + n] == ids[at]) {
                n++;
            }
            splices.add(new Splice(at, (ids[at] == rules.audioToken() ? heard : seen).next(n)));
            at += n;
            left -= n;
        }
        seen.requireEnd();
        heard.requireEnd();
    }

    /** Embeddings that are placed piece by piece. */
    private static final class Rows {
        private final EncodedMedium medium;
        private final @Nullable Matrix rows;
        private int placed;

        Rows(EncodedMedium medium, @Nullable Matrix rows) {
            this.medium = medium;
            this.rows = rows;
        }

        Matrix next(int n) {
            if (rows == null || rows.rows() < placed + n) {
                throw mismatch("at least " + (placed + n));
            }
            placed += n;
            return rows.rows(placed - n, placed);
        }

        void requireEnd() {
            if (rows != null && rows.rows() != placed) {
                throw mismatch(String.valueOf(placed));
            }
        }

        private IllegalArgumentException mismatch(String tokens) {
            return new IllegalArgumentException("prompt: medium=" + medium.span() + ", embeddings="
                    + (rows == null ? 0 : rows.rows()) + ", tokens=" + tokens);
        }
    }
}
