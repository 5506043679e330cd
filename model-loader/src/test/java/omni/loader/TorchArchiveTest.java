package omni.loader;

import static omni.loader.Resources.refusal;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.ZipEntry;
import omni.engine.ElementType;
import omni.error.ModelFormatException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TorchArchiveTest {
    @TempDir
    private Path folder;

    private Path file() {
        return folder.resolve("x.pt");
    }

    private String refused(Path file) {
        return refusal(() -> TorchArchive.open(file).close()).replace(file.toString(), "FILE");
    }

    /** The refusal of an archive, without the words that are the same for all pickles. */
    private String refused(TorchFile content) {
        return refused(content.to(file())).replace("torch archive: file=FILE, pickle ", "");
    }

    private String refusedOfCorpus(String name) {
        return refused(Resources.path("malformed/speakers/" + name));
    }

    private static byte[] floats(float... values) {
        ByteBuffer out = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : values) {
            out.putFloat(value);
        }
        return out.array();
    }

    private static float[] numbers(@Nullable TorchValue value) {
        TorchTensor tensor = assertInstanceOf(TorchValue.Numbers.class, value).tensor();
        return tensor.toF32("a", Arena.ofAuto()).data().toArray(ValueLayout.JAVA_FLOAT);
    }

    private static TorchValue.Dict dict(TorchArchive archive) {
        return assertInstanceOf(TorchValue.Dict.class, archive.value());
    }

    @Test
    void readsEveryKindOfValue() {
        TorchFile content = new TorchFile().raw("}(");
        content.text("text").text("名前");
        content.text("byte")
                .raw('K', 200)
                .text("short")
                .raw('M', 1, 255)
                .text("int")
                .whole(-70000);
        content.text("long").raw(0x8a, 5, 0, 0, 0, 0, 0x80).text("zero").raw(0x8a, 0);
        content.text("float").raw('G', 0xC0, 0x04, 0, 0, 0, 0, 0, 0);
        content.text("true").raw(0x88).text("false").raw(0x89).text("none").raw('N');
        content.text("empty").raw(")").text("list").raw("](").whole(1).text("b").raw("e");
        content.text("one").raw("]").whole(7).raw("a");
        content.text("nested").raw("}").text("k").raw("}s");
        content.text("ordered")
                .raw("ccollections\nOrderedDict\n)R")
                .text("z")
                .whole(1)
                .raw("s");
        try (TorchArchive archive = TorchArchive.open(content.raw("u.").to(file()))) {
            TorchValue.Dict all = dict(archive);
            assertEquals(new TorchValue.Text("名前"), all.find("text"));
            assertEquals(new TorchValue.Whole(200), all.find("byte"));
            assertEquals(new TorchValue.Whole(65281), all.find("short"));
            assertEquals(new TorchValue.Whole(-70000), all.find("int"));
            assertEquals(new TorchValue.Whole(-(1L << 39)), all.find("long"));
            assertEquals(new TorchValue.Whole(0), all.find("zero"));
            assertEquals(new TorchValue.Real(-2.5), all.find("float"));
            assertEquals(new TorchValue.Truth(true), all.find("true"));
            assertEquals(new TorchValue.Truth(false), all.find("false"));
            assertEquals(new TorchValue.Nothing(), all.find("none"));
            TorchValue.Sequence empty = assertInstanceOf(TorchValue.Sequence.class, all.find("empty"));
            assertEquals("tuple", empty.kind());
            TorchValue.Sequence list = assertInstanceOf(TorchValue.Sequence.class, all.find("list"));
            assertEquals(List.of(new TorchValue.Whole(1), new TorchValue.Text("b")), list.values());
            assertThrows(
                    UnsupportedOperationException.class, () -> list.values().clear());
            TorchValue.Sequence one = assertInstanceOf(TorchValue.Sequence.class, all.find("one"));
            assertEquals(List.of(new TorchValue.Whole(7)), one.values());
            TorchValue.Dict nested = assertInstanceOf(TorchValue.Dict.class, all.find("nested"));
            assertEquals(
                    "dict",
                    assertInstanceOf(TorchValue.Dict.class, nested.find("k")).kind());
            TorchValue.Dict ordered = assertInstanceOf(TorchValue.Dict.class, all.find("ordered"));
            assertEquals(Map.of("z", new TorchValue.Whole(1)), ordered.entries());
            assertEquals(
                    List.of("text", "byte", "short", "int"),
                    all.entries().keySet().stream().limit(4).toList());
        }
    }

    @Test
    void readsEveryTypeOfStorage() {
        ByteBuffer doubles = ByteBuffer.allocate(16)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putDouble(0.1)
                .putDouble(-3);
        Map<String, byte[]> storages = new LinkedHashMap<>();
        storages.put("DoubleStorage", doubles.array());
        storages.put("FloatStorage", floats(0.1f, -3));
        storages.put("HalfStorage", new byte[] {0x66, 0x2E, 0, (byte) 0xC2});
        storages.put("BFloat16Storage", new byte[] {(byte) 0xCD, 0x3D, 0x40, (byte) 0xC0});
        storages.put("LongStorage", new byte[] {1, 0, 0, 0, 0, 0, 0, 0, -3, -1, -1, -1, -1, -1, -1, -1});
        storages.put("IntStorage", new byte[] {1, 0, 0, 0, -3, -1, -1, -1});
        storages.put("ShortStorage", new byte[] {1, 0, -3, -1});
        storages.put("CharStorage", new byte[] {1, -3});
        storages.put("ByteStorage", new byte[] {1, (byte) 253});
        storages.put("BoolStorage", new byte[] {1, 0});
        float[][] expected = {
            {0.1f, -3},
            {0.1f, -3},
            {Float.float16ToFloat((short) 0x2E66), -3},
            {0x1.9ap-4f, -3},
            {1, -3},
            {1, -3},
            {1, -3},
            {1, -3},
            {1, 253},
            {1, 0}
        };
        int i = 0;
        for (Map.Entry<String, byte[]> storage : storages.entrySet()) {
            TorchFile content = new TorchFile();
            int number = content.storage(storage.getValue());
            content.tensor(storage.getKey(), number, 2, 0, new int[] {2}, new int[] {1});
            try (TorchArchive archive = TorchArchive.open(content.raw(".").to(file()))) {
                assertArrayEquals(expected[i++], numbers(archive.value()), storage.getKey());
            }
        }
    }

    @Test
    void readsViewsOfOneStorage() {
        TorchFile content = new TorchFile().raw("}(");
        int number = content.storage(floats(0, 1, 2, 3, 4, 5, 6));
        content.text("row").tensor("FloatStorage", number, 7, 1, new int[] {1, 3}, new int[] {3, 1});
        content.text("transposed").tensor("FloatStorage", number, 7, 1, new int[] {3, 2}, new int[] {1, 3});
        content.text("repeated").tensor("FloatStorage", number, 7, 6, new int[] {2, 2}, new int[] {0, 0});
        content.text("scalar").tensor("FloatStorage", number, 7, 4, new int[0], new int[0]);
        content.text("empty").tensor("FloatStorage", number, 7, 7, new int[] {3, 0}, new int[] {9, 9});
        try (TorchArchive archive = TorchArchive.open(content.raw("u.").to(file()))) {
            Map<String, TorchValue> all = dict(archive).entries();
            assertArrayEquals(new float[] {1, 2, 3}, numbers(all.get("row")));
            assertArrayEquals(new float[] {1, 4, 2, 5, 3, 6}, numbers(all.get("transposed")));
            assertArrayEquals(new float[] {6, 6, 6, 6}, numbers(all.get("repeated")));
            assertArrayEquals(new float[] {4}, numbers(all.get("scalar")));
            assertArrayEquals(new float[0], numbers(all.get("empty")));
            TorchTensor row =
                    assertInstanceOf(TorchValue.Numbers.class, all.get("row")).tensor();
            assertEquals("F32[1,3]", row.toString());
            assertEquals(ElementType.F32, row.type());
            assertEquals(3, row.elements());
        }
    }

    @Test
    void refusesTensorsThatReachBeyondTheirStorage() {
        int[][][] sizesAndStrides = {
            {{3}, {1}},
            {{2}, {2}},
            {{1, 2}, {1, 2}},
            {{-1}, {1}},
            {{1}, {-1}},
            {{2}, {1, 1}},
            {{1 << 30, 1 << 30, 1 << 30}, {0, 0, 0}},
            {{2, 2}, {1 << 30, 1 << 30}},
            {{1 << 30}, {1 << 30}}
        };
        for (int[][] each : sizesAndStrides) {
            TorchFile content = new TorchFile();
            int number = content.storage(floats(1, 2));
            content.tensor("FloatStorage", number, 2, 0, each[0], each[1]);
            String message = refused(content.raw("."));
            assertTrue(message.endsWith("on a storage of elements=2; it reaches beyond its storage"), message);
        }
        TorchFile content = new TorchFile();
        int number = content.storage(floats(1, 2));
        content.tensor("FloatStorage", number, 2, -1, new int[] {1}, new int[] {1});
        assertEquals(
                "byte=138, found a tensor with offset=-1, size=[1], stride=[1] on a storage of elements=2; it reaches"
                        + " beyond its storage",
                refused(content.raw(".")));
    }

    @Test
    void refusesStoragesThatAreNotThereOrOfAnotherSize() {
        TorchFile absent = new TorchFile().tensor("FloatStorage", 3, 2, 0, new int[] {2}, new int[] {1});
        assertEquals(
                "byte=89, found no storage \"any_name/data/3\"; the file is incomplete, download it again",
                refused(absent.raw(".")));
        for (int bytes : new int[] {7, 4, 12, 0}) {
            TorchFile content = new TorchFile();
            int number = content.storage(new byte[bytes]);
            content.tensor("FloatStorage", number, 2, 0, new int[] {2}, new int[] {1});
            assertEquals(
                    "byte=89, found storage \"any_name/data/0\" of bytes=" + bytes
                            + ", type=F32, elements=2; the file is damaged, download it again",
                    refused(content.raw(".")));
        }
        TorchFile up = new TorchFile();
        up.raw("((")
                .text("storage")
                .raw("ctorch\nFloatStorage\n")
                .text("../../etc/passwd")
                .text("cpu")
                .whole(1);
        assertEquals(
                "byte=71, found no storage \"any_name/data/../../etc/passwd\"; the file is incomplete, download it"
                        + " again",
                refused(up.raw("tQ.")));
    }

    @Test
    void saysWhatIsWrongWithAnArchive() throws IOException {
        assertEquals("file: path=FILE; no such file", refused(folder.resolve("absent.pt")));
        assertEquals(
                "torch archive: file=FILE, found no ZIP directory, bytes=0; this is no archive of torch.save, or one in"
                        + " its format from before 2020",
                refusedOfCorpus("empty.pt"));
        assertEquals(
                "torch archive: file=FILE, found no ZIP directory, bytes=978; the file is cut off, download it again",
                refusedOfCorpus("zip_truncated.pt"));
        String legacy = refusedOfCorpus("legacy_format.pt");
        assertTrue(legacy.endsWith("or one in its format from before 2020"), legacy);
        String compressed = refusedOfCorpus("zip_compressed.pt");
        assertTrue(
                compressed.endsWith(
                        "compression method=8; torch.save stores entries uncompressed; do not pack the file anew"),
                compressed);
        assertEquals(
                "torch archive: file=FILE, found another byte order than little; save it again on a usual machine",
                refusedOfCorpus("zip_big_endian.pt"));
        TorchFile content = new TorchFile().raw("}.").entry("version", new byte[] {'3'});
        assertEquals(
                "torch archive: file=FILE, entries=2, found data.pkl 0 times; one is expected, in the top folder",
                refused(content.write(file(), "a/b/", content.pickle())));
        assertEquals(
                "torch archive: file=FILE, found data.pkl of bytes=262145, limit=262144; this is no file of speakers",
                refused(content.write(file(), "a/", new byte[262145])));
        Map<String, byte[]> twice = new LinkedHashMap<>();
        twice.put("a/data.pkl", content.pickle());
        twice.put("b/data.pkl", content.pickle());
        assertEquals(
                "torch archive: file=FILE, entries=2, found data.pkl 2 times; one is expected, in the top folder",
                refused(TorchFile.zip(file(), twice, ZipEntry.STORED)));
        assertEquals("file: path=FILE; this is a folder, a file is expected", refused(folder));
    }

    @Test
    void takesAnyTopFolderAndAnyOrderOfEntries() {
        TorchFile content = new TorchFile().raw("}.").entry("byteorder", "little".getBytes(StandardCharsets.US_ASCII));
        try (TorchArchive archive = TorchArchive.open(content.write(file(), "Ünï cödé/", content.pickle()))) {
            assertEquals(Map.of(), dict(archive).entries());
            assertEquals(file(), archive.file());
        }
    }

    @Test
    void noticesAFlippedBit() throws IOException {
        TorchFile content = new TorchFile();
        int number = content.storage(floats(1, 2, 3, 4));
        content.tensor("FloatStorage", number, 4, 0, new int[] {4}, new int[] {1});
        byte[] bytes = Files.readAllBytes(content.raw(".").to(file()));
        int at = 0;
        byte[] storage = floats(1, 2, 3, 4);
        while (!Arrays.equals(bytes, at, at + 16, storage, 0, 16)) {
            at++;
        }
        bytes[at + 5] ^= 1;
        assertEquals(
                "torch archive: file=FILE, found entry=\"any_name/data/0\", check sum differs; the file is damaged,"
                        + " download it again",
                refused(TorchFile.put(file(), bytes)));
    }

    @Test
    void endsWithTheFile() {
        TorchFile content = new TorchFile();
        int number = content.storage(floats(1));
        content.tensor("FloatStorage", number, 1, 0, new int[] {1}, new int[] {1});
        TorchArchive archive = TorchArchive.open(content.raw(".").to(file()));
        archive.close();
        archive.close();
        assertThrows(IllegalStateException.class, () -> numbers(archive.value()));
    }

    @Test
    void neverFailsInAnotherWayOnDamagedFiles() throws IOException {
        byte[] whole = Files.readAllBytes(Resources.path("malformed/speakers/good_extra_values.pt"));
        TorchFile content = new TorchFile().raw("}(");
        int number = content.storage(floats(0, 1, 2, 3, 4, 5, 6));
        content.text("a").tensor("FloatStorage", number, 7, 1, new int[] {1, 3}, new int[] {3, 1});
        content.text("b").raw("](").whole(-7).raw(0x8a, 2, 1, 2).raw("e").raw('q', 1);
        content.text("c").raw('h', 1).raw("u.");
        byte[] pickle = content.pickle();
        Random random = new Random(5);
        for (int round = 0; round < 4000; round++) {
            boolean archive = round % 2 == 0;
            byte[] bad = (archive ? whole : pickle).clone();
            for (int k = random.nextInt(3); k >= 0; k--) {
                bad[random.nextInt(bad.length)] = (byte) random.nextInt(256);
            }
            Path file = archive ? TorchFile.put(file(), bad) : content.write(file(), "a/", bad);
            try (TorchArchive opened = TorchArchive.open(file)) {
                assertEquals(file, opened.file());
            } catch (ModelFormatException e) {
                assertTrue(String.valueOf(e.getMessage()).contains("x.pt"));
            } catch (RuntimeException | Error e) {
                throw new AssertionError("seed=5, round=" + round, e);
            }
        }
    }

    @Test
    void neverFailsInAnotherWayOnFilesThatAreCutOff() throws IOException {
        byte[] whole = Files.readAllBytes(Resources.path("malformed/speakers/good_two_speakers.pt"));
        for (int length = 0; length < whole.length; length += 1 + length / 50) {
            Path file = TorchFile.put(file(), Arrays.copyOf(whole, length));
            assertTrue(refusal(() -> TorchArchive.open(file).close()).contains("bytes=" + length));
        }
    }
}
