package omni.golden;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import omni.loader.Json;
import omni.loader.JsonObject;
import omni.loader.TokenDecoder;
import omni.loader.Tokenizer;

/**
 * Text to ids and back, once with the vocabulary from tokenizer.json and once from vocab.json with merges.txt; and chat templates.
 * Texts are listed line by line; those of one kind make one case.
 */
final class TokenizerGroup implements GoldenGroup {
    private static final String ENCODE = "encode.jsonl";
    private static final String DECODE = "decode.jsonl";
    private static final String CHATS = "chat_template.json";

    @Override
    public boolean runs(GroupFolder folder) {
        return folder.name().startsWith("tokenizer/") && folder.name().endsWith("_cases");
    }

    @Override
    public List<GoldenCase> cases(GroupFolder folder, GoldenFolder goldens) {
        JsonObject manifest = folder.manifest();
        List<JsonObject> encode = lines(folder.path().resolve(ENCODE));
        List<JsonObject> decode = lines(folder.path().resolve(DECODE));
        List<GoldenCase> out = new ArrayList<>();
        out.add(GoldenCase.of(folder.name() + "/manifest", findings -> {
            findings.equal("encode_cases", manifest.getInt("encode_cases"), encode.size());
            findings.equal("decode_cases", manifest.getInt("decode_cases"), decode.size());
        }));
        Map<String, List<JsonObject>> kinds = new LinkedHashMap<>();
        encode.forEach(row -> kinds.computeIfAbsent(row.getString("kind"), k -> new ArrayList<>())
                .add(row));
        Path files = goldens.tokenizer(folder);
        for (TokenizerFiles source : TokenizerFiles.in(files)) {
            String end = " [" + source.label() + "]";
            kinds.forEach((kind, rows) -> out.add(GoldenCase.of(
                    folder.name() + "/encode/" + kind + end, findings -> encode(rows, source.tokenizer(), findings))));
            out.add(GoldenCase.of(
                    folder.name() + "/decode" + end, findings -> decode(decode, source.tokenizer(), findings)));
        }
        Path chats = folder.path().resolve(CHATS);
        if (Files.exists(chats)) {
            ChatCases.add(out, folder.name(), Json.readObject(chats), files);
        }
        return out;
    }

    private static List<JsonObject> lines(Path file) {
        List<JsonObject> out = new ArrayList<>();
        try {
            for (String line : Files.readString(file, StandardCharsets.UTF_8).split("\n", -1)) {
                if (!line.isEmpty()) {
                    out.add(Json.parse(file + ":" + (out.size() + 1), line).asObject());
                }
            }
        } catch (IOException e) {
            throw new IllegalStateException("cannot read " + file, e);
        }
        return out;
    }

    private static void encode(List<JsonObject> rows, Tokenizer tokenizer, Findings findings) {
        for (JsonObject row : rows) {
            String text = row.getString("text");
            findings.equal(
                    row.get("text").toString(), row.getInts("ids").toString(), Arrays.toString(tokenizer.encode(text)));
        }
    }

    private static void decode(List<JsonObject> rows, Tokenizer tokenizer, Findings findings) {
        for (JsonObject row : rows) {
            int[] ids = row.getInts("ids").stream().mapToInt(i -> i).toArray();
            String what = "ids " + row.getInts("ids");
            String text = row.getString("text");
            findings.equal(what, text, tokenizer.decode(ids, false));
            findings.equal(
                    what + " without special", row.getString("text_without_special"), tokenizer.decode(ids, true));
            increments(what, ids, text, row.getArray("increments").toStrings(), tokenizer, findings);
        }
    }

    /**
     * Nothing may come out before it is certain; what is certain comes out at once, except that an invalid byte may be held back with
     * what follows it.
     */
    private static void increments(
            String what, int[] ids, String text, List<String> increments, Tokenizer tokenizer, Findings findings) {
        TokenDecoder stream = tokenizer.streamDecoder(false);
        boolean valid = text.indexOf('\uFFFD') < 0;
        StringBuilder certain = new StringBuilder();
        StringBuilder shown = new StringBuilder();
        for (int i = 0; i < ids.length; i++) {
            certain.append(increments.get(i));
            shown.append(stream.push(ids[i]));
            if (valid) {
                findings.equal(what + " up to step " + i, certain.toString(), shown.toString());
            } else {
                findings.require(
                        what + ": step " + i + " shows too much: " + shown + ", certain is " + certain,
                        certain.toString().startsWith(shown.toString()));
            }
        }
        findings.equal(what + " to the end", text, shown + stream.flush());
    }
}
