package omni.loader;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import omni.error.ModelFormatException;

/** Finds what a wrong tensor name may have meant. */
final class NearestNames {
    private static final int SHOWN = 3;

    /** Enough for any real checkpoint; bounds the time for a hostile one. */
    private static final int COMPARED = 20_000;

    private record Candidate(String name, int distance) {}

    private NearestNames() {}

    static ModelFormatException absent(String name, Path where, Collection<String> names) {
        StringBuilder near = new StringBuilder();
        for (String candidate : of(name, names)) {
            near.append(near.isEmpty() ? "" : ", ").append(candidate);
        }
        return new ModelFormatException("tensor: name=" + name + ", checkpoint=" + where + "; no such tensor among "
                + names.size() + (near.isEmpty() ? "" : ", nearest are " + near));
    }

    static List<String> of(String name, Collection<String> names) {
        List<Candidate> candidates = new ArrayList<>();
        for (String other : names) {
            if (candidates.size() == COMPARED) {
                break;
            }
            candidates.add(new Candidate(other, distance(name, other)));
        }
        return candidates.stream()
                .sorted(Comparator.comparingInt(Candidate::distance).thenComparing(Candidate::name))
                .limit(SHOWN)
                .map(Candidate::name)
                .toList();
    }

    /** Levenshtein's: insertions, deletions and substitutions. */
    static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int substituted = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(substituted, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
