package omni.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** The executable jar, run as users run it. */
final class JarProcess {
    private static final long PATIENCE_SECONDS = 180;

    /** The Java of this test, which is one that omni runs on. */
    static final Path JAVA = Path.of(System.getProperty("java.home"), "bin", "java");

    /** What came out of it. */
    record Result(int code, String out, String err) {}

    private final Process process;
    private final CompletableFuture<String> err;

    private JarProcess(Process process) {
        this.process = process;
        this.err = CompletableFuture.supplyAsync(() -> {
            try {
                return new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
            } catch (IOException e) {
                return e.toString();
            }
        });
    }

    /** {@code java OPTIONS -jar omni.jar ARGS}, started with a prefix of its own such as {@code setsid}. */
    static List<String> command(List<String> prefix, Path java, List<String> options, String... args) {
        String jar = System.getProperty("omni.jar");
        if (jar == null) {
            throw new AssertionError("-Domni.jar is missing: this test runs behind the phase package");
        }
        List<String> command = new ArrayList<>(prefix);
        command.add(java.toString());
        command.addAll(options);
        command.add("-jar");
        command.add(jar);
        command.addAll(List.of(args));
        return command;
    }

    static JarProcess start(Map<String, String> environment, List<String> command) throws IOException {
        return new JarProcess(builder(environment, command).start());
    }

    /** Starts a command whose standard input is a file. */
    static JarProcess startReading(Path input, List<String> command) throws IOException {
        return new JarProcess(
                builder(Map.of(), command).redirectInput(input.toFile()).start());
    }

    private static ProcessBuilder builder(Map<String, String> environment, List<String> command) {
        ProcessBuilder builder = new ProcessBuilder(command);
        for (String name : List.of("OMNI_JAVA_HOME", "OMNI_JDK_FOLDERS", "JDK_JAVA_OPTIONS", "JAVA_TOOL_OPTIONS")) {
            builder.environment().remove(name);
        }
        builder.environment().putAll(environment);
        return builder;
    }

    static JarProcess start(String... args) throws IOException {
        return start(Map.of(), command(List.of(), JAVA, List.of(), args));
    }

    static Result run(String... args) throws IOException, InterruptedException {
        return start(args).type("").result();
    }

    /** Types something and ends the input. */
    JarProcess type(String text) throws IOException {
        process.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().close();
        return this;
    }

    /** Types something; more may follow. */
    void typeOn(String text) throws IOException {
        process.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().flush();
    }

    InputStream out() {
        return process.getInputStream();
    }

    /** The process that was started: the launcher. */
    ProcessHandle launcher() {
        return process.toHandle();
    }

    /** The process that does the work. */
    ProcessHandle worker() {
        return process.descendants()
                .filter(child -> child.info().command().orElse("").contains("java"))
                .findFirst()
                .orElseThrow(() -> new AssertionError("the launcher has no child"));
    }

    /** Sends a signal as {@code kill} does. */
    static void signal(String name, String to) throws IOException, InterruptedException {
        int code = new ProcessBuilder("/bin/kill", "-s", name, "--", to)
                .inheritIO()
                .start()
                .waitFor();
        if (code != 0) {
            throw new IOException("kill -s " + name + " -- " + to + " returned " + code);
        }
    }

    /** Waits for its end and for all that it prints. */
    Result result() throws IOException, InterruptedException {
        String rest = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Result(code(), rest, err.join());
    }

    /** Waits for its end. */
    int code() throws InterruptedException {
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
            throw new AssertionError("still running after " + PATIENCE_SECONDS + " s");
        }
        return process.exitValue();
    }

    /** Standard error, complete once the process has ended. */
    String err() {
        return err.join();
    }
}
