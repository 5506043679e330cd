package omni.loader;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class TokenDecoderTest {
    private static final int[] EDGES = {
        0x00, 0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xE1, 0xEC, 0xED, 0xEE,
        0xEF, 0xF0, 0xF1, 0xF3, 0xF4, 0xF5, 0xFF
    };

    private final Tokenizer tokenizer = Tokenizer.load(Resources.path("tiny-omni"));
    private final int[] idOfByte = idsOfBytes();

    private int[] idsOfBytes() {
        int[] ids = new int[256];
        for (int id = 0; id < tokenizer.size(); id++) {
            byte[] bytes = tokenizer.bytesOf(id);
            if (bytes.length == 1) {
                ids[bytes[0] & 0xFF] = id;
            }
        }
        return ids;
    }

    /** One U+FFFD per maximal beginning of a character (the Unicode standard, chapter 3.9, "best practice"). */
    private static String definition(byte[] bytes) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < bytes.length; ) {
            int lead = bytes[i] & 0xFF;
            int more = lead < 0x80 ? 0 : lead < 0xC2 ? -1 : lead < 0xE0 ? 1 : lead < 0xF0 ? 2 : lead < 0xF5 ? 3 : -1;
            int low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
            int high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
            int got = 0;
            while (got < more && i + 1 + got < bytes.length) {
                int next = bytes[i + 1 + got] & 0xFF;
                if (next < (got == 0 ? low : 0x80) || next > (got == 0 ? high : 0xBF)) {
                    break;
                }
                got++;
            }
            if (got == more) {
                out.append(new String(bytes, i, more + 1, StandardCharsets.UTF_8));
            } else {
                out.append('\uFFFD');
            }
            i += 1 + Math.max(0, got);
        }
        return out.toString();
    }

    private void assertDecodes(byte[] bytes, String hint) {
        String expected = definition(bytes);
        TokenDecoder decoder = tokenizer.streamDecoder(false);
        StringBuilder streamed = new StringBuilder();
        for (byte b : bytes) {
            streamed.append(decoder.push(idOfByte[b & 0xFF]));
            assertTrue(expected.startsWith(streamed.toString()), hint);
        }
        assertEquals(expected, streamed + decoder.flush(), hint);
    }

    @Test
    void replacesInvalidBytesByTheStandardsRule() {
        for (int a : EDGES) {
            for (int b : EDGES) {
                for (int c : EDGES) {
                    byte[] bytes = {(byte) a, (byte) b, (byte) c};
                    assertDecodes(bytes, Integer.toHexString(a << 16 | b << 8 | c));
                }
            }
        }
    }

    @Test
    void neverTakesBackWhatItHandedOut() {
        long seed = 8;
        Random random = new Random(seed);
        for (int round = 0; round < 20_000; round++) {
            byte[] bytes = new byte[1 + random.nextInt(12)];
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = (byte) EDGES[random.nextInt(EDGES.length)];
            }
            assertDecodes(bytes, "seed=" + seed + ", bytes=" + HexFormat.of().formatHex(bytes));
        }
    }
}
