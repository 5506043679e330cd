package omni.loader;

import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Finds added tokens in text: leftmost first, the longest of those that begin there. A trie over chars. */
final class AddedTokenMatcher {
    /** From (node, char) to node; the root is node 0. */
    private final Map<Long, Integer> edges = new HashMap<>();

    /** From node to the id of the token that ends there. */
    private final Map<Integer, Integer> ids = new HashMap<>();

    private final BitSet firstChars = new BitSet();

    AddedTokenMatcher(List<AddedToken> tokens) {
        int nodes = 1;
        for (AddedToken token : tokens) {
            int node = 0;
            for (int i = 0; i < token.content().length(); i++) {
                long edge = edge(node, token.content().charAt(i));
                Integer child = edges.get(edge);
                if (child == null) {
                    child = nodes++;
                    edges.put(edge, child);
                }
                node = child;
            }
            ids.put(node, token.id());
            firstChars.set(token.content().charAt(0));
        }
    }

    private static long edge(int node, char c) {
        return (long) node << 16 | c;
    }

    /** A token in the text; id -1 and both positions at the text's end if there is none. */
    record Match(int from, int to, int id) {}

    /** The first match at or behind {@code from}. */
    Match next(String text, int from) {
        for (int start = from; start < text.length(); start++) {
            if (!firstChars.get(text.charAt(start))) {
                continue;
            }
            int end = -1;
            int id = -1;
            int node = 0;
            for (int i = start; i < text.length(); i++) {
                Integer child = edges.get(edge(node, text.charAt(i)));
                if (child == null) {
                    break;
                }
                node = child;
                Integer found = ids.get(node);
                if (found != null) {
                    id = found;
                    end = i + 1;
                }
            }
            if (id >= 0) {
                return new Match(start, end, id);
            }
        }
        return new Match(text.length(), text.length(), -1);
    }
}
