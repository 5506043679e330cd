package omni.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import omni.fixture.CheckpointCopy;
import omni.fixture.TinyModels;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The executable jar when it is interrupted, ended, or nobody reads what it prints. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "there is no kill")
class SignalsIT {
    /** An answer that does not end within the time of a test. */
    private static final String[] ENDLESS = {
        "run", TinyModels.QWEN2.path().toString(), "-p", "a", "--temperature", "0", "-n", "32000"
    };

    @TempDir
    private Path folder;

    @Test
    void keepsWhatWasSaidWhenTheLauncherIsInterrupted() throws Exception {
        JarProcess process = JarProcess.start(ENDLESS);
        String begin = firstBytes(process.out());
        JarProcess.signal("INT", Long.toString(process.launcher().pid()));
        JarProcess.Result result = process.result();
        assertEquals(130, result.code());
        assertTrue(begin.length() == 3 && result.out().endsWith("\n"), result.out());
        assertEquals("", result.err());
    }

    @Test
    void printsTheWholeObjectWhenItIsInterrupted() throws Exception {
        // Nothing tells from outside that the answer has begun, only the time spent; so it must not end soon after.
        Path patient = CheckpointCopy.of(TinyModels.QWEN2)
                .edited(
                        "config.json",
                        config -> config.replace(
                                "\"max_position_embeddings\": 4096", "\"max_position_embeddings\": 32768"))
                .to(folder.resolve("patient"));
        String[] args = Stream.concat(Stream.of(ENDLESS), Stream.of("-c", "32768", "--json"))
                .toArray(String[]::new);
        args[1] = patient.toString();
        JarProcess process = JarProcess.start(args);
        for (int i = 0; i < 600 && process.launcher().isAlive() && cpuSeconds(process) < 6; i++) {
            Thread.sleep(100);
        }
        JarProcess.signal("INT", Long.toString(process.launcher().pid()));
        JarProcess.Result result = process.result();
        assertEquals(130, result.code());
        assertTrue(result.out().contains("\"stop_reason\":\"interrupted\""), result.out());
        assertTrue(result.out().endsWith("}\n"), result.out());
    }

    /** As a terminal does it: to the whole group of processes. */
    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = "setsid is a program of Linux")
    void takesOneKeyPressAsOne() throws Exception {
        JarProcess process = JarProcess.start(
                Map.of(), JarProcess.command(List.of("setsid", "--wait"), JarProcess.JAVA, List.of(), chat()));
        process.typeOn("a\n");
        firstBytes(process.out());
        long group = process.worker().parent().orElseThrow().pid();
        JarProcess.signal("INT", "-" + group);
        process.type("/bye\n");
        JarProcess.Result result = process.result();
        assertEquals("stopped\n", result.err());
        assertEquals(0, result.code());
    }

    @Test
    void endsAConversationThatWaitsForItsNextTurn() throws Exception {
        JarProcess process = JarProcess.start("chat", NanoModel.folder().toString());
        process.typeOn("Hello!\n");
        firstBytes(process.out());
        // The answer is printed; what follows it takes no time worth mentioning.
        Thread.sleep(1000);
        JarProcess.signal("INT", Long.toString(process.launcher().pid()));
        assertEquals(130, process.code());
        assertEquals("", process.err());
    }

    @Test
    void passesTheSignalToEndOn() throws Exception {
        for (String[] signal : new String[][] {{"TERM", "143"}, {"HUP", "129"}}) {
            JarProcess process = JarProcess.start(ENDLESS);
            firstBytes(process.out());
            ProcessHandle worker = process.worker();
            JarProcess.signal(signal[0], Long.toString(process.launcher().pid()));
            assertEquals(Integer.parseInt(signal[1]), process.code(), signal[0]);
            assertFalse(worker.isAlive(), signal[0]);
            assertEquals("", process.err());
        }
    }

    @Test
    void leavesNoWorkerBehindWhenTheLauncherIsKilled() throws Exception {
        JarProcess process = JarProcess.start(ENDLESS);
        firstBytes(process.out());
        ProcessHandle worker = process.worker();
        process.launcher().destroyForcibly();
        worker.onExit().get(60, TimeUnit.SECONDS);
        assertFalse(worker.isAlive());
    }

    @Test
    void endsQuietlyWhenItsReaderHasEnough() throws Exception {
        JarProcess process = JarProcess.start(ENDLESS);
        firstBytes(process.out());
        process.out().close();
        assertEquals(141, process.code());
        assertEquals("", process.err());
    }

    @Test
    void removesTheUnpackedModelWhenTheDemonstrationIsInterrupted() throws Exception {
        JarProcess process = JarProcess.start(
                Map.of(),
                JarProcess.command(List.of(), JarProcess.JAVA, List.of("-Djava.io.tmpdir=" + folder), "demo"));
        firstBytes(process.out());
        JarProcess.signal("INT", Long.toString(process.launcher().pid()));
        assertEquals(130, process.code());
        try (Stream<Path> left = Files.list(folder)) {
            assertEquals(
                    List.of(),
                    left.filter(path -> path.getFileName().toString().startsWith("omni"))
                            .toList());
        }
    }

    private static String[] chat() {
        String[] args = ENDLESS.clone();
        args[0] = "chat";
        return Stream.of(args)
                .filter(arg -> !arg.equals("-p") && !arg.equals("a"))
                .toArray(String[]::new);
    }

    private static double cpuSeconds(JarProcess process) {
        return process.launcher()
                .descendants()
                .flatMap(child -> child.info().totalCpuDuration().stream())
                .mapToDouble(duration -> duration.toMillis() / 1e3)
                .max()
                .orElse(0);
    }

    /** The first three bytes of the answer, once they are there. */
    private static String firstBytes(InputStream in) throws IOException {
        return new String(in.readNBytes(3), StandardCharsets.ISO_8859_1);
    }
}
