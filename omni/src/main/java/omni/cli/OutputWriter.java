package omni.cli;

import java.io.IOException;
import java.io.Writer;

/** Standard output for what wants a {@link Writer}. */
final class OutputWriter extends Writer {
    private final Streams streams;

    OutputWriter(Streams streams) {
        this.streams = streams;
    }

    @Override
    public void write(char[] text, int offset, int length) throws IOException {
        try {
            streams.print(new String(text, offset, length));
        } catch (ClosedOutputException e) {
            throw new IOException(e);
        }
    }

    @Override
    public void flush() {
        // Every write is passed on at once.
    }

    @Override
    public void close() {
        // Standard output stays open.
    }
}
