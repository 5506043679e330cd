package omni.loader;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import omni.error.ModelFormatException;
import org.jspecify.annotations.Nullable;

/**
 * Reads tokenizer files. The vocabulary goes straight from the text into {@link Vocabulary}, without a tree of strings. Files of
 * another kind of tokenizer are refused with what was found, since reading them by Qwen2's rules would give wrong ids silently.
 */
final class TokenizerFiles {
    private static final int MAX_BYTES = 256 << 20;
    private static final String ONLY = "only the byte-level BPE of Qwen2 is supported";

    private final Path file;
    private @Nullable Vocabulary vocabulary;
    private @Nullable MergeTable merges;
    private final List<AddedToken> added = new ArrayList<>();

    private TokenizerFiles(Path file) {
        this.file = file;
    }

    /** {@code tokenizer.json}: everything in one file. */
    static Tokenizer fromJson(Path file) {
        TokenizerFiles files = new TokenizerFiles(file);
        files.readJson();
        return files.tokenizer();
    }

    /**
     * {@code vocab.json} and {@code merges.txt}, with the added tokens of {@code tokenizer_config.json} and, where that does not list
     * them, of {@code added_tokens.json} and {@code special_tokens_map.json}.
     */
    static Tokenizer fromVocabAndMerges(Path folder) {
        TokenizerFiles files = new TokenizerFiles(folder.resolve(Tokenizer.VOCAB));
        byte[] vocab = Json.bytes(files.file, MAX_BYTES);
        JsonReader reader = new JsonReader(files.file.toString(), vocab, vocab.length);
        files.vocabulary = files.vocabulary(reader);
        reader.end();
        files.merges = mergeLines(folder.resolve(Tokenizer.MERGES), files.vocabulary);
        files.readAddedTokens(folder);
        return files.tokenizer();
    }

    private Tokenizer tokenizer() {
        if (vocabulary == null || merges == null) {
            throw refuse("model", (vocabulary == null ? "vocab" : "merges") + " is missing");
        }
        Set<Integer> ids = new HashSet<>();
        Set<String> contents = new HashSet<>();
        for (AddedToken token : added) {
            if (!ids.add(token.id()) || !contents.add(token.content())) {
                throw refuse(
                        "added_tokens",
                        "a token or id occurs twice: " + Messages.quote(token.content()) + ", id " + token.id());
            }
            byte[] bytes = token.content().getBytes(StandardCharsets.UTF_8);
            if (vocabulary.holds(token.id()) && vocabulary.find(bytes, 0, bytes.length) != token.id()) {
                throw refuse(
                        "added_tokens",
                        "the vocabulary has another token of this id: " + Messages.quote(token.content()) + ", id "
                                + token.id());
            }
        }
        return new Tokenizer(file.toString(), vocabulary, merges, added);
    }

    private ModelFormatException refuse(String key, String why) {
        return new ModelFormatException("tokenizer: file=" + file + ", key=" + key + "; " + why);
    }

    private void readJson() {
        byte[] bytes = Json.bytes(file, MAX_BYTES);
        JsonReader reader = new JsonReader(file.toString(), bytes, bytes.length);
        Set<String> seen = new HashSet<>();
        int mergesAt = -1;
        reader.beginObject();
        while (reader.nextKey()) {
            String key = reader.text();
            if (!seen.add(key)) {
                throw refuse(Messages.quote(key), "the key occurs twice");
            }
            switch (key) {
                case "added_tokens" -> readAddedTokens(Json.next(reader, key));
                case "normalizer" -> requireNfc(Json.next(reader, key));
                case "pre_tokenizer" -> requireQwen2Words(Json.next(reader, key));
                case "decoder" -> requireByteLevel(Json.next(reader, key));
                case "model" -> mergesAt = readModel(reader);
                default -> reader.skipValue();
            }
        }
        reader.end();
        for (String key : List.of("normalizer", "pre_tokenizer", "decoder", "model")) {
            if (!seen.contains(key)) {
                throw refuse(key, "the key is missing; " + ONLY);
            }
        }
        if (mergesAt >= 0 && vocabulary != null) {
            reader.seek(mergesAt);
            merges = merges(reader, vocabulary);
        }
    }

    /** @return where the merges begin, if they came before the vocabulary and are still to be read; else -1 */
    private int readModel(JsonReader reader) {
        Set<String> seen = new HashSet<>();
        int mergesAt = -1;
        reader.beginObject();
        while (reader.nextKey()) {
            String key = reader.text();
            if (!seen.add(key)) {
                throw refuse("model." + Messages.quote(key), "the key occurs twice");
            }
            if (key.equals("vocab")) {
                vocabulary = vocabulary(reader);
            } else if (key.equals("merges") && vocabulary != null) {
                merges = merges(reader, vocabulary);
            } else if (key.equals("merges")) {
                mergesAt = reader.position();
                reader.skipValue();
            } else {
                requireModel(key, Json.next(reader, "model." + key));
            }
        }
        return mergesAt;
    }

    private static void requireModel(String key, JsonValue value) {
        boolean good = switch (key) {
            case "type" -> value.isString() && value.asString().equals("BPE");
            case "byte_fallback", "ignore_merges" -> value.isNull() || !value.asBoolean();
            case "continuing_subword_prefix", "end_of_word_suffix" ->
                value.isNull() || value.asString().isEmpty();
            case "dropout" -> value.isNull() || value.asDouble() == 0;
            default -> true;
        };
        if (!good) {
            throw value.refuse(ONLY);
        }
    }

    private static void requireNfc(JsonValue value) {
        if (value.isNull() || !value.asObject().getString("type").equals("NFC")) {
            throw unlike(value, "NFC");
        }
    }

    private static void requireQwen2Words(JsonValue value) {
        if (value.isNull() || !value.asObject().getString("type").equals("Sequence")) {
            throw unlike(value, "Sequence of Split and ByteLevel");
        }
        JsonArray parts = value.asObject().getArray("pretokenizers");
        if (parts.size() != 2) {
            throw value.refuse("expected Split and ByteLevel; " + ONLY);
        }
        JsonObject split = parts.get(0).asObject();
        if (!split.getString("type").equals("Split")) {
            throw split.refuse("type", ONLY);
        }
        JsonObject pattern = split.getObject("pattern");
        if (!pattern.getString("Regex", "").equals(PreTokenizer.PATTERN)) {
            throw pattern.refuse("Regex", ONLY);
        }
        if (!split.getString("behavior").equals("Isolated")) {
            throw split.refuse("behavior", ONLY);
        }
        ConfigKeys.off(split, "invert");
        requireByteLevel(parts.get(1));
        ConfigKeys.off(parts.get(1).asObject(), "add_prefix_space");
        if (parts.get(1).asObject().getBoolean("use_regex", true)) {
            throw parts.get(1).asObject().refuse("use_regex", "only false is supported");
        }
    }

    private static void requireByteLevel(JsonValue value) {
        if (value.isNull() || !value.asObject().getString("type").equals("ByteLevel")) {
            throw unlike(value, "ByteLevel");
        }
    }

    private static ModelFormatException unlike(JsonValue value, String expected) {
        return value.isNull()
                ? value.refuse("expected " + expected + ", " + ONLY)
                : value.asObject().refuse("type", "expected " + expected + ", " + ONLY);
    }

    private Vocabulary vocabulary(JsonReader reader) {
        Vocabulary.Builder builder = new Vocabulary.Builder(file.toString());
        reader.beginObject();
        while (reader.nextKey()) {
            // The key's bytes stay valid while a number is read.
            byte[] text = reader.textBytes();
            int from = reader.textFrom();
            int to = reader.textTo();
            builder.add(text, from, to, reader.integer());
        }
        return builder.build();
    }

    /** Older writers give {@code "a b"}, newer ones {@code ["a", "b"]}. */
    private MergeTable merges(JsonReader reader, Vocabulary tokens) {
        MergeTable.Builder builder = new MergeTable.Builder(file.toString(), tokens);
        reader.beginArray();
        while (reader.nextElement()) {
            if (reader.peek() == JsonToken.ARRAY) {
                addPair(reader, builder);
            } else {
                reader.string();
                addLine(builder, reader.textBytes(), reader.textFrom(), reader.textTo());
            }
        }
        return builder.build();
    }

    private static void addPair(JsonReader reader, MergeTable.Builder builder) {
        List<String> parts = new ArrayList<>(2);
        reader.beginArray();
        while (reader.nextElement()) {
            reader.string();
            parts.add(reader.text());
            if (parts.size() > 2) {
                throw reader.expected("two parts of a merge");
            }
        }
        if (parts.size() != 2) {
            throw reader.expected("two parts of a merge");
        }
        byte[] left = parts.get(0).getBytes(StandardCharsets.UTF_8);
        byte[] both = (parts.get(0) + parts.get(1)).getBytes(StandardCharsets.UTF_8);
        builder.add(both, 0, left.length, left.length, both.length);
    }

    private static void addLine(MergeTable.Builder builder, byte[] text, int from, int to) {
        int middle = -1;
        for (int i = from; i < to; i++) {
            if (text[i] == ' ') {
                if (middle >= 0) {
                    throw builder.refuse(text, from, to, "expected two parts with one space between them");
                }
                middle = i;
            }
        }
        if (middle < 0) {
            throw builder.refuse(text, from, to, "expected two parts with one space between them");
        }
        builder.add(text, from, middle, middle + 1, to);
    }

    /** One merge a line. The first line may be a comment {@code #version: ...}; others that begin with # are merges. */
    private static MergeTable mergeLines(Path file, Vocabulary vocabulary) {
        byte[] text = Json.bytes(file, MAX_BYTES);
        MergeTable.Builder builder = new MergeTable.Builder(file.toString(), vocabulary);
        int from = 0;
        while (from < text.length) {
            int to = from;
            while (to < text.length && text[to] != '\n') {
                to++;
            }
            int end = to > from && text[to - 1] == '\r' ? to - 1 : to;
            boolean comment =
                    from == 0 && Utf8.decode(text, 0, Math.min(end, 8)).equals("#version");
            if (!comment && end > from) {
                addLine(builder, text, from, end);
            }
            from = to + 1;
        }
        return builder.build();
    }

    private void readAddedTokens(JsonValue list) {
        if (list.isNull()) {
            return;
        }
        for (JsonValue value : list.asArray().toValues()) {
            JsonObject token = value.asObject();
            added.add(addedToken(token, ConfigKeys.id(token, "id", -1, Vocabulary.MAX_SIZE)));
        }
    }

    private static AddedToken addedToken(JsonObject token, int id) {
        ConfigKeys.off(token, "lstrip");
        ConfigKeys.off(token, "rstrip");
        ConfigKeys.off(token, "single_word");
        if (token.getString("content").isEmpty()) {
            throw token.refuse("content", "an added token must not be empty");
        }
        boolean special = token.getBoolean("special", false);
        return new AddedToken(id, token.getString("content"), special, token.getBoolean("normalized", !special));
    }

    private void readAddedTokens(Path folder) {
        Path config = folder.resolve("tokenizer_config.json");
        Set<String> listed = new HashSet<>();
        if (Files.exists(config)) {
            JsonObject json = Json.readObject(config);
            String kind = json.getString("tokenizer_class", "Qwen2Tokenizer");
            if (!kind.equals("Qwen2Tokenizer") && !kind.equals("Qwen2TokenizerFast")) {
                throw json.refuse("tokenizer_class", ONLY);
            }
            JsonObject byId = json.getObjectOrEmpty("added_tokens_decoder");
            for (String id : byId.keys()) {
                AddedToken token = addedToken(byId.getObject(id), id(byId, id));
                added.add(token);
                listed.add(token.content());
            }
        }
        Path plain = folder.resolve("added_tokens.json");
        if (Files.exists(plain)) {
            Set<String> special = specialTokens(folder.resolve("special_tokens_map.json"));
            JsonObject json = Json.readObject(plain);
            for (String content : json.keys()) {
                int id = ConfigKeys.id(json, content, -1, Vocabulary.MAX_SIZE);
                if (content.isEmpty()) {
                    throw json.refuse(content, "an added token must not be empty");
                }
                if (!listed.contains(content)) {
                    boolean isSpecial = special.contains(content);
                    added.add(new AddedToken(id, content, isSpecial, !isSpecial));
                }
            }
        }
    }

    private static int id(JsonObject byId, String key) {
        try {
            int id = Integer.parseInt(key);
            if (id >= 0 && id < Vocabulary.MAX_SIZE) {
                return id;
            }
        } catch (NumberFormatException e) {
            throw byId.refuse(key, "expected an id as key");
        }
        throw byId.refuse(key, "expected an id from 0 to " + (Vocabulary.MAX_SIZE - 1) + " as key");
    }

    /** Values are texts, objects with a text, or lists of either. */
    private static Set<String> specialTokens(Path file) {
        Set<String> contents = new HashSet<>();
        if (Files.exists(file)) {
            JsonObject json = Json.readObject(file);
            for (String key : json.keys()) {
                JsonValue value = json.get(key);
                for (JsonValue one : value.isArray() ? value.asArray().toValues() : List.of(value)) {
                    if (one.isString()) {
                        contents.add(one.asString());
                    } else if (one.isObject()) {
                        contents.add(one.asObject().getString("content", ""));
                    }
                }
            }
        }
        return contents;
    }
}
