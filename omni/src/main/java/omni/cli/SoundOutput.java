package omni.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import omni.Reply;
import omni.SoundChunk;
import omni.Speech;
import omni.error.RequestException;
import omni.media.WavWriter;
import org.jspecify.annotations.Nullable;

/**
 * Where the sound of an answer goes: a WAV file that is valid at every moment, or a growing WAV on standard output. Begun when the
 * first samples come, so that a request that fails before leaves an older file as it was.
 */
final class SoundOutput implements AutoCloseable {
    private static final String STANDARD_OUTPUT = "-";

    private final String target;
    private final @Nullable Path file;
    private final Streams streams;
    private @Nullable WavWriter writer;

    private SoundOutput(String target, @Nullable Path file, Streams streams) {
        this.target = target;
        this.file = file;
        this.streams = streams;
    }

    /**
     * An output whose folder exists.
     *
     * @param option that names it, for messages
     * @param target the name of a file, or {@code -}
     * @throws RequestException if such a file cannot be
     */
    static SoundOutput of(String option, String target, Streams streams) {
        if (target.equals(STANDARD_OUTPUT)) {
            return new SoundOutput(target, null, streams);
        }
        Path file = MediaArguments.path(option, target);
        try {
            Path folder = file.toAbsolutePath().getParent();
            if (Files.isDirectory(file)) {
                throw new RequestException(
                        option + ": file=" + target + "; it is a folder, give the name of a file in it");
            }
            if (folder == null || !Files.isDirectory(folder)) {
                throw new RequestException(option + ": file=" + target + ", folder=" + folder
                        + "; there is no such folder, make it or choose another");
            }
            if (!Files.isWritable(Files.exists(file) ? file : folder)) {
                throw new RequestException(
                        option + ": file=" + target + "; it must not be written, choose another name");
            }
        } catch (InvalidPathException e) {
            throw new UsageException(option + ": value=" + target + "; give the name of a file");
        }
        return new SoundOutput(target, file, streams);
    }

    /** True if the sound goes to standard output, so that nothing else may. */
    boolean standardOutput() {
        return file == null;
    }

    /** What was named. */
    String target() {
        return target;
    }

    /** Appends samples. */
    void write(SoundChunk chunk) {
        writer(chunk.sampleRate()).write(chunk.samples(), 0, chunk.samples().length);
    }

    /** Makes the file of an answer that had nothing to say, so that a reader finds one. */
    void end(Reply reply) {
        Speech speech = reply.speech();
        if (speech != null) {
            writer(speech.sampleRate());
        }
    }

    private WavWriter writer(int sampleRate) {
        WavWriter begun = writer;
        if (begun == null) {
            begun = file == null
                    ? WavWriter.to(new StandardOutput(streams), "standard output", sampleRate)
                    : WavWriter.create(file, sampleRate);
            writer = begun;
        }
        return begun;
    }

    @Override
    public void close() {
        WavWriter begun = writer;
        if (begun != null) {
            begun.close();
        }
    }

    /** Standard output for bytes. A reader that has enough ends the command quietly, as with text. */
    private static final class StandardOutput extends OutputStream {
        private final Streams streams;

        StandardOutput(Streams streams) {
            this.streams = streams;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int from, int n) {
            streams.write(bytes, from, n);
        }
    }
}
