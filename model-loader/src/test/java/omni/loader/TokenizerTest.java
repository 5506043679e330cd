package omni.loader;

import static omni.loader.Resources.refusal;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class TokenizerTest {
    private static final Path TINY = Resources.path("tiny-omni");

    @TempDir
    private Path folder;

    /** The sets of files that describe the same tokenizer. */
    enum Form {
        TOKENIZER_JSON("tokenizer.json"),
        VOCAB_MERGES_AND_CONFIG("vocab.json", "merges.txt", "tokenizer_config.json"),
        VOCAB_MERGES_AND_OLDER_FILES("vocab.json", "merges.txt", "added_tokens.json", "special_tokens_map.json"),
        ALL_OLDER_FILES(
                "vocab.json", "merges.txt", "added_tokens.json", "special_tokens_map.json", "tokenizer_config.json");

        @SuppressWarnings("ImmutableEnumChecker") // made by List.of
        private final List<String> files;

        Form(String... files) {
            this.files = List.of(files);
        }
    }

    private Tokenizer load(Form form) {
        try {
            for (String file : form.files) {
                Files.copy(TINY.resolve(file), folder.resolve(file));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Tokenizer.load(folder);
    }

    private static List<JsonObject> lines(String file) {
        try {
            return Files.readAllLines(TINY.resolve(file)).stream()
                    .map(line -> Json.parse(file, line).asObject())
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int[] ints(List<Integer> list) {
        return list.stream().mapToInt(i -> i).toArray();
    }

    /** {@code tokenizer.json} with one piece of text replaced by another. */
    private String refused(String original, String changed) throws IOException {
        String json = Files.readString(TINY.resolve("tokenizer.json"));
        assertTrue(json.contains(original), original);
        Path file = folder.resolve("tokenizer.json");
        Files.writeString(file, json.replace(original, changed));
        return refusal(() -> Tokenizer.load(folder)).replace(file.toString(), "FILE");
    }

    @ParameterizedTest
    @EnumSource
    void encodesLikeTheReference(Form form) {
        Tokenizer tokenizer = load(form);
        for (JsonObject row : lines("encode.jsonl")) {
            assertArrayEquals(
                    ints(row.getInts("ids")), tokenizer.encode(row.getString("text")), () -> row.getString("text"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void decodesLikeTheReference(Form form) {
        Tokenizer tokenizer = load(form);
        for (JsonObject row : lines("decode.jsonl")) {
            int[] ids = ints(row.getInts("ids"));
            assertEquals(row.getString("text"), tokenizer.decode(ids, false));
            assertEquals(row.getString("text_without_special"), tokenizer.decode(ids, true));
            TokenDecoder decoder = tokenizer.streamDecoder(false);
            List<String> increments = row.getStrings("increments");
            for (int i = 0; i < ids.length; i++) {
                assertEquals(increments.get(i), decoder.push(ids[i]), () -> row.getString("text"));
            }
            assertEquals(row.getString("text"), String.join("", increments) + decoder.flush());
        }
    }

    @Test
    void readsMergesThatAreWrittenAsPairs() throws IOException {
        StringBuilder pairs = new StringBuilder();
        List<String> lines = Files.readAllLines(TINY.resolve("merges.txt"));
        for (String line : lines.subList(1, lines.size())) {
            int space = line.indexOf(' ');
            pairs.append(pairs.isEmpty() ? "[" : ",")
                    .append(new JsonWriter()
                            .beginArray()
                            .value(line.substring(0, space))
                            .value(line.substring(space + 1))
                            .endArray());
        }
        String json = Files.readString(TINY.resolve("tokenizer.json"));
        int at = json.indexOf("\"merges\":");
        Files.writeString(folder.resolve("tokenizer.json"), json.substring(0, at) + "\"merges\":" + pairs + "]}}");
        Tokenizer tokenizer = Tokenizer.load(folder);
        for (JsonObject row : lines("encode.jsonl")) {
            assertArrayEquals(ints(row.getInts("ids")), tokenizer.encode(row.getString("text")));
        }
    }

    @Test
    void readsKeysInAnyOrder() throws IOException {
        String json = Files.readString(TINY.resolve("tokenizer.json"));
        int model = json.indexOf("\"model\":");
        int vocab = json.indexOf("\"vocab\":");
        int merges = json.indexOf("\"merges\":");
        String turned = "{" + json.substring(model, vocab) + json.substring(merges, json.length() - 2) + ","
                + json.substring(vocab, merges - 1) + "}," + json.substring(1, model - 1) + "}";
        Files.writeString(folder.resolve("tokenizer.json"), turned);
        assertArrayEquals(
                Tokenizer.load(TINY).encode("Hello <|im_end|> world"),
                Tokenizer.load(folder).encode("Hello <|im_end|> world"));
    }

    @Test
    void readsMergesWithCarriageReturnsAndWithoutAComment() throws IOException {
        load(Form.VOCAB_MERGES_AND_CONFIG);
        String merges = Files.readString(folder.resolve("merges.txt"));
        Files.writeString(
                folder.resolve("merges.txt"),
                merges.substring(merges.indexOf('\n') + 1).replace("\n", "\r\n"));
        assertArrayEquals(
                Tokenizer.load(TINY).encode("the same ids"),
                Tokenizer.load(folder).encode("the same ids"));
    }

    @Test
    void decodesWhatItEncodes() {
        Tokenizer tokenizer = Tokenizer.load(TINY);
        long seed = 6;
        Random random = new Random(seed);
        for (int round = 0; round < 2000; round++) {
            StringBuilder text = new StringBuilder();
            for (int n = random.nextInt(30); n > 0; n--) {
                int c = random.nextInt(4) == 0 ? random.nextInt(0x20000) : random.nextInt(0x250);
                text.appendCodePoint(Character.isSurrogate((char) c) && c < 0x10000 ? 'x' : c);
            }
            String nfc = Normalizer.normalize(text, Normalizer.Form.NFC);
            int[] ids = tokenizer.encode(text.toString());
            assertEquals(nfc, tokenizer.decode(ids, false), () -> "seed=" + seed + ", text=" + text);
            TokenDecoder decoder = tokenizer.streamDecoder(true);
            StringBuilder streamed = new StringBuilder();
            for (int id : ids) {
                streamed.append(decoder.push(id));
            }
            assertEquals(nfc, streamed + decoder.flush(), () -> "seed=" + seed + ", text=" + text);
        }
    }

    @Test
    void encodesLongWordsInReasonableTime() {
        Tokenizer tokenizer = Tokenizer.load(TINY);
        for (String unit : List.of("a", " ", "好", "\n", "1", "-")) {
            String text = unit.repeat(300_000);
            assertEquals(text, tokenizer.decode(tokenizer.encode(text), false));
        }
    }

    @Test
    void holdsBackAnUnfinishedCharacter() {
        Tokenizer tokenizer = Tokenizer.load(TINY);
        int[] ids = tokenizer.encode("😀");
        assertEquals(4, ids.length);
        TokenDecoder decoder = tokenizer.streamDecoder(true);
        int end = tokenizer.idOf("<|im_end|>");
        assertEquals("", decoder.push(ids[0]));
        assertEquals("", decoder.push(end));
        assertEquals("", decoder.push(ids[1]));
        assertEquals("", decoder.push(999_999));
        assertEquals("", decoder.push(-1));
        assertEquals("", decoder.push(ids[2]));
        assertEquals("😀", decoder.push(ids[3]));
        assertEquals("", decoder.push(ids[0]));
        assertEquals("\uFFFD", decoder.flush());
        assertEquals("", decoder.flush());
        assertEquals("\uFFFD<|im_end|>", tokenizer.decode(new int[] {ids[0], end}, false));
    }

    @Test
    void knowsItsTokens() {
        Tokenizer tokenizer = Tokenizer.load(TINY);
        assertEquals(1222, tokenizer.size());
        assertEquals(1219, tokenizer.idOf("<|im_end|>"));
        assertTrue(tokenizer.isSpecial(1219));
        assertFalse(tokenizer.isSpecial(tokenizer.idOf("<tool_call>")));
        assertFalse(tokenizer.isSpecial(-1));
        assertEquals("<|im_end|>", tokenizer.piece(1219));
        assertEquals(" ", tokenizer.piece(tokenizer.idOf(" ")));
        assertEquals("\uFFFD", tokenizer.piece(tokenizer.encode("😀")[0]));
        assertEquals("", tokenizer.piece(5000));
        assertEquals(-1, tokenizer.find("no such token at all"));
        assertEquals(22, tokenizer.addedTokens().size());
        Path file = TINY.resolve("tokenizer.json");
        assertEquals(
                "tokenizer: file=" + file + ", token=\"<|eot|>\"; the tokenizer has no such token",
                refusal(() -> tokenizer.idOf("<|eot|>")));
    }

    @Test
    void takesALoneSurrogateAsTheReplacementCharacter() {
        Tokenizer tokenizer = Tokenizer.load(TINY);
        assertArrayEquals(tokenizer.encode("a\uFFFDb\uFFFD😀"), tokenizer.encode("a\ud83db\ude00😀"));
    }

    @Test
    void findsTokensThatAreNormalizedAfterNfc() throws IOException {
        String json = Files.readString(TINY.resolve("tokenizer.json"));
        Files.writeString(
                folder.resolve("tokenizer.json"),
                json.replace(
                        "\"added_tokens\":[",
                        "\"added_tokens\":[{\"id\":1300,\"content\":\"é!\",\"normalized\":true,\"special\":false},"
                                + "{\"id\":1301,\"content\":\"é\",\"normalized\":false,\"special\":false},"));
        Tokenizer tokenizer = Tokenizer.load(folder);
        assertArrayEquals(new int[] {1300}, tokenizer.encode("e\u0301!"));
        assertEquals(1301, tokenizer.encode("é!")[0]);
        assertEquals(1302, tokenizer.size());
    }

    @Test
    void refusesAnotherKindOfTokenizer() throws IOException {
        String only = "only the byte-level BPE of Qwen2 is supported";
        assertEquals(
                "json: file=FILE, key=normalizer.type, found=\"NFKC\"; expected NFC, " + only,
                refused("{\"type\":\"NFC\"}", "{\"type\":\"NFKC\"}"));
        assertEquals(
                "json: file=FILE, key=normalizer, found=null; expected NFC, " + only,
                refused("{\"type\":\"NFC\"}", "null"));
        assertEquals(
                "json: file=FILE, key=pre_tokenizer.pretokenizers[0].pattern.Regex,"
                        + " found=\"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r"
                        + "\\n"
                        + "\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N…\"; " + only,
                refused("|\\\\p{N}|", "|\\\\p{N}{1,3}|"));
        assertEquals(
                "json: file=FILE, key=pre_tokenizer.type, found=\"Whitespace\"; expected Sequence of Split and"
                        + " ByteLevel, "
                        + only,
                refused("{\"type\":\"Sequence\"", "{\"type\":\"Whitespace\""));
        assertEquals(
                "json: file=FILE, key=pre_tokenizer.pretokenizers[0].behavior, found=\"Removed\"; " + only,
                refused("\"Isolated\"", "\"Removed\""));
        assertEquals(
                "json: file=FILE, key=model.type, found=\"Unigram\"; " + only,
                refused("\"type\":\"BPE\"", "\"type\":\"Unigram\""));
        assertEquals(
                "json: file=FILE, key=model.byte_fallback, found=true; " + only,
                refused("\"byte_fallback\":false", "\"byte_fallback\":true"));
        assertEquals(
                "json: file=FILE, key=added_tokens[0].lstrip, found=true; only false is supported",
                refused("\"lstrip\":false", "\"lstrip\":true"));
        assertEquals(
                "tokenizer: file=FILE, key=decoder; the key is missing; " + only,
                refused("\"decoder\":", "\"decode\":"));
    }

    @Test
    void refusesBrokenVocabulariesAndMerges() throws IOException {
        assertEquals(
                "tokenizer: file=FILE, token=\"!\", id=-1; expected an id from 0 to 3999999",
                refused("\"!\":0,", "\"!\":-1,"));
        assertEquals(
                "tokenizer: file=FILE, token=\"!\", id=4000000; expected an id from 0 to 3999999",
                refused("\"!\":0,", "\"!\":4000000,"));
        assertEquals("tokenizer: file=FILE, id=1; two tokens have the same id", refused("\"!\":0,", "\"!\":1,"));
        assertEquals(
                "tokenizer: file=FILE, token=\"\", id=1300; a token must not be empty",
                refused("\"!\":0,", "\"!\":0,\"\":1300,"));
        assertEquals(
                "tokenizer: file=FILE, token=\"!\", id=1300; the token occurs twice",
                refused("\"!\":0,", "\"!\":0,\"!\":1300,"));
        assertEquals(
                "tokenizer: file=FILE, token=\"好\", id=1300; this is no token of byte-level BPE",
                refused("\"!\":0,", "\"!\":0,\"好\":1300,"));
        assertEquals(
                "tokenizer: file=FILE, byte=33; a byte-level vocabulary needs a token for every byte",
                refused("\"!\":0,", ""));
        assertEquals(
                "tokenizer: file=FILE, merge=0, text=\"!!\"; expected two parts with one space between them",
                refused("\"merges\":[", "\"merges\":[\"!!\","));
        assertEquals(
                "tokenizer: file=FILE, merge=0, text=\"! ! !\"; expected two parts with one space between them",
                refused("\"merges\":[", "\"merges\":[\"! ! !\","));
        assertEquals(
                "tokenizer: file=FILE, merge=0, text=\"! ÿ\"; both parts and their union must be tokens of the"
                        + " vocabulary",
                refused("\"merges\":[", "\"merges\":[\"! ÿ\","));
        assertEquals(
                "tokenizer: file=FILE, key=added_tokens; a token or id occurs twice: \"x\", id 1200",
                refused("],\"normalizer\"", ",{\"id\":1200,\"content\":\"x\"}],\"normalizer\""));
        assertEquals(
                "tokenizer: file=FILE, key=added_tokens; the vocabulary has another token of this id: \"x\", id 0",
                refused("],\"normalizer\"", ",{\"id\":0,\"content\":\"x\"}],\"normalizer\""));
        assertEquals("tokenizer: file=FILE, key=model; vocab is missing", refused("\"vocab\":", "\"vocabulary\":"));
        assertTrue(refused("\"version\":\"1.0\"", "\"version\":").contains("line=1, column=12"));
    }

    @Test
    void refusesAMergeThatComesTwice() throws IOException {
        String first = Files.readAllLines(TINY.resolve("merges.txt")).get(1);
        assertEquals(
                "tokenizer: file=FILE, merge=1; the same pair as merge 0",
                refused("\"merges\":[", "\"merges\":[" + new JsonWriter().value(first) + ","));
    }

    @Test
    void refusesFoldersWithoutATokenizer() throws IOException {
        Files.copy(TINY.resolve("vocab.json"), folder.resolve("vocab.json"));
        assertEquals(
                "model folder: path=" + folder + ", contents=[vocab.json]; it lacks tokenizer.json or vocab.json with"
                        + " merges.txt, expected a folder with config.json, model.safetensors"
                        + " (or shards with their index) and tokenizer files",
                refusal(() -> Tokenizer.load(folder)));
    }

    @Test
    void refusesAnotherTokenizerClassBesideVocabAndMerges() throws IOException {
        load(Form.VOCAB_MERGES_AND_CONFIG);
        Path config = folder.resolve("tokenizer_config.json");
        Files.writeString(config, "{\"tokenizer_class\": \"GPT2Tokenizer\"}");
        assertEquals(
                "json: file=" + config
                        + ", key=tokenizer_class, found=\"GPT2Tokenizer\"; only the byte-level BPE of Qwen2 "
                        + "is supported",
                refusal(() -> Tokenizer.load(folder)));
    }
}
