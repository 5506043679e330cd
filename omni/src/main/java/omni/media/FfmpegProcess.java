package omni.media;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import omni.error.MediaException;

/**
 * One run of a program: its output as a stream that ends in an error if the program failed, its last words for the message, and an end to
 * it if it hangs. Closing kills it if it still runs; no process or thread outlives that.
 */
final class FfmpegProcess implements AutoCloseable {
    private static final int LONGEST_LINE = 300;
    private static final long GRACE_SECONDS = 10;

    private final String program;
    private final Path file;
    private final Duration patience;
    private final Process process;
    private final Thread listener;
    private final Thread watcher;
    private volatile String lastLine = "";
    private volatile boolean hung;

    /** When the reader began to wait for output, in the clock of {@link System#nanoTime}; 0 while it does not. */
    private volatile long waitingSince;

    private FfmpegProcess(String program, Path file, Process process, Duration patience) {
        this.program = program;
        this.file = file;
        this.process = process;
        this.patience = patience;
        this.listener =
                Thread.ofPlatform().daemon().name("omni-" + program + "-words").start(this::listen);
        this.watcher =
                Thread.ofPlatform().daemon().name("omni-" + program + "-watch").start(this::watch);
    }

    /** @throws MediaException if the program cannot be started */
    static FfmpegProcess start(String program, Path file, List<String> command, Duration patience) {
        try {
            Process process = new ProcessBuilder(command).start();
            process.getOutputStream().close();
            return new FfmpegProcess(program, file, process, patience);
        } catch (IOException e) {
            throw new MediaException(
                    "media: file=" + file + ", program=" + program + "; it cannot be started: " + e.getMessage(), e);
        }
    }

    /** Its standard output. Reading to the end throws {@link MediaException} if the program failed or hung. */
    InputStream output() {
        InputStream out = process.getInputStream();
        return new InputStream() {
            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
            }

            @Override
            public int read(byte[] bytes, int from, int n) throws IOException {
                waitingSince = System.nanoTime() | 1;
                int got;
                try {
                    got = out.read(bytes, from, n);
                } catch (IOException e) {
                    // Killing a process closes its streams under the reader.
                    if (!hung) {
                        throw e;
                    }
                    got = -1;
                } finally {
                    waitingSince = 0;
                }
                if (got < 0) {
                    finish();
                }
                return got;
            }

            @Override
            public void close() {
                FfmpegProcess.this.close();
            }
        };
    }

    /** All output as text, of at most {@code limit} bytes. */
    byte[] readAll(int limit) {
        try (InputStream out = output()) {
            byte[] bytes = out.readNBytes(limit + 1);
            if (bytes.length > limit) {
                throw new MediaException("media: file=" + file + ", program=" + program + ", output=" + limit
                        + " bytes and more; it says more than makes sense");
            }
            return bytes;
        } catch (IOException e) {
            throw WavReader.unreadable(file.toString(), e);
        }
    }

    /** Waits for the end of a program whose output has ended. */
    private void finish() {
        try {
            if (!process.waitFor(GRACE_SECONDS, TimeUnit.SECONDS)) {
                hung = true;
                process.destroyForcibly();
            }
            listener.join(TimeUnit.SECONDS.toMillis(GRACE_SECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MediaException(
                    "media: file=" + file + ", program=" + program + "; waiting for it was interrupted", e);
        }
        String words = lastLine.isEmpty() ? "it said nothing" : "its last words: " + lastLine;
        if (hung) {
            throw new MediaException("media: file=" + file + ", program=" + program + ", silent for="
                    + patience.toMillis() / 1000.0 + " s; it hung and was stopped; " + words);
        }
        int exit = process.exitValue();
        if (exit != 0) {
            throw new MediaException(
                    "media: file=" + file + ", program=" + program + ", exit=" + exit + "; it failed; " + words);
        }
    }

    private void listen() {
        try (BufferedReader err =
                new BufferedReader(new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8))) {
            StringBuilder line = new StringBuilder();
            for (int c = err.read(); c >= 0; c = err.read()) {
                if (c != '\n' && c != '\r') {
                    // A line without end must not fill the memory, and control characters not reach a terminal.
                    if (line.length() < LONGEST_LINE) {
                        line.append(Character.isISOControl(c) ? ' ' : (char) c);
                    }
                    continue;
                }
                keep(line);
            }
            keep(line);
        } catch (IOException e) {
            // The process was killed; what it said until then stands.
            return;
        }
    }

    private void keep(StringBuilder line) {
        if (!line.isEmpty()) {
            lastLine = line.toString().strip();
            line.setLength(0);
        }
    }

    private void watch() {
        long step = Math.max(10, Math.min(500, patience.toMillis() / 4));
        try {
            while (!process.waitFor(step, TimeUnit.MILLISECONDS)) {
                long since = waitingSince;
                if (since != 0 && System.nanoTime() - since > patience.toNanos()) {
                    hung = true;
                    kill();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void kill() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    @Override
    public void close() {
        kill();
        try {
            process.waitFor(GRACE_SECONDS, TimeUnit.SECONDS);
            watcher.join(TimeUnit.SECONDS.toMillis(GRACE_SECONDS));
            listener.join(TimeUnit.SECONDS.toMillis(GRACE_SECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
