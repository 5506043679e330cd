package omni.media;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import omni.error.MediaException;

/**
 * WAV: integers of 8 to 32 bits and floats of 32 or 64, any rate and number of channels, extensible headers, RF64, and the unknown
 * length of a writer to a pipe (all ones, or zero). Reads forward only, a block at a time.
 *
 * <p>Integers are divided by half their range (16 bits: 32768), as {@code libsndfile} does for the reference.
 */
public final class WavReader implements SampleReader {
    private static final int BUFFER = 1 << 16;

    /** No sample of a sound is larger; larger floats would overflow when squared and summed. */
    private static final float LOUDEST = 1e9f;

    private final String file;
    private final InputStream in;
    private final WavHeader header;
    private final ByteBuffer buffer;
    private long read;
    private boolean ended;

    private WavReader(String file, InputStream in, WavHeader header) {
        this.file = file;
        this.in = in;
        this.header = header;
        // At least one sample of every channel, however many channels there are.
        this.buffer = ByteBuffer.allocate(Math.max(BUFFER, header.format().block()))
                .order(ByteOrder.LITTLE_ENDIAN)
                .limit(0);
    }

    /**
     * Opens a file. A header that declares more samples than the file holds is refused here.
     *
     * @throws MediaException if the file is missing, empty, cut off, damaged or compressed
     */
    public static WavReader open(Path path) {
        String file = path.toString();
        try {
            long size = Files.size(path);
            if (size == 0) {
                throw new MediaException("wav: file=" + file + ", bytes=0; the file is empty");
            }
            InputStream in = new BufferedInputStream(Files.newInputStream(path), BUFFER);
            try {
                WavReader reader = of(in, file);
                WavHeader header = reader.header;
                if (!header.maybeInvented() && header.declared() > size - header.size()) {
                    throw reader.cutOff(size - header.size());
                }
                return reader;
            } catch (MediaException e) {
                in.close();
                throw e;
            }
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    /**
     * Reads a stream, such as standard input. Closing the reader closes it.
     *
     * @param name what messages call it
     * @throws MediaException if the header is cut off, damaged or names a compression
     */
    public static WavReader of(InputStream in, String name) {
        try {
            WavHeader header = WavHeader.read(name, in);
            if (!header.format().plain()) {
                throw new MediaException("wav: file=" + name + ", format=0x"
                        + Integer.toHexString(header.format().codec()) + "; only PCM and float samples are read here");
            }
            if (header.declared() >= 0 && header.declared() < header.format().block()) {
                throw silent(name);
            }
            return new WavReader(name, in, header);
        } catch (IOException e) {
            throw unreadable(name, e);
        }
    }

    @Override
    public int rate() {
        return header.format().rate();
    }

    @Override
    public int channels() {
        return header.format().channels();
    }

    @Override
    public int read(float[] samples, int frames) {
        WavFormat format = header.format();
        if (frames < 1 || (long) frames * format.channels() > samples.length) {
            throw new IllegalArgumentException(
                    "wav: frames=" + frames + ", channels=" + format.channels() + ", samples=" + samples.length);
        }
        if (buffer.remaining() < format.block() && !ended) {
            fill();
        }
        int n = Math.min(frames, buffer.remaining() / format.block());
        int values = n * format.channels();
        for (int i = 0; i < values; i++) {
            samples[i] = next(format);
        }
        if (format.codec() == WavFormat.IEEE_FLOAT) {
            check(samples, values);
        }
        read += n;
        if (n == 0 && read == 0) {
            throw silent(file);
        }
        return n;
    }

    /** Keeps what is left of a sample and reads on, to the declared end or the stream's. */
    private void fill() {
        buffer.compact();
        long consumed = read * header.format().block() + buffer.position();
        long left = header.declared() < 0 ? Long.MAX_VALUE : header.declared() - consumed;
        int wanted = (int) Math.min(buffer.remaining(), left);
        try {
            int got = in.readNBytes(buffer.array(), buffer.position(), wanted);
            buffer.position(buffer.position() + got).flip();
            ended = got < wanted || got == left;
            if (got < wanted && !header.maybeInvented()) {
                throw cutOff(consumed + got);
            }
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    private float next(WavFormat format) {
        if (format.codec() == WavFormat.IEEE_FLOAT) {
            return format.bytes() == 4 ? buffer.getFloat() : (float) buffer.getDouble();
        }
        return switch (format.bytes()) {
            case 1 -> ((buffer.get() & 0xFF) - 128) * 0x1p-7f;
            case 2 -> buffer.getShort() * 0x1p-15f;
            case 3 -> ((buffer.get() & 0xFF) | (buffer.get() & 0xFF) << 8 | buffer.get() << 16) * 0x1p-23f;
            default -> buffer.getInt() * 0x1p-31f;
        };
    }

    private void check(float[] samples, int values) {
        for (int i = 0; i < values; i++) {
            if (!(Math.abs(samples[i]) <= LOUDEST)) {
                throw new MediaException("wav: file=" + file + ", sample=" + (read + i / channels()) + ", value="
                        + samples[i] + "; the file is damaged");
            }
        }
    }

    private MediaException cutOff(long found) {
        return new MediaException("wav: file=" + file + ", declared=" + header.declared() + " bytes of samples, found="
                + found + "; the file is cut off");
    }

    private static MediaException silent(String file) {
        return new MediaException("wav: file=" + file + ", samples=0; there is nothing to hear");
    }

    static MediaException unreadable(String file, IOException e) {
        if (e instanceof NoSuchFileException) {
            return new MediaException("media: file=" + file + "; no such file", e);
        }
        return new MediaException("media: file=" + file + "; cannot be read: " + e.getMessage(), e);
    }

    @Override
    public void close() {
        try {
            in.close();
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }
}
