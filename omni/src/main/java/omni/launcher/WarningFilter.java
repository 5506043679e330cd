package omni.launcher;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Passes everything on byte for byte, except the one line that the Java start-up code prints about the Vector API's module. Bytes are
 * held back only while they could still become that line.
 */
final class WarningFilter extends OutputStream {
    private static final byte[] LINE =
            ("WARNING: Using incubator modules: " + JavaHome.VECTOR_MODULE).getBytes(StandardCharsets.US_ASCII);

    private final OutputStream out;

    /** Bytes of {@link #LINE} seen and held back; -1 in the middle of another line. */
    private int held;

    /** A carriage return was held back after the line. */
    private boolean carriageReturn;

    private boolean removed;

    WarningFilter(OutputStream out) {
        this.out = out;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        int from = offset;
        int end = offset + length;
        while (from < end && !removed) {
            from = held < 0 ? restOfLine(bytes, from, end) : match(bytes, from, end);
        }
        out.write(bytes, from, end - from);
        out.flush();
    }

    private int restOfLine(byte[] bytes, int from, int end) throws IOException {
        int i = from;
        while (i < end && bytes[i] != '\n') {
            i++;
        }
        if (i < end) {
            i++;
            held = 0;
        }
        out.write(bytes, from, i - from);
        return i;
    }

    private int match(byte[] bytes, int from, int end) throws IOException {
        int i = from;
        while (i < end && held < LINE.length && bytes[i] == LINE[held]) {
            i++;
            held++;
        }
        if (i == end) {
            return i;
        }
        if (held == LINE.length) {
            if (bytes[i] == '\r' && !carriageReturn) {
                carriageReturn = true;
                return i + 1;
            }
            if (bytes[i] == '\n') {
                removed = true;
                return i + 1;
            }
        }
        release();
        return i;
    }

    private void release() throws IOException {
        out.write(LINE, 0, Math.max(held, 0));
        if (carriageReturn) {
            out.write('\r');
            carriageReturn = false;
        }
        held = -1;
    }

    /** Ends the stream: what was held back is no whole line and is passed on. */
    @Override
    public void close() throws IOException {
        if (!removed) {
            release();
        }
        out.flush();
    }
}
