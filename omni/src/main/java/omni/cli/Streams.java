package omni.cli;

import java.io.BufferedInputStream;
import java.io.Console;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Standard input, output and error of a command, and whether people sit at them. */
final class Streams {
    private final InputStream in;
    private final OutputStream out;
    private final PrintStream err;
    private final Charset charset;
    private final boolean inIsTerminal;
    private final boolean errIsTerminal;
    private final boolean colour;
    private boolean outputClosed;

    /**
     * @param in standard input
     * @param out standard output
     * @param err standard error
     * @param charset of the two outputs
     * @param inIsTerminal whether somebody types
     * @param errIsTerminal whether somebody reads messages as they come
     * @param environment {@code NO_COLOR} and {@code TERM} are looked at
     */
    Streams(
            InputStream in,
            OutputStream out,
            OutputStream err,
            Charset charset,
            boolean inIsTerminal,
            boolean errIsTerminal,
            Map<String, String> environment) {
        this.in = in;
        this.out = out;
        this.err = new PrintStream(err, true, charset);
        this.charset = charset;
        this.inIsTerminal = inIsTerminal;
        this.errIsTerminal = errIsTerminal && !"dumb".equals(environment.get("TERM"));
        this.colour =
                this.errIsTerminal && environment.getOrDefault("NO_COLOR", "").isEmpty();
    }

    /** Those of this process. */
    @SuppressWarnings("SystemConsoleNull") // since Java 25 it is null again where input or output is redirected
    static Streams ofProcess() {
        Console console = System.console();
        boolean both = console != null && console.isTerminal();
        boolean windows = System.getProperty("os.name", "").startsWith("Windows");
        // A Windows console has a code page of its own. Everything else is UTF-8, whatever the locale says.
        Charset charset =
                windows && both ? Charset.forName(System.getProperty("stdout.encoding")) : StandardCharsets.UTF_8;
        // The launcher has looked before it put a pipe behind our standard error.
        String terminal = System.getProperty("omni.stderr.terminal");
        return new Streams(
                new BufferedInputStream(new FileInputStream(FileDescriptor.in)),
                new FileOutputStream(FileDescriptor.out),
                error(terminal),
                charset,
                isTerminal(0, both),
                terminal == null ? isTerminal(2, both) : !terminal.isEmpty(),
                System.getenv());
    }

    private static OutputStream error(@Nullable String terminal) {
        if (terminal != null && !terminal.isEmpty()) {
            try {
                return new FileOutputStream(terminal);
            } catch (FileNotFoundException e) {
                // Another user's terminal, for example under sudo: the pipe leads there too.
                return new FileOutputStream(FileDescriptor.err);
            }
        }
        return new FileOutputStream(FileDescriptor.err);
    }

    /** Java itself only tells whether input and output both are terminals. */
    private static boolean isTerminal(int descriptor, boolean otherwise) {
        Path link = Path.of("/proc/self/fd/" + descriptor);
        try {
            return Files.isSymbolicLink(link)
                    ? Files.readSymbolicLink(link).toString().matches("/dev/(pts/|tty|console).*")
                    : otherwise;
        } catch (IOException e) {
            return otherwise;
        }
    }

    InputStream in() {
        return in;
    }

    /** Messages, progress, prompts. */
    PrintStream err() {
        return err;
    }

    boolean inIsTerminal() {
        return inIsTerminal;
    }

    boolean errIsTerminal() {
        return errIsTerminal;
    }

    /** Encoding of what is typed and printed. */
    Charset charset() {
        return charset;
    }

    /**
     * Writes to standard output at once.
     *
     * @throws ClosedOutputException if nobody reads it any more
     */
    void print(String text) {
        byte[] bytes = text.getBytes(charset);
        write(bytes, 0, bytes.length);
    }

    /**
     * Writes bytes to standard output at once.
     *
     * @throws ClosedOutputException if nobody reads it any more
     */
    void write(byte[] bytes, int from, int n) {
        try {
            out.write(bytes, from, n);
            out.flush();
        } catch (IOException e) {
            outputClosed = true;
            throw new ClosedOutputException(e);
        }
    }

    /** Whether something could not be printed. */
    boolean outputClosed() {
        return outputClosed;
    }

    /** {@link #print} with the end of a line. */
    void printLine(String text) {
        print(text + "\n");
    }

    /** Text for standard error, less prominent where colours are shown. */
    String dim(String text) {
        return colour ? "\u001b[2m" + text + "\u001b[0m" : text;
    }

    /** Text for standard error, more prominent where colours are shown. */
    String bold(String text) {
        return colour ? "\u001b[1m" + text + "\u001b[0m" : text;
    }
}
