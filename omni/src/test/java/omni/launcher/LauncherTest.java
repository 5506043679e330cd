package omni.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LauncherTest {
    @Test
    void startsTheMainClassWithTheVectorModuleAndTheSerialCollector() {
        List<String> command = command(List.of(), Map.of(), "run", "model", "-p", "a b");
        assertEquals(
                List.of(
                        "--add-modules",
                        "jdk.incubator.vector",
                        "--enable-native-access=ALL-UNNAMED",
                        "-XX:+UseSerialGC"),
                command.subList(1, 5));
        int classPath = command.indexOf("-cp");
        assertEquals(
                List.of("-cp", Path.of("omni.jar").toString(), "omni.cli.Main", "run", "model", "-p", "a b"),
                command.subList(classPath, command.size()));
    }

    @Test
    void passesOptionsOfTheJvmAndPropertiesOnButNoAgents() {
        List<String> command = command(
                List.of(
                        "-Xmx2g",
                        "-Domni.kernels=scalar",
                        "-ea",
                        "-javaagent:x.jar",
                        "-agentlib:jdwp=transport=x",
                        "-Xrunjdwp:x"),
                Map.of());
        assertTrue(command.containsAll(List.of("-Xmx2g", "-Domni.kernels=scalar", "-ea")), command.toString());
        assertTrue(command.stream().noneMatch(argument -> argument.contains("agent") || argument.contains("jdwp")));
    }

    @Test
    void leavesTheCollectorToTheUser() {
        assertFalse(command(List.of("-XX:+UseZGC"), Map.of()).contains("-XX:+UseSerialGC"));
        assertFalse(command(List.of(), Map.of("JDK_JAVA_OPTIONS", "-Da=b  -XX:+UseParallelGC"))
                .contains("-XX:+UseSerialGC"));
        assertFalse(
                command(List.of(), Map.of("JAVA_TOOL_OPTIONS", "-XX:+UseG1GC")).contains("-XX:+UseSerialGC"));
    }

    private static List<String> command(List<String> inputArguments, Map<String, String> environment, String... args) {
        JavaHome java = JavaHome.at(Path.of(System.getProperty("java.home")));
        if (java == null) {
            throw new AssertionError("no Java in " + System.getProperty("java.home"));
        }
        return Launcher.command(java, Path.of("omni.jar"), inputArguments, environment, args);
    }
}
