package omni.loader;

import static omni.loader.Resources.refusal;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class JsonTest {
    private static JsonValue parse(String text) {
        return Json.parse("x.json", text);
    }

    private static String refused(String text) {
        return refusal(() -> parse(text));
    }

    private static String refusedBytes(int... bytes) {
        byte[] text = new byte[bytes.length + 2];
        text[0] = '"';
        for (int i = 0; i < bytes.length; i++) {
            text[i + 1] = (byte) bytes[i];
        }
        text[bytes.length + 1] = '"';
        return refusal(() -> Json.parse("x.json", text));
    }

    @Test
    void readsEveryKindOfValue() {
        JsonObject o = parse("""
            {"s": "a\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\ud83d\\ude00é😀", "i": -12, "max": 9223372036854775807,
             "min": -9223372036854775808, "f": 1.5e-3, "t": true, "n": null, "o": {}, "a": [1, [2], {"b": 3}]}
            """).asObject();
        assertEquals("a\"\\/\b\f\n\r\té😀é😀", o.getString("s"));
        assertEquals(-12, o.getInt("i"));
        assertEquals(Long.MAX_VALUE, o.getLong("max"));
        assertEquals(Long.MIN_VALUE, o.getLong("min"));
        assertEquals(1.5e-3, o.getDouble("f"));
        assertTrue(o.getBoolean("t"));
        assertTrue(o.get("n").isNull());
        assertNull(o.find("n"));
        assertFalse(o.has("n"));
        assertEquals(Set.of(), o.getObject("o").keys());
        assertEquals(3, o.getArray("a").get(2).asObject().getInt("b"));
        assertEquals("a[2].b", o.getArray("a").get(2).asObject().get("b").path());
        assertEquals(List.of("s", "i", "max", "min", "f", "t", "n", "o", "a"), List.copyOf(o.keys()));
    }

    @Test
    void takesDefaultsForAbsentAndNullKeysOnly() {
        JsonObject o = parse("{\"n\": null, \"s\": \"x\"}").asObject();
        assertEquals(7, o.getInt("n", 7));
        assertEquals(8, o.getInt("absent", 8));
        assertEquals(List.of(1, 2), o.getInts("absent", List.of(1, 2)));
        assertEquals("json: file=x.json, key=s, found=\"x\"; expected a whole number", refusal(() -> o.getInt("s", 7)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "{",
                "[",
                "[1",
                "[1,",
                "[1,]",
                "{\"a\":1,}",
                "{\"a\"}",
                "{\"a\":}",
                "{a:1}",
                "[1 2]",
                "01",
                "-",
                "1.",
                ".5",
                "1e",
                "1e+",
                "+1",
                "NaN",
                "Infinity",
                "nul",
                "tru",
                "truex",
                "'a'",
                "\"a",
                "\"\\x\"",
                "\"\\u12\"",
                "\"\\u12g4\"",
                "[}",
                "{]",
                "]",
                "1 2",
                "{} {}",
                "\"\t\"",
                "\"\\ud800\"",
                "\"\\udc00\"",
                "\"\\ud800\\u0041\"",
                "\"\\ud800x\"",
                "\uFEFF{}",
                "// c\n1",
                "[1,,2]",
                "-01",
                "\"\\"
            })
    void refusesWhatIsNoStrictJson(String text) {
        assertTrue(refused(text).startsWith("json: file=x.json, line="), () -> refused(text));
    }

    @Test
    void namesThePlaceOfAnError() {
        assertEquals(
                "json: file=x.json, line=2, column=8, found='}'; expected a value", refused("{\"é\": 1,\n \"b\":  }"));
        assertEquals("json: file=x.json, line=1, column=2, found=end of text; expected a value", refused("["));
        assertEquals(
                "json: file=x.json, line=1, column=4, found='x'; expected nothing after the value", refused("{} x"));
        assertEquals(
                "json: file=x.json, line=1, column=1, found='0'; expected a number without leading zeros",
                refused("012"));
        assertEquals(
                "json: file=x.json, line=1, column=2, found=byte 0x09; expected no control character in a string",
                refused("\"\t\""));
        assertEquals(
                "json: file=x.json, line=1, column=2, found='\\'; expected a surrogate pair, not half of one",
                refused("\"\\ud800\""));
    }

    @Test
    void refusesBrokenUtf8() {
        String expected = "json: file=x.json, line=1, column=2, found=byte 0x%02X; expected valid UTF-8";
        assertEquals(expected.formatted(0xFF), refusedBytes(0xFF));
        assertEquals(expected.formatted(0x80), refusedBytes(0x80));
        assertEquals(expected.formatted(0xC0), refusedBytes(0xC0, 0x80));
        assertEquals(expected.formatted(0xC1), refusedBytes(0xC1, 0xBF));
        assertEquals(expected.formatted(0xC3), refusedBytes(0xC3));
        assertEquals(expected.formatted(0xE0), refusedBytes(0xE0, 0x9F, 0xBF));
        assertEquals(expected.formatted(0xED), refusedBytes(0xED, 0xA0, 0x80));
        assertEquals(expected.formatted(0xE4), refusedBytes(0xE4, 0xBD, 0x41));
        assertEquals(expected.formatted(0xF0), refusedBytes(0xF0, 0x8F, 0x80, 0x80));
        assertEquals(expected.formatted(0xF4), refusedBytes(0xF4, 0x90, 0x80, 0x80));
        assertEquals(expected.formatted(0xF5), refusedBytes(0xF5, 0x80, 0x80, 0x80));
    }

    @Test
    void refusesAKeyThatComesTwice() {
        assertEquals(
                "json: file=x.json, line=1, column=12, found='2'; expected every key once, but this one comes again:"
                        + " \"a\"",
                refused("{\"a\":1,\"a\":2}"));
    }

    @Test
    void refusesNumbersThatAreNotWholeWhereOneIsAsked() {
        JsonObject o = parse("{\"f\": 1.0, \"e\": 1e3, \"big\": 9223372036854775808, \"long\": 4294967296}")
                .asObject();
        assertEquals("json: file=x.json, key=f, found=1.0; expected a whole number", refusal(() -> o.getLong("f")));
        assertEquals("json: file=x.json, key=e, found=1e3; expected a whole number", refusal(() -> o.getLong("e")));
        assertEquals(
                "json: file=x.json, key=big, found=9223372036854775808; expected a whole number",
                refusal(() -> o.getLong("big")));
        assertEquals(
                "json: file=x.json, key=long, found=4294967296; expected a whole number of 32 bits",
                refusal(() -> o.getInt("long")));
        assertEquals(0x1p63, o.getDouble("big"));
    }

    @Test
    void refusesNumbersBeyondADouble() {
        assertEquals(
                "json: file=x.json, key=a, found=1e999; expected a number within the range of a double",
                refusal(() -> parse("{\"a\": 1e999}").asObject().getDouble("a")));
        assertTrue(refused("1".repeat(401)).endsWith("expected a number of at most 400 characters"));
    }

    @Test
    void namesFileAndPathWhenAValueIsOfAnotherKind() {
        JsonObject o = parse("{\"a\": {\"b\": [true, {}]}}").asObject();
        JsonObject a = o.getObject("a");
        assertEquals("json: file=x.json, key=a.c; the key is missing", refusal(() -> a.getString("c")));
        assertEquals("json: file=x.json, key=a.b, found=an array; expected an object", refusal(() -> a.getObject("b")));
        assertEquals("json: file=x.json, key=a, found=an object; expected an array", refusal(() -> o.getArray("a")));
        assertEquals(
                "json: file=x.json, key=a.b[0], found=true; expected a string",
                refusal(() -> a.getArray("b").toStrings()));
        assertEquals(
                "json: file=x.json, key=a.b[1], found=an object; expected true or false",
                refusal(() -> a.getArray("b").get(1).asBoolean()));
        assertEquals(
                "json: file=x.json, found=3; expected an object",
                refusal(() -> parse("3").asObject()));
    }

    @Test
    void printsHostileTextSafely() {
        assertEquals(
                "json: file=x.json, key=a, found=\"\uFFFD[31m\uFFFD" + "y".repeat(74) + "…\"; expected a number",
                refusal(() -> parse("{\"a\": \"\\u001b[31m\\u202e" + "y".repeat(200) + "\"}")
                        .asObject()
                        .getDouble("a")));
    }

    @Test
    void refusesDeepNesting() {
        assertTrue(parse("[".repeat(100) + "]".repeat(100)).isArray());
        assertEquals(
                "json: file=x.json, line=1, column=101, found='['; expected at most 100 levels of nesting",
                refused("[".repeat(1_000_000)));
    }

    @Test
    void refusesMoreValuesThanATreeShouldHold() {
        String text = "[" + "0,".repeat(Json.MAX_VALUES) + "0]";
        assertTrue(refused(text).endsWith("expected at most 1000000 values"));
    }

    @Test
    void refusesALoneSurrogateInAString() {
        assertEquals("json: file=x.json; expected text without lone surrogates", refused("\"\ud800\""));
    }

    @Test
    void skipsValuesAsStrictlyAsItReadsThem() {
        byte[] good = "{\"a\": [1, {\"b\": \"\\n\"}, null, true, -1.5e3], \"c\": 2}".getBytes(StandardCharsets.UTF_8);
        JsonReader reader = new JsonReader("x.json", good, good.length);
        reader.beginObject();
        assertTrue(reader.nextKey());
        reader.skipValue();
        assertTrue(reader.nextKey());
        assertEquals("c", reader.text());
        assertEquals(2, reader.integer());
        assertFalse(reader.nextKey());
        reader.end();
        byte[] bad = "[[1, 01]]".getBytes(StandardCharsets.UTF_8);
        refusal(() -> new JsonReader("x.json", bad, bad.length).skipValue());
    }

    @Test
    void namesAFileThatCannotBeRead(@TempDir Path folder) throws IOException {
        Path absent = folder.resolve("absent.json");
        assertEquals("file: path=" + absent + "; no such file", refusal(() -> Json.read(absent)));
        assertEquals(
                "file: path=" + folder + "; this is a folder, a file is expected", refusal(() -> Json.read(folder)));
        Path large = folder.resolve("large.json");
        try (RandomAccessFile file = new RandomAccessFile(large.toFile(), "rw")) {
            file.setLength(Json.MAX_BYTES + 1L);
        }
        assertEquals(
                "file too large: file=" + large + ", bytes=67108865, limit=67108864; is it the right file?",
                refusal(() -> Json.read(large)));
        Path text = folder.resolve("text.json");
        Files.writeString(text, "{\"a\": [1, 2, 3]}");
        assertEquals(List.of(1, 2, 3), Json.readObject(text).getInts("a"));
    }
}
