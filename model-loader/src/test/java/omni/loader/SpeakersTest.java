package omni.loader;

import static omni.loader.Resources.refusal;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import omni.error.ModelFormatException;
import omni.error.RequestException;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

final class SpeakersTest {
    /** Sizes of the speakers that these tests write. */
    private static final int CONDITION = 3;

    private static final int MEL = 2;

    @TempDir
    private Path folder;

    private static Path corpus(String name) {
        return Resources.path("malformed/speakers/" + name);
    }

    @TestFactory
    List<DynamicTest> givesTheExpectedVerdictOnEveryFileOfTheCorpus() {
        Path root = Resources.path("malformed");
        JsonObject expectations = Json.readObject(root.resolve("expectations.json"));
        Matcher marker = Pattern.compile("(/tmp/\\S+) must not exist").matcher(expectations.getString("description"));
        assertTrue(marker.find());
        Path trace = Path.of(marker.group(1));
        List<DynamicTest> tests = new ArrayList<>();
        for (JsonValue each : expectations.getArray("speakers").toValues()) {
            JsonObject row = each.asObject();
            Path file = root.resolve(row.getString("file"));
            tests.add(DynamicTest.dynamicTest(row.getString("file"), () -> {
                switch (row.getString("expect")) {
                    case "accept" -> assertHolds(row, root);
                    case "reject" ->
                        assertTrue(refusal(() -> Speakers.read(file)).contains(file.toString()));
                    default -> readOrRefuse(file);
                }
                assertFalse(Files.exists(trace), "a hostile file had an effect");
            }));
        }
        assertTrue(tests.size() > 30);
        return tests;
    }

    private static void readOrRefuse(Path file) {
        try {
            Speakers.read(file);
        } catch (ModelFormatException e) {
            assertTrue(String.valueOf(e.getMessage()).contains(file.toString()));
        }
    }

    private static void assertHolds(JsonObject row, Path root) {
        Speakers speakers = Speakers.read(root.resolve(row.getString("file")));
        JsonObject expected = row.getObject("detail");
        assertEquals(expected.keys(), new LinkedHashSet<>(speakers.names()));
        for (Speaker speaker : speakers.all()) {
            JsonObject one = expected.getObject(speaker.name());
            assertEquals(one.getInt("bos_token", Integer.MIN_VALUE), speaker.bosToken());
            assertEquals(
                    one.getInts("cond"),
                    List.of(speaker.cond().rows(), speaker.cond().cols()));
            assertEquals(
                    one.getInts("ref_mel"),
                    List.of(1, speaker.refMel().rows(), speaker.refMel().cols()));
            try (SafetensorsFile values = SafetensorsFile.open(root.resolve(row.getString("values")))) {
                assertArrayEquals(
                        values.tensor(speaker.name() + ".cond").data().toArray(ValueLayout.JAVA_FLOAT_UNALIGNED),
                        speaker.cond().toArray());
                assertArrayEquals(
                        values.tensor(speaker.name() + ".ref_mel").data().toArray(ValueLayout.JAVA_FLOAT_UNALIGNED),
                        speaker.refMel().toArray());
            }
        }
    }

    /** A pickle of one speaker named A, cut off before its {@code bos_token}. */
    private static TorchFile begin(int condition, int mel) {
        TorchFile content = new TorchFile().raw("}").text("A").raw("}(");
        int storage = content.storage(new byte[4 * 64]);
        content.text("cond").tensor("FloatStorage", storage, 64, 0, new int[] {1, condition}, new int[] {9, 1});
        content.text("ref_mel").tensor("FloatStorage", storage, 64, 0, new int[] {1, 5, mel}, new int[] {9, mel, 1});
        return content.text("bos_token");
    }

    private Path write(TorchFile content) {
        return content.to(folder.resolve(Speakers.FILE));
    }

    private String refused(TorchFile content) {
        Path file = write(content);
        return refusal(() -> Speakers.read(file)).replace(file.toString(), "FILE");
    }

    private ModelConfig config() {
        String json = """
                {"model_type": "qwen2_5_omni",
                 "thinker_config": {"text_config": {"hidden_size": 8, "num_attention_heads": 2, "num_key_value_heads": 1,
                    "vocab_size": 200000, "rope_scaling": {"mrope_section": [1, 1, 0]}},
                    "audio_config": {"output_dim": 8}, "vision_config": {"out_hidden_size": 8}},
                 "token2wav_config": {"dit_config": {"enc_emb_dim": %d, "mel_dim": %d},
                    "bigvgan_config": {"mel_dim": %d}}}
                """.formatted(CONDITION, MEL, MEL);
        try {
            Files.writeString(folder.resolve("config.json"), json);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return ModelConfig.read(folder);
    }

    private String refusedToLoad(TorchFile content) {
        Path file = write(content);
        return refusal(() -> Speakers.load(folder, config())).replace(file.toString(), "FILE");
    }

    @Test
    void loadsWhatFitsTheConfiguration() {
        write(begin(CONDITION, MEL).whole(199_999).raw("us."));
        Speakers speakers = Speakers.load(folder, config());
        assertEquals(List.of("A"), speakers.names());
        assertEquals(199_999, speakers.voice("A").bosToken());
    }

    @Test
    void refusesWhatDoesNotFitTheConfiguration() {
        assertEquals(
                "speakers: file=FILE, speaker=\"A\", value=cond, found=[1,4]; expected [1,3] by enc_emb_dim in"
                        + " config.json",
                refusedToLoad(begin(4, MEL).whole(5).raw("us.")));
        assertEquals(
                "speakers: file=FILE, speaker=\"A\", value=ref_mel, found=[1,5,1]; expected [1,frames,2] by mel_dim in"
                        + " config.json",
                refusedToLoad(begin(CONDITION, 1).whole(5).raw("us.")));
        assertEquals(
                "speakers: file=FILE, speaker=\"A\", value=bos_token, found=200000; expected an id from 0 to 199999, by"
                        + " config.json",
                refusedToLoad(begin(CONDITION, MEL).whole(200_000).raw("us.")));
        assertEquals(
                "speakers: file=FILE, speaker=\"A\", value=bos_token, found=-1; expected an id from 0 to 199999, by"
                        + " config.json",
                refusedToLoad(begin(CONDITION, MEL).whole(-1).raw("us.")));
        assertEquals("speakers: file=FILE, speakers=0; it holds no voice", refusedToLoad(new TorchFile().raw("}.")));
    }

    @Test
    void saysThatTheFileIsMissing() {
        ModelConfig config = config();
        assertEquals(
                "speakers: file=" + folder.resolve("spk_dict.pt")
                        + "; no such file, but speech needs its voices: download it with the rest of the checkpoint",
                refusal(() -> Speakers.load(folder, config)));
    }

    @Test
    void saysWhatIsWrongWithASpeaker() {
        assertEquals(
                "speakers: file=FILE, found list; expected a dict of speakers", refused(new TorchFile().raw("].")));
        assertEquals(
                "speakers: file=FILE, speaker=\"A\", found NoneType; expected a dict",
                refused(new TorchFile().raw("}").text("A").raw("Ns.")));
        assertEquals(
                "speakers: file=FILE, speaker=\"A\", value=cond, found=nothing; expected a tensor [1,size]",
                refused(new TorchFile().raw("}").text("A").raw("}s.")));
        assertEquals(
                "speakers: file=FILE, speaker=\"A\", value=cond, found=float; expected a tensor [1,size]",
                refused(new TorchFile().raw("}").text("A").raw("}").text("cond").raw("G12345678ss.")));
        assertEquals(
                "speakers: file=FILE, speaker=\"A\", value=bos_token, found=str; expected an int",
                refused(begin(CONDITION, MEL).text("5").raw("us.")));
        assertEquals(
                "speakers: file=FILE, speaker=\"A\", value=bos_token, found=4294967296; expected an int of 32 bits",
                refused(begin(CONDITION, MEL).raw(0x8a, 5, 0, 0, 0, 0, 1).raw("us.")));
        assertEquals(
                "speakers: file=FILE, speaker=\"A\", value=ref_mel, found=nothing; expected a tensor [1,frames,mel]",
                refused(tensorOnly("cond", new int[] {1, 2})));
        for (int[] shape : new int[][] {{2, 2}, {4}, {1, 1, 4}, {1, 0}}) {
            assertEquals(
                    "speakers: file=FILE, speaker=\"A\", value=cond, found="
                            + Arrays.toString(shape).replace(" ", "") + "; expected a tensor [1,size]",
                    refused(tensorOnly("cond", shape)));
        }
    }

    private static TorchFile tensorOnly(String key, int[] shape) {
        TorchFile content = new TorchFile().raw("}").text("A").raw("}").text(key);
        int storage = content.storage(new byte[16]);
        return content.tensor("FloatStorage", storage, 4, 0, shape, new int[shape.length])
                .raw("ss.");
    }

    @Test
    void refusesNumbersThatAreNotFinite() {
        TorchFile content = new TorchFile().raw("}").text("A").raw("}(");
        byte[] bytes = ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putFloat(1)
                .putFloat(Float.NaN)
                .array();
        int storage = content.storage(bytes);
        content.text("cond").tensor("FloatStorage", storage, 2, 0, new int[] {1, 2}, new int[] {2, 1});
        content.text("ref_mel").tensor("FloatStorage", storage, 2, 0, new int[] {1, 1, 1}, new int[] {2, 2, 1});
        content.text("bos_token").whole(1);
        assertEquals(
                "speakers: file=FILE, speaker=\"A\", value=cond, found=NaN; expected finite numbers",
                refused(content.raw("us.")));
    }

    @Test
    void allocatesNothingBecauseAShapeSaysSo() {
        // One stored number, seen as 2^34 of them.
        TorchFile content = new TorchFile().raw("}").text("A").raw("}(");
        int storage = content.storage(new byte[4]);
        content.text("cond").tensor("FloatStorage", storage, 1, 0, new int[] {1, 1 << 30}, new int[2]);
        content.text("ref_mel").tensor("FloatStorage", storage, 1, 0, new int[] {1, 1 << 4, 1 << 30}, new int[3]);
        content.text("bos_token").whole(1);
        assertEquals(
                "speakers: file=FILE, speaker=\"A\", numbers of all speakers up to it=more than 16777216; this is no"
                        + " file of speakers",
                refused(content.raw("us.")));
    }

    @Test
    void boundsAllSpeakersTogether() {
        TorchFile content = new TorchFile().raw("}(");
        int storage = content.storage(new byte[4]);
        for (int i = 0; i < 20; i++) {
            content.text("voice " + i).raw("}(");
            content.text("cond").tensor("FloatStorage", storage, 1, 0, new int[] {1, 1}, new int[2]);
            content.text("ref_mel").tensor("FloatStorage", storage, 1, 0, new int[] {1, 1 << 10, 1 << 10}, new int[3]);
            content.text("bos_token").whole(1).raw("u");
        }
        String message = refused(content.raw("u."));
        assertTrue(message.startsWith("speakers: file=FILE, speaker=\"voice 15\", numbers of all speakers"), message);
    }

    @Test
    void takesTheVoiceOfTheReferenceWhenNoneIsNamed() {
        assertEquals(
                "Chelsie",
                Speakers.read(corpus("good_two_speakers.pt")).voice(null).name());
        assertEquals(
                "名前", Speakers.read(corpus("good_unicode_names.pt")).voice(null).name());
    }

    @Test
    void refusesAnUnknownVoiceAndNamesThoseKnown() {
        Speakers two = Speakers.read(corpus("good_two_speakers.pt"));
        assertEquals(
                "unknown voice: name=\"chelsie\", known=[\"Chelsie\", \"Ethan\"]; choose one of the known voices",
                unknown(two, "chelsie"));
        Speakers none = Speakers.read(corpus("good_empty.pt"));
        assertEquals("unknown voice: name=\"Ethan\", known=[]; choose one of the known voices", unknown(none, "Ethan"));
        assertThrows(RequestException.class, () -> none.voice(null));
        TorchFile content = new TorchFile().raw("}(");
        int storage = content.storage(new byte[4]);
        for (int i = 0; i < 23; i++) {
            content.text("v" + i).raw("}(");
            content.text("cond").tensor("FloatStorage", storage, 1, 0, new int[] {1, 1}, new int[2]);
            content.text("ref_mel").tensor("FloatStorage", storage, 1, 0, new int[] {1, 1, 1}, new int[3]);
            content.text("bos_token").whole(1).raw("u");
        }
        String message = unknown(Speakers.read(write(content.raw("u."))), "w");
        assertTrue(message.contains("\"v19\", 3 more]"), message);
    }

    private static String unknown(Speakers speakers, String name) {
        return Objects.requireNonNull(
                assertThrows(RequestException.class, () -> speakers.voice(name)).getMessage());
    }
}
