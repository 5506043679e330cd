package omni.loader;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Random;
import org.junit.jupiter.api.Test;

final class JsonWriterTest {
    @Test
    void placesCommasAndBrackets() {
        JsonWriter w = new JsonWriter()
                .beginObject()
                .name("ids")
                .value(new int[] {1, -2})
                .name("empty")
                .beginArray()
                .endArray()
                .name("o")
                .beginObject()
                .name("t")
                .value(true)
                .name("n")
                .nullValue()
                .endObject()
                .name("x")
                .value(1.5)
                .name("whole")
                .value(2.0)
                .name("big")
                .value(1e300)
                .endObject();
        assertEquals(
                "{\"ids\":[1,-2],\"empty\":[],\"o\":{\"t\":true,\"n\":null},\"x\":1.5,\"whole\":2,\"big\":1.0E300}",
                w.toString());
        assertEquals(1e300, Json.parse("w", w.toString()).asObject().getDouble("big"));
    }

    @Test
    void escapesWhatMustBe() {
        assertEquals(
                "\"\\\"\\\\/\\n\\r\\t\\u0000\\u001b\\u007fé😀\uFFFDx\"",
                new JsonWriter().value("\"\\/\n\r\t\0\u001b\u007fé😀\ud800x").toString());
    }

    @Test
    void refusesNumbersThatJsonLacks() {
        assertThrows(IllegalArgumentException.class, () -> new JsonWriter().value(Double.NaN));
        assertThrows(IllegalArgumentException.class, () -> new JsonWriter().value(Double.POSITIVE_INFINITY));
    }

    @Test
    void writesWhatTheReaderReadsBack() {
        long seed = 11;
        Random random = new Random(seed);
        for (int round = 0; round < 500; round++) {
            int[] codePoints = random.ints(20, 0, 0x3000).toArray();
            String text = new String(codePoints, 0, 20) + Character.toString(0x10000 + random.nextInt(0x10000));
            String json = new JsonWriter().value(text).toString();
            assertEquals(text, Json.parse("w", json).asString(), () -> "seed=" + seed + ", json=" + json);
        }
    }
}
