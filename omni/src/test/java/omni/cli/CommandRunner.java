package omni.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Runs commands in this process, with streams of its own. */
public final class CommandRunner {
    /** Exit codes with which the process would have been ended. */
    final List<Integer> exits = new ArrayList<>();

    final Interrupts interrupts = new Interrupts(exits::add);
    final Map<String, String> environment = new HashMap<>();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private InputStream in = InputStream.nullInputStream();
    private boolean inIsTerminal = true;
    private boolean errIsTerminal;
    private OutputStream target = out;

    /** Something is piped in. */
    CommandRunner input(byte[] bytes) {
        in = new ByteArrayInputStream(bytes);
        inIsTerminal = false;
        return this;
    }

    CommandRunner input(String text) {
        return input(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Somebody types. */
    CommandRunner typed(String text) {
        input(text);
        inIsTerminal = true;
        return this;
    }

    /** Somebody watches standard error. */
    CommandRunner watched() {
        errIsTerminal = true;
        return this;
    }

    /** Standard output is closed after some bytes. */
    CommandRunner outputClosedAfter(int bytes) {
        target = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                if (out.size() >= bytes) {
                    throw new IOException("Broken pipe");
                }
                out.write(b);
            }
        };
        return this;
    }

    /** Ctrl-C as soon as a text and something behind it is printed. */
    CommandRunner interruptedBehind(String text) {
        target = new OutputStream() {
            private boolean pressed;

            @Override
            public void write(int b) {
                boolean now = !pressed && out().endsWith(text);
                out.write(b);
                if (now) {
                    pressed = true;
                    interrupts.received(false, System.nanoTime());
                }
            }
        };
        return this;
    }

    Streams streams() {
        return new Streams(in, target, err, StandardCharsets.UTF_8, inIsTerminal, errIsTerminal, environment);
    }

    Session session() {
        return new Session(streams(), interrupts);
    }

    /** Runs a command; what it prints is added to what was printed before. */
    public int run(String... args) {
        return Main.run(session(), args);
    }

    /** What was printed to standard output. */
    public String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    /** What was printed to standard error. */
    public String err() {
        return err.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
    }
}
