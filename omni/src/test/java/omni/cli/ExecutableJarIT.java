package omni.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import omni.cli.JarProcess.Result;
import omni.loader.Json;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The executable jar as a program: start, exit codes, streams. */
class ExecutableJarIT {
    private static final String NEEDS = """
        omni needs Java 25 with the module jdk.incubator.vector, which every full JDK has. Install one:
        """;

    @TempDir
    private Path folder;

    @Test
    void startsWithNothingButMinusJar() throws Exception {
        Result result = JarProcess.run("--version");
        assertEquals(0, result.code());
        assertTrue(result.out().matches("omni \\d+\\.\\d+\\.\\d+\\S*\n"), result.out());
        assertEquals("", result.err());
    }

    @Test
    void passesExitCodesOn() throws Exception {
        assertEquals(
                new Result(2, "", "omni: unknown command: rnu; did you mean run?\nTry: omni --help\n"),
                JarProcess.run("rnu"));
        assertEquals(1, JarProcess.run("run", "/no/such/model", "-p", "x").code());
    }

    @Test
    void demonstratesItselfAndLeavesNothingBehind() throws Exception {
        Path temporary = Files.createDirectory(folder.resolve("tmp"));
        Result result = run(
                Map.of(),
                JarProcess.JAVA,
                List.of("-Djava.io.tmpdir=" + temporary),
                "demo",
                "--out",
                folder.resolve("out").toString());
        assertEquals(0, result.code(), result.err());
        assertEquals("", result.err());
        assertTrue(result.out().contains(" answers are those of the reference, "), result.out());
        try (Stream<Path> left = Files.list(temporary);
                Stream<Path> written = Files.list(folder.resolve("out"))) {
            assertEquals(
                    List.of(),
                    left.filter(path -> path.getFileName().toString().startsWith("omni"))
                            .toList());
            assertTrue(written.findAny().isPresent());
        }
    }

    @Test
    void passesOptionsOfJavaOn() throws Exception {
        Result result =
                run(Map.of(), JarProcess.JAVA, List.of("-Domni.kernels=scalar", "-Xmx300m"), "doctor", "--json");
        assertEquals(0, result.code(), result.err());
        assertEquals(
                "scalar: forced by omni.kernels",
                Json.parse("doctor", result.out()).asObject().getString("kernels"));
        long heap = Json.parse("doctor", result.out()).asObject().getLong("heap_bytes");
        assertTrue(heap > 200 << 20 && heap <= 300 << 20, result.out());
    }

    @Test
    void readsStandardInput() throws Exception {
        Result result = JarProcess.start("tokenize", NanoModel.folder().toString(), "--json")
                .type("Hello!\n")
                .result();
        assertEquals(JarProcess.run("tokenize", NanoModel.folder().toString(), "--json", "-p", "Hello!"), result);
    }

    @Test
    void takesArgumentsAsUtf8WithoutALocale() throws Exception {
        String[] args = {"tokenize", NanoModel.folder().toString(), "--json", "-p", "Grüße, 你好 🙂"};
        Map<String, String> none = Map.of("LC_ALL", "C", "LANG", "C");
        Result expected = run(Map.of("LC_ALL", "C.UTF-8"), JarProcess.JAVA, List.of(), args);
        assertEquals(0, expected.code(), expected.err());
        assertEquals(expected, run(none, JarProcess.JAVA, List.of(), args));
        Result direct = run(none, JarProcess.JAVA, List.of("--add-modules", "jdk.incubator.vector"), args);
        assertEquals(expected.out(), direct.out());
    }

    @Test
    void runsInOneProcessWhereTheModuleIsThere() throws Exception {
        Result result =
                run(Map.of(), JarProcess.JAVA, List.of("--add-modules", "jdk.incubator.vector"), "doctor", "--json");
        assertEquals(0, result.code());
        assertEquals("WARNING: Using incubator modules: jdk.incubator.vector\n", result.err());
    }

    @Test
    void saysWhichHeapWouldDo() throws Exception {
        List<String> command = JarProcess.command(
                List.of(),
                JarProcess.JAVA,
                List.of("-Xmx16m"),
                "tokenize",
                NanoModel.folder().toString());
        Path input = Files.writeString(folder.resolve("input"), "x".repeat(20_000_000));
        Result result = JarProcess.startReading(input, command).result();
        assertEquals(1, result.code(), result.err());
        assertTrue(
                result.err()
                        .matches("omni: the Java heap is too small: megabytes=1[56]; start with: java -Xmx256m -jar"
                                + " omni.jar\n"),
                result.err());
    }

    @Test
    void refusesAJavaHomeThatDoesNotSuit() throws Exception {
        Result result = run(Map.of("OMNI_JAVA_HOME", folder.toString()), JarProcess.JAVA, List.of(), "--version");
        assertEquals(1, result.code());
        assertEquals("", result.out());
        assertTrue(
                result.err()
                        .startsWith("omni: OMNI_JAVA_HOME does not name a JDK 25 or newer: no Java in " + folder + "\n"
                                + NEEDS),
                result.err());
    }

    @Test
    void restartsItselfUnderAnOlderJava() throws Exception {
        Path older = olderJava();
        Map<String, String> named = Map.of("JAVA_HOME", System.getProperty("java.home"));
        assertEquals(JarProcess.run("--version"), run(named, older, List.of("-Xmx200m"), "--version"));
        Map<String, String> nothing = Map.of("OMNI_JDK_FOLDERS", folder.toString(), "JAVA_HOME", "");
        Result result = run(nothing, older, List.of(), "--version");
        assertEquals(1, result.code());
        assertEquals("", result.out());
        assertTrue(result.err().matches("(?s)omni: no JDK 25 or newer found: found Java \\d+ .*"), result.err());
        assertTrue(result.err().contains("\n" + NEEDS), result.err());
        assertTrue(result.err().endsWith("set OMNI_JAVA_HOME to its folder.\n"), result.err());
    }

    @Test
    void carriesNothingTwiceAndTheLicence() throws Exception {
        try (JarFile jar = new JarFile(System.getProperty("omni.jar"))) {
            Set<String> names = new HashSet<>();
            jar.stream().forEach(entry -> assertTrue(names.add(entry.getName()), entry.getName()));
            assertTrue(names.contains("META-INF/LICENSE"));
            assertTrue(names.contains("omni/demo/model/config.json"));
            assertTrue(names.stream().noneMatch(name -> name.endsWith("module-info.class")));
            assertEquals(8, javaVersion(jar, "omni/launcher/Launcher.class"));
            assertEquals(8, javaVersion(jar, "omni/launcher/Signals.class"));
            assertEquals(25, javaVersion(jar, "omni/cli/Main.class"));
        }
    }

    @Test
    void keepsTheLibraryFreeOfTheDemonstration() throws Exception {
        Path target = Path.of(System.getProperty("omni.jar")).resolveSibling("");
        try (Stream<Path> files = Files.list(target)) {
            Path library = files.filter(file -> file.getFileName().toString().matches("omni-[0-9.]+(-SNAPSHOT)?\\.jar"))
                    .findFirst()
                    .orElseThrow();
            try (JarFile jar = new JarFile(library.toFile())) {
                assertTrue(jar.stream().noneMatch(entry -> entry.getName().startsWith("omni/demo/")));
                assertTrue(jar.stream().noneMatch(entry -> entry.getName().startsWith("picocli/")));
            }
        }
    }

    private static int javaVersion(JarFile jar, String entry) throws IOException {
        try (var in = jar.getInputStream(jar.getEntry(entry))) {
            return in.readNBytes(8)[7] - 44;
        }
    }

    private static Result run(Map<String, String> environment, Path java, List<String> options, String... args)
            throws IOException, InterruptedException {
        return JarProcess.start(environment, JarProcess.command(List.of(), java, options, args))
                .type("")
                .result();
    }

    /** A Java that is too old for omni, if this machine has one. */
    private static Path olderJava() throws IOException {
        Path installed = Path.of("/usr/lib/jvm");
        if (Files.isDirectory(installed)) {
            try (Stream<Path> homes = Files.list(installed)) {
                for (Path home : homes.sorted().toList()) {
                    Path java = home.resolve("bin/java");
                    Path release = home.resolve("release");
                    if (Files.isExecutable(java)
                            && Files.isReadable(release)
                            && Files.readString(release).matches("(?s).*JAVA_VERSION=\"(1\\.8|9|1\\d|2[0-4])[.\"].*")) {
                        return java;
                    }
                }
            }
        }
        return Assumptions.abort(
                "no Java older than 25 is installed on this machine, so there is nothing to start omni with");
    }
}
