package omni.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import omni.error.ModelFormatException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The conformance test itself must not pass what it does not understand. */
class GoldenGroupsTest {
    @TempDir
    private Path folder;

    private static final String CASE = "plain";

    /** A copy of one sampling case, its manifest changed. */
    private Findings runChanged(String what, String by) throws Exception {
        Path source = GoldenFolder.checkedIn().resolve("sampling");
        Path copy = Files.createDirectories(folder.resolve("sampling"));
        Files.copy(source.resolve(CASE + ".safetensors"), copy.resolve(CASE + ".safetensors"));
        String manifest = Files.readString(source.resolve("manifest.json"));
        int end = manifest.indexOf("  \"talker_defaults\"");
        String one = manifest.substring(0, manifest.lastIndexOf(',', end)) + "}}";
        assertTrue(one.contains(what), what);
        Files.writeString(copy.resolve("manifest.json"), one.replace(what, by));
        GoldenFolder goldens = GoldenFolder.of(folder);
        List<GoldenCase> cases = GoldenGroups.cases(goldens.groups().get(0), goldens);
        assertEquals(1, cases.size());
        Findings findings = new Findings();
        cases.get(0).check().run(findings);
        return findings;
    }

    @Test
    void passesTheCaseAsItIs() throws Exception {
        Findings findings = runChanged("\"kept\": 20", "\"kept\": 20");
        assertTrue(findings.passed(), findings.misses());
    }

    @Test
    void failsOnAWrongValue() throws Exception {
        Findings findings = runChanged("\"kept\": 20", "\"kept\": 19");
        assertEquals("kept: expected 19, got 20", findings.misses());
    }

    @Test
    void failsOnAnUnknownTolerance() {
        assertThrows(ModelFormatException.class, () -> runChanged("\"rel_to_max\"", "\"relative\""));
    }

    @Test
    void failsOnAnUnknownOption() {
        assertThrows(
                ModelFormatException.class, () -> runChanged("\"options\": {}", "\"options\": {\"typical_p\": 0.5}"));
    }

    @Test
    void failsWhenManifestAndFileDiffer() {
        assertThrows(IllegalStateException.class, () -> runChanged("\"history\"", "\"past\""));
    }

    @Test
    void failsWhenTypesOfManifestAndFileDiffer() {
        assertThrows(IllegalStateException.class, () -> runChanged("\"I64\"", "\"I32\""));
    }

    @Test
    void failsOnATensorThatIsNotUsed() throws Exception {
        Findings findings = new Findings();
        GroupFolder group = new GroupFolder(GoldenFolder.checkedIn().resolve("sampling"), "sampling");
        try (TensorCase one =
                new TensorCase(group, CASE, group.manifest().getObject("cases").getObject(CASE), findings)) {
            one.floats("logits");
            one.ints("history");
            one.compare("scores", one.floats("scores"), 20);
            one.requireAllUsed();
        }
        assertEquals("tensor that the runner of this group does not know: probabilities", findings.misses());
    }

    @Test
    void failsOnAnotherShape() throws Exception {
        Findings findings = new Findings();
        GroupFolder group = new GroupFolder(GoldenFolder.checkedIn().resolve("sampling"), "sampling");
        try (TensorCase one =
                new TensorCase(group, CASE, group.manifest().getObject("cases").getObject(CASE), findings)) {
            one.compare("scores", one.floats("scores"), 4, 5);
        }
        assertFalse(findings.passed());
    }

    @Test
    void failsOnAnUnknownGroup() throws Exception {
        Path group = Files.createDirectories(folder.resolve("smell"));
        Files.writeString(group.resolve("manifest.json"), "{\"cases\": {}}");
        GoldenFolder goldens = GoldenFolder.of(folder);
        Findings findings = new Findings();
        GoldenGroups.cases(goldens.groups().get(0), goldens).get(0).check().run(findings);
        assertEquals("unknown group: no runner for it", findings.misses());
    }

    @Test
    void failsWhenNothingIsCompared() {
        assertFalse(new Findings().passed());
    }

    @Test
    void everyCheckedInGroupHasOneRunner() throws IOException {
        GoldenFolder goldens = GoldenFolder.of(GoldenFolder.checkedIn());
        for (GroupFolder group : goldens.groups()) {
            long runners =
                    GoldenGroups.built().stream().filter(g -> g.runs(group)).count();
            assertEquals(1, runners, group.name());
        }
    }
}
