package omni.loader;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import omni.error.ModelFormatException;

/**
 * The byte-level BPE tokenizer of the Qwen2 family. Encoding: added tokens are cut out of the raw text, the rest is brought to NFC, cut
 * into words by the {@link PreTokenizer} and each word's bytes are joined by the merges. Decoding: bytes are put together and read as
 * UTF-8, invalid parts as U+FFFD. Immutable and safe for any number of threads.
 */
public final class Tokenizer {
    static final String JSON = "tokenizer.json";
    static final String VOCAB = "vocab.json";
    static final String MERGES = "merges.txt";

    private final String source;
    private final Vocabulary vocabulary;
    private final MergeTable merges;
    private final int[] idOfByte;
    private final Map<Integer, AddedToken> addedById = new HashMap<>();
    private final Map<String, AddedToken> addedByContent = new HashMap<>();
    private final BitSet special = new BitSet();
    private final AddedTokenMatcher beforeNormalizing;
    private final AddedTokenMatcher afterNormalizing;
    private final int size;

    Tokenizer(String source, Vocabulary vocabulary, MergeTable merges, List<AddedToken> added) {
        this.source = source;
        this.vocabulary = vocabulary;
        this.merges = merges;
        this.idOfByte = singleBytes();
        int ids = vocabulary.size();
        for (AddedToken token : added) {
            ids = Math.max(ids, token.id() + 1);
            addedById.put(token.id(), token);
            addedByContent.put(token.content(), token);
            special.set(token.id(), token.special());
        }
        this.size = ids;
        this.beforeNormalizing = new AddedTokenMatcher(
                added.stream().filter(t -> !t.normalized()).toList());
        this.afterNormalizing = new AddedTokenMatcher(
                added.stream().filter(AddedToken::normalized).toList());
    }

    private int[] singleBytes() {
        int[] ids = new int[256];
        for (int b = 0; b < 256; b++) {
            ids[b] = vocabulary.find(new byte[] {(byte) b}, 0, 1);
            if (ids[b] < 0) {
                throw new ModelFormatException("tokenizer: file=" + source + ", byte=" + b
                        + "; a byte-level vocabulary needs a token for every byte");
            }
        }
        return ids;
    }

    /**
     * Reads the tokenizer of a model folder: {@code tokenizer.json}, or else {@code vocab.json} and {@code merges.txt}.
     *
     * @throws ModelFormatException if the files are missing or broken, or if they describe another kind of tokenizer
     */
    public static Tokenizer load(Path folder) {
        ModelFolder.require(folder);
        if (Files.exists(folder.resolve(JSON))) {
            return TokenizerFiles.fromJson(folder.resolve(JSON));
        }
        if (Files.exists(folder.resolve(VOCAB)) && Files.exists(folder.resolve(MERGES))) {
            return TokenizerFiles.fromVocabAndMerges(folder);
        }
        throw ModelFolder.lacks(folder, JSON + " or " + VOCAB + " with " + MERGES);
    }

    /** Highest id that has a token, plus one. The model's embedding may have more rows. */
    public int size() {
        return size;
    }

    /**
     * Ids of a text. Text that spells an added token becomes it, as in the reference. A lone surrogate is taken as U+FFFD.
     *
     * @param text any text; nothing is put before or behind it
     */
    public int[] encode(String text) {
        IntList out = new IntList();
        BytePairEncoder encoder = new BytePairEncoder(idOfByte, merges);
        String whole = Utf8.withoutLoneSurrogates(text);
        int from = 0;
        while (from < whole.length()) {
            AddedTokenMatcher.Match match = beforeNormalizing.next(whole, from);
            encodePlain(Nfc.normalize(whole.substring(from, match.from())), encoder, out);
            if (match.id() >= 0) {
                out.add(match.id());
            }
            from = match.to();
        }
        return out.toArray();
    }

    private void encodePlain(String text, BytePairEncoder encoder, IntList out) {
        int from = 0;
        while (from < text.length()) {
            AddedTokenMatcher.Match match = afterNormalizing.next(text, from);
            String plain = text.substring(from, match.from());
            for (int start = 0; start < plain.length(); ) {
                int end = PreTokenizer.wordEnd(plain, start);
                encoder.encode(plain, start, end, out);
                start = end;
            }
            if (match.id() >= 0) {
                out.add(match.id());
            }
            from = match.to();
        }
    }

    /**
     * Text of ids. An id without a token gives nothing; bytes that are no UTF-8 give U+FFFD.
     *
     * @param skipSpecial leave out tokens such as {@code <|im_end|>}
     */
    public String decode(int[] ids, boolean skipSpecial) {
        TokenDecoder decoder = streamDecoder(skipSpecial);
        StringBuilder out = new StringBuilder();
        for (int id : ids) {
            out.append(decoder.push(id));
        }
        return out.append(decoder.flush()).toString();
    }

    /** A decoder for ids that come one by one. */
    public TokenDecoder streamDecoder(boolean skipSpecial) {
        return new TokenDecoder(this, skipSpecial);
    }

    /** True for the tokens that {@code skipSpecial} leaves out. */
    public boolean isSpecial(int id) {
        return id >= 0 && special.get(id);
    }

    /**
     * The id of the token with exactly this text: an added token such as {@code <|im_start|>}, or an ordinary one.
     *
     * @throws ModelFormatException if the tokenizer has no such token
     */
    public int idOf(String text) {
        int id = find(text);
        if (id < 0) {
            throw new ModelFormatException("tokenizer: file=" + source + ", token=" + Messages.quote(text)
                    + "; the tokenizer has no such token");
        }
        return id;
    }

    /** As {@link #idOf}, but -1 if there is no such token. */
    public int find(String text) {
        AddedToken token = addedByContent.get(text);
        if (token != null) {
            return token.id();
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return vocabulary.find(bytes, 0, bytes.length);
    }

    /** The text of one token, for people: U+FFFD where it holds part of a character, empty for an id without a token. */
    public String piece(int id) {
        byte[] bytes = bytesOf(id);
        return Utf8.decode(bytes, 0, bytes.length);
    }

    /** The added tokens by their texts: what the chat template and media placeholders are made of. */
    public List<String> addedTokens() {
        List<String> names = new ArrayList<>(addedByContent.keySet());
        Collections.sort(names);
        return names;
    }

    /** Bytes of a token; none for an id without a token. */
    byte[] bytesOf(int id) {
        AddedToken token = addedById.get(id);
        if (token != null) {
            return token.content().getBytes(StandardCharsets.UTF_8);
        }
        if (!vocabulary.holds(id)) {
            return new byte[0];
        }
        byte[] bytes = new byte[vocabulary.length(id)];
        vocabulary.copy(id, bytes, 0);
        return bytes;
    }

    @Override
    public String toString() {
        return "tokenizer of " + size + " ids from " + source + ", added "
                + Arrays.toString(addedTokens().toArray());
    }
}
