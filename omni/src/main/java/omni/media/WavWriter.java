package omni.media;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import omni.error.MediaException;
import org.jspecify.annotations.Nullable;

/**
 * A 16-bit mono WAV that grows. A file is a valid WAV after every {@link #write}: samples first, then the sizes in the header; what a
 * full disk or a crash leaves behind can be played as far as it goes. A stream, which cannot be patched, gets the header of unknown
 * length that players of pipes expect.
 *
 * <p>Samples are rounded to nearest after scaling by 32767, as {@code libsndfile} does, and clipped.
 */
public final class WavWriter implements AutoCloseable {
    private static final int HEADER = 44;
    private static final int BLOCK = 2;

    /** The sizes of the header count bytes in 32 bits. */
    private static final long MOST_BYTES = 0xFFFFFFFFL - HEADER;

    private final String name;
    private final @Nullable FileChannel channel;
    private final @Nullable OutputStream stream;
    private final int rate;
    private long bytes;

    private WavWriter(String name, @Nullable FileChannel channel, @Nullable OutputStream stream, int rate) {
        if (rate < 1 || rate > SampleReader.MAX_RATE) {
            throw new IllegalArgumentException("wav: rate=" + rate);
        }
        this.name = name;
        this.channel = channel;
        this.stream = stream;
        this.rate = rate;
    }

    /**
     * Creates a file, or replaces one.
     *
     * @param rate samples in a second, 1 .. {@link SampleReader#MAX_RATE}
     * @throws MediaException if it cannot be written
     */
    public static WavWriter create(Path path, int rate) {
        String name = path.toString();
        try {
            FileChannel channel = FileChannel.open(
                    path, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING);
            WavWriter writer = new WavWriter(name, channel, null, rate);
            writer.put(channel, writer.header(0), 0);
            return writer;
        } catch (IOException e) {
            throw unwritable(name, e);
        }
    }

    /**
     * Writes to a stream, such as standard output. Closing the writer flushes the stream and leaves it open.
     *
     * @param name what messages call it
     * @throws MediaException if it cannot be written
     */
    public static WavWriter to(OutputStream stream, String name, int rate) {
        WavWriter writer = new WavWriter(name, null, stream, rate);
        try {
            stream.write(writer.header(-1).array());
            stream.flush();
            return writer;
        } catch (IOException e) {
            throw unwritable(name, e);
        }
    }

    /**
     * Appends samples in -1 .. 1.
     *
     * @throws MediaException if they cannot be written, or the file would exceed 4 GiB
     */
    public void write(float[] samples, int from, int n) {
        if (bytes > MOST_BYTES - (long) n * BLOCK) {
            throw new MediaException("wav: file=" + name + ", samples=" + bytes / BLOCK + "; a WAV file holds no more");
        }
        ByteBuffer pcm = ByteBuffer.allocate(n * BLOCK).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = from; i < from + n; i++) {
            pcm.putShort((short) Math.clamp(Math.round(samples[i] * 32767.0), -32768, 32767));
        }
        pcm.flip();
        try {
            if (channel != null) {
                put(channel, pcm, HEADER + bytes);
                put(channel, header(bytes + (long) n * BLOCK), 0);
            } else if (stream != null) {
                stream.write(pcm.array());
                stream.flush();
            }
            bytes += (long) n * BLOCK;
        } catch (IOException e) {
            keepWhatWasWritten();
            throw unwritable(name, e);
        }
    }

    /** Lets the header of a file that cannot grow count the samples that still found room. */
    private void keepWhatWasWritten() {
        if (channel == null) {
            return;
        }
        try {
            bytes = Math.max(channel.size() - HEADER, 0) / BLOCK * BLOCK;
            put(channel, header(bytes), 0);
        } catch (IOException ignored) {
            // The header counts what was there before: still a valid file, only a shorter one.
        }
    }

    /** Samples written so far. */
    public long samples() {
        return bytes / BLOCK;
    }

    /** Samples in a second. */
    public int rate() {
        return rate;
    }

    @Override
    public void close() {
        try {
            if (channel != null) {
                channel.close();
            } else if (stream != null) {
                stream.flush();
            }
        } catch (IOException e) {
            throw unwritable(name, e);
        }
    }

    private void put(FileChannel file, ByteBuffer data, long position) throws IOException {
        for (long at = position; data.hasRemaining(); ) {
            at += file.write(data, at);
        }
    }

    /** @param size bytes of samples; -1 for unknown, which makes all sizes all ones */
    private ByteBuffer header(long size) {
        return ByteBuffer.allocate(HEADER)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put("RIFF".getBytes(StandardCharsets.US_ASCII))
                .putInt(size < 0 ? -1 : (int) (size + HEADER - 8))
                .put("WAVEfmt ".getBytes(StandardCharsets.US_ASCII))
                .putInt(16)
                .putShort((short) WavFormat.PCM)
                .putShort((short) 1)
                .putInt(rate)
                .putInt(rate * BLOCK)
                .putShort((short) BLOCK)
                .putShort((short) 16)
                .put("data".getBytes(StandardCharsets.US_ASCII))
                .putInt((int) size)
                .flip();
    }

    private static MediaException unwritable(String name, IOException e) {
        return new MediaException("wav: file=" + name + "; cannot be written: " + e.getMessage(), e);
    }
}
