package omni.loader;

import static omni.loader.Resources.refusal;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import omni.engine.ElementType;
import omni.engine.Tensor;
import omni.error.ModelFormatException;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

final class SafetensorsFileTest {
    private static final String ONE = "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}";

    @TempDir
    private Path folder;

    /** Writes a file with the given header and {@code dataBytes} bytes 0, 1, 2, ... */
    private Path write(String header, int dataBytes) {
        byte[] text = header.getBytes(StandardCharsets.UTF_8);
        ByteBuffer file = ByteBuffer.allocate(8 + text.length + dataBytes).order(ByteOrder.LITTLE_ENDIAN);
        file.putLong(text.length).put(text);
        for (int i = 0; i < dataBytes; i++) {
            file.put((byte) i);
        }
        try {
            return Files.write(folder.resolve("x.safetensors"), file.array());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private String refused(String header, int dataBytes) {
        Path file = write(header, dataBytes);
        String message = refusal(() -> SafetensorsFile.open(file).close());
        return message.replace(file.toString(), "FILE");
    }

    @TestFactory
    List<DynamicTest> givesTheExpectedVerdictOnEveryFileOfTheCorpus() {
        Path corpus = Resources.path("malformed");
        List<DynamicTest> tests = new ArrayList<>();
        for (JsonValue value : Json.readObject(corpus.resolve("expectations.json"))
                .getArray("safetensors")
                .toValues()) {
            JsonObject row = value.asObject();
            Path file = corpus.resolve(row.getString("file"));
            tests.add(DynamicTest.dynamicTest(row.getString("file"), () -> {
                switch (row.getString("expect")) {
                    case "accept" -> assertHolds(file, row.getObject("tensors"));
                    case "reject" ->
                        assertTrue(refusal(() -> SafetensorsFile.open(file).close())
                                .contains(file.toString()));
                    default -> openOrRefuse(file);
                }
            }));
        }
        assertTrue(tests.size() > 40);
        return tests;
    }

    private static void assertHolds(Path file, JsonObject expected) {
        try (SafetensorsFile opened = SafetensorsFile.open(file)) {
            assertEquals(expected.keys().size(), opened.tensors().size());
            for (String name : expected.keys()) {
                Tensor tensor = opened.tensor(name);
                assertEquals(
                        expected.getObject(name).getString("dtype"),
                        tensor.type().name());
                assertEquals(
                        expected.getObject(name).getInts("shape").toString().replace(" ", ""), tensor.shapeText());
            }
        }
    }

    private static void openOrRefuse(Path file) {
        try (SafetensorsFile opened = SafetensorsFile.open(file)) {
            assertEquals(file, opened.path());
        } catch (ModelFormatException e) {
            assertTrue(String.valueOf(e.getMessage()).contains(file.toString()));
        }
    }

    @Test
    void saysWhatIsWrongWithAFile() {
        assertEquals(
                "safetensors: file=FILE, header_bytes=0; the header does not begin with '{', this is no safetensors"
                        + " file",
                refused("", 0));
        assertEquals(
                "safetensors: file=FILE, header_bytes=3; the header does not begin with '{', this is no safetensors"
                        + " file",
                refused(" {}", 0));
        assertEquals(
                "safetensors: file=FILE, data bytes by header=8, data bytes in file=7; the file is cut off, download"
                        + " it again",
                refused(ONE, 7));
        assertEquals(
                "safetensors: file=FILE, data bytes by header=8, data bytes in file=9; bytes behind the last tensor,"
                        + " download it again",
                refused(ONE, 9));
        assertEquals(
                "safetensors: file=FILE, tensor=\"a\"; unknown dtype \"F33\"", refused(ONE.replace("F32", "F33"), 8));
        assertEquals(
                "safetensors: file=FILE, tensor=\"a\"; shape and data_offsets disagree: shape=[3], dtype=F32, "
                        + "expected bytes=12, found bytes=8",
                refused(ONE.replace("[2]", "[3]"), 8));
        assertEquals(
                "safetensors: file=FILE, tensor=\"a\"; the size overflows: shape=[4611686018427387905, 4], dtype=F32",
                refused(ONE.replace("[2]", "[4611686018427387905,4]"), 8));
        assertEquals(
                "safetensors: file=FILE, tensor=\"a\"; shape holds a negative number: -2",
                refused(ONE.replace("[2]", "[-2]"), 8));
        assertEquals(
                "safetensors: file=FILE, tensor=\"a\"; shape holds more than 32 numbers",
                refused(ONE.replace("[2]", "[2" + ",1".repeat(32) + "]"), 8));
        assertEquals(
                "safetensors: file=FILE, tensor=\"a\"; data_offsets end before they begin: [8, 0]",
                refused(ONE.replace("[0,8]", "[8,0]"), 8));
        assertEquals(
                "safetensors: file=FILE, tensor=\"a\"; data_offsets must be two numbers, found 1",
                refused(ONE.replace("[0,8]", "[8]"), 8));
        assertEquals(
                "safetensors: file=FILE, tensor=\"a\"; the field shape is missing",
                refused(ONE.replace("\"shape\":[2],", ""), 8));
        assertEquals(
                "safetensors: file=FILE, tensor=\"a\"; unknown field \"shap\"",
                refused(ONE.replace("shape", "shap"), 8));
        assertEquals(
                "safetensors: file=FILE, tensor=\"a\"; the name occurs twice",
                refused(ONE.substring(0, ONE.length() - 1) + "," + ONE.substring(1), 8));
        assertEquals(
                "safetensors: file=FILE, tensor=\"b\"; unused bytes before it: begin=12, end of the tensor before=8",
                refused(ONE.replace("}}", "},\"b\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[12,13]}}"), 13));
        assertEquals(
                "safetensors: file=FILE, tensor=\"b\"; it overlaps the tensor before it: begin=4, end of the other=8",
                refused(ONE.replace("}}", "},\"b\":{\"dtype\":\"U8\",\"shape\":[9],\"data_offsets\":[4,13]}}"), 13));
        assertEquals(
                "safetensors: file=FILE, tensor=\"a\"; the elements do not fill whole bytes: shape=[3], dtype=F4",
                refused(ONE.replace("F32", "F4").replace("[2]", "[3]").replace("[0,8]", "[0,1]"), 1));
        assertEquals(
                "json: file=FILE, line=1, column=22, found='1'; expected a string",
                refused("{\"__metadata__\":{\"n\":1}}", 0));
    }

    @Test
    void saysWhatIsWrongWithAHeaderLength() throws IOException {
        Path file = folder.resolve("h.safetensors");
        Files.write(file, new byte[] {1, 2, 3});
        assertEquals(
                "safetensors: file=" + file + ", bytes=3; too short for a header, download the file again",
                refusal(() -> SafetensorsFile.open(file)));
        Files.write(file, new byte[] {-1, -1, -1, -1, -1, -1, -1, -1, 0});
        assertEquals(
                "safetensors: file=" + file
                        + ", header_bytes=18446744073709551615, limit=100000000; this is no safetensors file",
                refusal(() -> SafetensorsFile.open(file)));
        Files.write(file, new byte[] {9, 0, 0, 0, 0, 0, 0, 0, '{', '}'});
        assertEquals(
                "safetensors: file=" + file
                        + ", header_bytes=9, bytes=10; the file ends inside its header, download it again",
                refusal(() -> SafetensorsFile.open(file)));
        Path absent = folder.resolve("absent.safetensors");
        assertEquals("file: path=" + absent + "; no such file", refusal(() -> SafetensorsFile.open(absent)));
    }

    @Test
    void knowsEveryElementTypeOfTheFormat() {
        for (ElementType type : ElementType.values()) {
            // 8 elements fill whole bytes for every type.
            String header =
                    "{\"a\":{\"dtype\":\"" + type + "\",\"shape\":[2,4],\"data_offsets\":[0," + type.bits() + "]}}";
            try (SafetensorsFile file = SafetensorsFile.open(write(header, type.bits()))) {
                Tensor tensor = file.tensor("a");
                assertEquals(type, tensor.type());
                assertEquals(type.bits(), tensor.data().byteSize());
                assertEquals((byte) (type.bits() - 1), tensor.data().get(ValueLayout.JAVA_BYTE, type.bits() - 1));
            }
        }
    }

    @Test
    void readsMetadataAndTensorsInTheOrderOfTheirBytes() {
        String header = "{\"b\":{\"dtype\":\"U8\",\"shape\":[3],\"data_offsets\":[2,5]},"
                + "\"__metadata__\":{\"format\":\"pt\",\"é\":\"\\n\"},"
                + "\"z\":{\"dtype\":\"F32\",\"shape\":[0,7],\"data_offsets\":[2,2]},"
                + "\"a\":{\"data_offsets\":[0,2],\"shape\":[],\"dtype\":\"BF16\"}}   ";
        try (SafetensorsFile file = SafetensorsFile.open(write(header, 5))) {
            assertEquals(Map.of("format", "pt", "é", "\n"), file.metadata());
            assertEquals(
                    List.of("a", "z", "b"),
                    file.tensors().stream().map(Tensor::name).toList());
            assertEquals(2, file.tensor("b").data().get(ValueLayout.JAVA_BYTE, 0));
            assertEquals(0, file.tensor("a").rank());
            assertEquals(
                    "tensor: name=c, checkpoint=" + file.path() + "; no such tensor among 3, nearest are a, b, z",
                    refusal(() -> file.tensor("c")));
        }
    }

    @Test
    void handsOutReadOnlyMemoryThatEndsWithTheFile() {
        SafetensorsFile file = SafetensorsFile.open(write(ONE, 8));
        Tensor tensor = file.tensor("a");
        assertTrue(tensor.data().isReadOnly());
        assertEquals(0x03020100, tensor.data().get(ValueLayout.JAVA_INT_UNALIGNED, 0));
        file.close();
        file.close();
        assertThrows(IllegalStateException.class, () -> tensor.data().get(ValueLayout.JAVA_BYTE, 0));
    }

    @Test
    void mapsMoreThanTwoGigabytes() throws IOException {
        long big = 3L << 30;
        String header = "{\"a\":{\"dtype\":\"U8\",\"shape\":[" + big + "],\"data_offsets\":[0," + big + "]},"
                + "\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[" + big + "," + (big + 4) + "]}}";
        Path path = write(header, 0);
        try (RandomAccessFile sparse = new RandomAccessFile(path.toFile(), "rw")) {
            long end = sparse.length() + big;
            sparse.setLength(end);
            sparse.seek(end);
            sparse.write(new byte[] {0, 0, -128, 63});
        }
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            assertEquals(big, file.tensor("a").data().byteSize());
            assertEquals(1f, file.tensor("b").data().get(ValueLayout.JAVA_FLOAT_UNALIGNED, 0));
            assertEquals(0, file.tensor("a").data().get(ValueLayout.JAVA_BYTE, big - 1));
        }
    }

    @Test
    void neverFailsInAnotherWayOnDamagedFiles() throws IOException {
        byte[] good = Files.readAllBytes(Resources.path("malformed/safetensors/good_many_dtypes.safetensors"));
        long seed = 5;
        Random random = new Random(seed);
        Path file = folder.resolve("damaged.safetensors");
        for (int round = 0; round < 2000; round++) {
            byte[] bad = good.clone();
            for (int k = random.nextInt(3); k >= 0; k--) {
                bad[random.nextInt(bad.length)] = (byte) random.nextInt(256);
            }
            Files.write(file, bad);
            try {
                openOrRefuse(file);
            } catch (RuntimeException | Error e) {
                throw new AssertionError("seed=" + seed + ", round=" + round, e);
            }
        }
    }
}
