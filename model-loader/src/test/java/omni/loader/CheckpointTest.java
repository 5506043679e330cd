package omni.loader;

import static omni.loader.Resources.refusal;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import omni.engine.Tensor;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

final class CheckpointTest {
    private static final String EXPECTED =
            "expected a folder with config.json, model.safetensors (or shards with their index) and tokenizer files";

    @TempDir
    private Path folder;

    private static Path corpus(String name) {
        return Resources.path("malformed/index/" + name);
    }

    private static String refused(String name) {
        Path path = corpus(name);
        return refusal(() -> Checkpoint.open(path).close()).replace(path.toString(), "FOLDER");
    }

    @TestFactory
    List<DynamicTest> givesTheExpectedVerdictOnEveryFolderOfTheCorpus() {
        Path corpus = Resources.path("malformed");
        List<DynamicTest> tests = new ArrayList<>();
        for (JsonValue value : Json.readObject(corpus.resolve("expectations.json"))
                .getArray("index")
                .toValues()) {
            JsonObject row = value.asObject();
            Path path = corpus.resolve(row.getString("folder"));
            tests.add(DynamicTest.dynamicTest(row.getString("folder"), () -> {
                if (row.getString("expect").equals("accept")) {
                    Checkpoint.open(path).close();
                } else {
                    assertTrue(refusal(() -> Checkpoint.open(path).close()).contains(path.toString()));
                }
            }));
        }
        assertTrue(tests.size() > 10);
        return tests;
    }

    @Test
    void joinsShards() {
        try (Checkpoint checkpoint = Checkpoint.open(corpus("good"))) {
            assertEquals(Set.of("t0", "t1"), checkpoint.names());
            assertEquals(2, checkpoint.files().size());
            assertEquals(152, checkpoint.byteSize());
            assertEquals("[3]", checkpoint.tensor("t1", 3).shapeText());
            assertNull(checkpoint.find("t2"));
            assertTrue(checkpoint.holds("t"));
        }
    }

    @Test
    void saysWhatIsWrongWithAnIndex() {
        String key = "json: file=FOLDER/model.safetensors.index.json, key=weight_map";
        String plain = "; expected the plain name of a .safetensors file beside the index";
        assertEquals("file: path=FOLDER/s2.safetensors; no such file", refused("missing_shard"));
        assertEquals(key + ".t0, found=\"../outside.safetensors\"" + plain, refused("parent_path"));
        assertEquals(key + ".t0, found=\"/etc/hostname\"" + plain, refused("absolute_path"));
        assertEquals(key + ".t0, found=\"..\\outside.safetensors\"" + plain, refused("backslash_parent_path"));
        assertEquals(key + ".t0, found=\"x/../../outside.safetensors\"" + plain, refused("nested_parent_path"));
        assertEquals(key + ".t0, found=\"\"" + plain, refused("shard_name_empty"));
        assertEquals(key + ".t0, found=\"s1\uFFFD.safetensors\"" + plain, refused("nul_in_name"));
        assertEquals(key + ".t0, found=5; expected a string", refused("shard_is_number"));
        assertEquals(key + "; the key is missing", refused("no_weight_map"));
        assertEquals(
                "checkpoint index: file=FOLDER/model.safetensors.index.json, tensor=\"ghost\", shard=s1.safetensors; "
                        + "the shard does not hold this tensor",
                refused("tensor_not_in_shard"));
        assertEquals(
                "json: file=FOLDER/model.safetensors.index.json, line=1, column=2, found='w'; expected a key in quotes",
                refused("not_json"));
        assertEquals(
                "safetensors: file=FOLDER/s2.safetensors, data bytes by header=12, data bytes in file=4; "
                        + "the file is cut off, download it again",
                refused("truncated_shard"));
    }

    @Test
    void refusesATensorInTheWrongShard() throws IOException {
        Files.copy(corpus("good/s1.safetensors"), folder.resolve("s1.safetensors"));
        Files.copy(corpus("good/s2.safetensors"), folder.resolve("s2.safetensors"));
        Path index = folder.resolve("model.safetensors.index.json");
        Files.writeString(index, "{\"weight_map\":{\"t0\":\"s2.safetensors\",\"t1\":\"s1.safetensors\"}}");
        assertEquals(
                "checkpoint index: file=" + index
                        + ", tensor=\"t1\", shard=s2.safetensors; this shard holds a tensor that belongs to another"
                        + " one",
                refusal(() -> Checkpoint.open(folder)));
        Files.copy(corpus("good/s1.safetensors"), folder.resolve("s3.safetensors"));
        Files.writeString(
                index,
                "{\"weight_map\":{\"t0\":\"s1.safetensors\",\"t1\":\"s2.safetensors\",\"t9\":\"s3.safetensors\"}}");
        assertEquals(
                "checkpoint index: file=" + index
                        + ", tensor=\"t0\", shard=s3.safetensors; this shard holds a tensor that belongs to another"
                        + " one",
                refusal(() -> Checkpoint.open(folder)));
        Files.writeString(index, "{\"weight_map\":{}}");
        assertEquals(
                "checkpoint index: file=" + index + ", shards=0; expected 1 to 10000",
                refusal(() -> Checkpoint.open(folder)));
    }

    @Test
    void takesTensorsThatTheIndexLeavesOut() throws IOException {
        Files.copy(Resources.path("malformed/safetensors/good.safetensors"), folder.resolve("s1.safetensors"));
        Files.writeString(
                folder.resolve("model.safetensors.index.json"), "{\"weight_map\":{\"a\":\"s1.safetensors\"}}");
        try (Checkpoint checkpoint = Checkpoint.open(folder)) {
            assertEquals(Set.of("a", "b"), checkpoint.names());
        }
    }

    @Test
    void followsLinksAsModelCachesHaveThem() throws IOException {
        Path blobs = Files.createDirectories(folder.resolve("blobs"));
        Path snapshot = Files.createDirectories(folder.resolve("snapshots/abc"));
        Files.copy(corpus("good/s1.safetensors"), blobs.resolve("0123"));
        Files.createSymbolicLink(snapshot.resolve("model.safetensors"), Path.of("../../blobs/0123"));
        try (Checkpoint checkpoint = Checkpoint.open(snapshot)) {
            assertEquals(Set.of("t0"), checkpoint.names());
        }
        Files.delete(blobs.resolve("0123"));
        assertEquals(
                "model folder: path=" + snapshot + ", contents=[model.safetensors]; it lacks model.safetensors or "
                        + "model.safetensors.index.json, " + EXPECTED,
                refusal(() -> Checkpoint.open(snapshot)));
    }

    @Test
    void takesTheSingleFileWhereBothAreThere() throws IOException {
        Files.copy(corpus("good/s1.safetensors"), folder.resolve("model.safetensors"));
        Files.writeString(folder.resolve("model.safetensors.index.json"), "{");
        try (Checkpoint checkpoint = Checkpoint.open(folder)) {
            assertEquals(Set.of("t0"), checkpoint.names());
        }
    }

    @Test
    void namesWhatIsThereWhenTheFolderIsWrong() throws IOException {
        Path absent = folder.resolve("absent");
        assertEquals(
                "model folder: path=" + absent + "; no such folder, " + EXPECTED,
                refusal(() -> Checkpoint.open(absent)));
        assertEquals(
                "model folder: path=" + folder + "; it is empty, " + EXPECTED, refusal(() -> Checkpoint.open(folder)));
        Path file = Files.writeString(folder.resolve("weights.bin"), "x");
        assertEquals(
                "model folder: path=" + file + "; this is a file, " + EXPECTED, refusal(() -> Checkpoint.open(file)));
        for (int i = 0; i < 9; i++) {
            Files.writeString(folder.resolve("file" + i), "x");
        }
        assertEquals(
                "model folder: path=" + folder
                        + ", contents=[file0, file1, file2, file3, file4, file5, file6, file7 and 2 more]; it lacks "
                        + "model.safetensors or model.safetensors.index.json, " + EXPECTED,
                refusal(() -> Checkpoint.open(folder)));
    }

    @Test
    void namesAnAbsentTensorAndItsNearestNames() {
        Path path = corpus("good");
        try (Checkpoint checkpoint = Checkpoint.open(path)) {
            assertEquals(
                    "tensor: name=t7, checkpoint=" + path + "; no such tensor among 2, nearest are t0, t1",
                    refusal(() -> checkpoint.tensor("t7")));
            assertEquals(
                    "tensor shape: name=t0, checkpoint=" + path + ", found=[3], expected=[4,5]; "
                            + "the weights contradict config.json",
                    refusal(() -> checkpoint.tensor("t0", 4, 5)));
        }
    }

    @Test
    void measuresTheDistanceOfNames() {
        assertEquals(0, NearestNames.distance("", ""));
        assertEquals(3, NearestNames.distance("", "abc"));
        assertEquals(3, NearestNames.distance("kitten", "sitting"));
        assertEquals(1, NearestNames.distance("layers.1.weight", "layers.11.weight"));
        assertEquals(
                List.of("layers.10.w", "layers.0.w", "layers.1.w"),
                NearestNames.of("layers.10.q", List.of("norm", "layers.0.w", "layers.1.w", "layers.10.w")));
    }

    @Test
    void unmapsOnClose() {
        Checkpoint checkpoint = Checkpoint.open(corpus("good"));
        Tensor tensor = checkpoint.tensor("t0");
        checkpoint.close();
        checkpoint.close();
        assertThrows(IllegalStateException.class, () -> tensor.data().get(ValueLayout.JAVA_BYTE, 0));
    }
}
