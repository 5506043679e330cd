package omni.launcher;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.reflect.Field;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The process that does the work. It shares standard input and output with this one, its standard error passes through a
 * {@link WarningFilter}. Signals sent to this process reach it; this process lives until it has ended.
 */
final class Child {
    /**
     * What a child ended by a relayed interrupt returns on Linux and macOS: it came before the child had installed its own handler, and
     * is still an interrupt.
     */
    private static final List<Integer> RELAY_CODES = Arrays.asList(128 + 10, 128 + 30);

    private final AtomicReference<@Nullable Process> process = new AtomicReference<>();
    private volatile boolean interrupted;

    private Child() {}

    /**
     * Runs a command to its end.
     *
     * @param environment variables to set for it
     * @return its exit code, 128 + n where signal n ended it
     */
    static int run(List<String> command, Map<String, String> environment, OutputStream error)
            throws IOException, InterruptedException {
        return new Child().runToEnd(command, environment, error);
    }

    private int runToEnd(List<String> command, Map<String, String> environment, OutputStream error)
            throws IOException, InterruptedException {
        Signals.handle("INT", this::relay);
        if (!JavaHome.isWindows()) {
            Signals.handle("TERM", this::relay);
            Signals.handle("HUP", this::relay);
        }
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectInput(ProcessBuilder.Redirect.INHERIT)
                .redirectOutput(ProcessBuilder.Redirect.INHERIT);
        builder.environment().putAll(environment);
        Process started = builder.start();
        process.set(started);
        // For the case that this process ends in a way that none of the handlers sees.
        Runtime.getRuntime().addShutdownHook(new Thread(started::destroy, "omni-end"));
        pump(started.getErrorStream(), new WarningFilter(error));
        int code = started.waitFor();
        return interrupted && RELAY_CODES.contains(code) ? 130 : code;
    }

    private static void pump(InputStream from, OutputStream to) throws IOException {
        byte[] buffer = new byte[8192];
        boolean open = true;
        for (int n; (n = from.read(buffer)) >= 0; ) {
            try {
                if (open) {
                    to.write(buffer, 0, n);
                }
            } catch (IOException e) {
                // Nobody reads our standard error any more: the child still has to get rid of its own.
                open = false;
            }
        }
        if (open) {
            to.close();
        }
    }

    private void relay(String signal) {
        boolean interrupt = signal.equals("INT");
        interrupted |= interrupt;
        Process running = process.get();
        if (running == null) {
            Runtime.getRuntime().halt(interrupt ? 130 : signal.equals("HUP") ? 129 : 143);
            return;
        }
        if (JavaHome.isWindows()) {
            // The console has told the child already.
            return;
        }
        try {
            String name = interrupt ? Signals.relayed() : signal;
            new ProcessBuilder("/bin/sh", "-c", "kill -s " + name + " " + pid(running) + " 2>/dev/null").start();
        } catch (IOException | ReflectiveOperationException e) {
            running.destroy();
        }
    }

    private static long pid(Process running) throws ReflectiveOperationException {
        try {
            return (Long) Process.class.getMethod("pid").invoke(running);
        } catch (NoSuchMethodException e) {
            // Java 8.
            Field pid = running.getClass().getDeclaredField("pid");
            pid.setAccessible(true);
            return pid.getInt(running);
        }
    }
}
