package omni.loader;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class BytePairEncoderTest {
    private final Map<String, Integer> ids = new LinkedHashMap<>();
    private final List<String[]> rules = new ArrayList<>();

    /** A vocabulary of the letters a to d and of random merges of what is there. */
    private BytePairEncoder randomEncoder(Random random) {
        ids.clear();
        rules.clear();
        for (String letter : List.of("a", "b", "c", "d")) {
            ids.put(letter, ids.size());
        }
        for (int i = 0; i < 30; i++) {
            List<String> tokens = new ArrayList<>(ids.keySet());
            String left = tokens.get(random.nextInt(tokens.size()));
            String right = tokens.get(random.nextInt(tokens.size()));
            if (left.length() + right.length() <= 6 && ids.putIfAbsent(left + right, ids.size()) == null) {
                rules.add(new String[] {left, right});
            }
        }
        Vocabulary.Builder vocabulary = new Vocabulary.Builder("x");
        ids.forEach((token, id) -> vocabulary.add(bytes(token), 0, token.length(), id));
        Vocabulary tokens = vocabulary.build();
        MergeTable.Builder merges = new MergeTable.Builder("x", tokens);
        for (String[] rule : rules) {
            byte[] text = bytes(rule[0] + rule[1]);
            merges.add(text, 0, rule[0].length(), rule[0].length(), text.length);
        }
        int[] idOfByte = new int[256];
        for (int c = 'a'; c <= 'd'; c++) {
            idOfByte[c] = c - 'a';
        }
        return new BytePairEncoder(idOfByte, merges.build());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** The definition: join the leftmost pair of the lowest rank until there is none. */
    private List<Integer> slowly(String word) {
        List<String> parts = new ArrayList<>(List.of(word.split("")));
        for (boolean joined = true; joined; ) {
            joined = false;
            for (String[] rule : rules) {
                for (int i = 0; i + 1 < parts.size() && !joined; i++) {
                    if (parts.get(i).equals(rule[0]) && parts.get(i + 1).equals(rule[1])) {
                        parts.set(i, rule[0] + rule[1]);
                        parts.remove(i + 1);
                        joined = true;
                    }
                }
                if (joined) {
                    break;
                }
            }
        }
        return parts.stream().map(ids::get).toList();
    }

    @Test
    void joinsLikeTheDefinition() {
        long seed = 3;
        Random random = new Random(seed);
        for (int round = 0; round < 300; round++) {
            BytePairEncoder encoder = randomEncoder(random);
            for (int i = 0; i < 20; i++) {
                StringBuilder word = new StringBuilder();
                for (int n = random.nextInt(40); n >= 0; n--) {
                    word.append((char) ('a' + random.nextInt(1 + random.nextInt(4))));
                }
                IntList out = new IntList();
                encoder.encode(word.toString(), 0, word.length(), out);
                assertEquals(
                        slowly(word.toString()),
                        Arrays.stream(out.toArray()).boxed().toList(),
                        () -> "seed=" + seed + ", word=" + word);
            }
        }
    }
}
