package omni.audio;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import omni.kernels.FirResampler;
import omni.media.SampleReader;
import org.jspecify.annotations.Nullable;

/**
 * A sound as one channel at a given rate, block by block: channels are averaged, then resampled. S samples at the source's rate become
 * {@code ceil(S * rate / source rate)}; both ends see silence beyond the sound, and the filter's delay is taken out.
 */
public final class MonoReader implements AutoCloseable {
    private static final int BLOCK = 8192;

    private final SampleReader source;
    private final @Nullable ResamplingFilter filter;
    private final float[] frames;
    private final MemorySegment input;
    private final MemorySegment output;

    /** Inputs in the buffer, of which the first is number {@link #base} of the sound; the silence before it counts as negative. */
    private int held;

    private long base;
    private long consumed;
    private long produced;
    private boolean ended;

    /**
     * @param source is closed with this reader
     * @param rate samples in a second of the result, 1 .. {@link SampleReader#MAX_RATE}
     */
    public MonoReader(SampleReader source, int rate) {
        if (rate < 1 || rate > SampleReader.MAX_RATE) {
            throw new IllegalArgumentException("mono reader: rate=" + rate);
        }
        this.source = source;
        this.filter = source.rate() == rate ? null : new ResamplingFilter(source.rate(), rate);
        // A block of frames holds at most BLOCK values, so that many channels need no more memory than one.
        this.frames = new float[Math.max(BLOCK, source.channels())];
        int taps = filter == null ? 0 : filter.taps;
        this.input = Arena.ofAuto().allocate((2L * taps + BLOCK) * Float.BYTES, 64);
        this.output = Arena.ofAuto().allocate((long) BLOCK * Float.BYTES, 64);
        if (filter != null) {
            held = taps / 2 - 1;
            base = -held;
        }
    }

    /**
     * Reads the next samples.
     *
     * @return how many were read: {@code n}, or fewer at the end; 0 behind it
     * @throws omni.error.MediaException if the file is cut off, damaged or cannot be read
     */
    public int read(float[] samples, int from, int n) {
        int done = 0;
        while (done < n) {
            int got = filter == null
                    ? average(samples, from + done, n - done)
                    : resample(filter, samples, from + done, n - done);
            if (got == 0) {
                break;
            }
            done += got;
        }
        return done;
    }

    private int resample(ResamplingFilter filter, float[] samples, int from, int n) {
        long ready = ready(filter);
        while (produced >= ready && !ended) {
            refill(filter);
            ready = ready(filter);
        }
        int count = (int) Math.min(Math.min(n, BLOCK), ready - produced);
        if (count <= 0) {
            return 0;
        }
        // The window of an output at whole time i starts at input i - taps/2 + 1.
        long first = produced * filter.down - (base + filter.taps / 2 - 1) * filter.up;
        FirResampler.polyphase(
                input,
                0,
                filter.weights,
                0,
                filter.taps,
                filter.phases,
                filter.up,
                filter.down,
                first,
                output,
                0,
                count);
        MemorySegment.copy(output, ValueLayout.JAVA_FLOAT, 0, samples, from, count);
        produced += count;
        return count;
    }

    /** Outputs that the inputs read so far determine. */
    private long ready(ResamplingFilter filter) {
        if (ended) {
            return ceilDiv(consumed * filter.up, filter.down);
        }
        // The last input of an output's window is number time + taps/2.
        long lastTime = base + held - 1 - filter.taps / 2;
        return lastTime < 0 ? 0 : ceilDiv((lastTime + 1) * filter.up, filter.down);
    }

    /** Drops the inputs that no output needs any more and appends a block, or the silence behind the sound. */
    private void refill(ResamplingFilter filter) {
        long needed = produced * filter.down / filter.up - filter.taps / 2 + 1;
        int drop = Math.clamp(needed - base, 0, held);
        MemorySegment.copy(input, (long) drop * Float.BYTES, input, 0, (long) (held - drop) * Float.BYTES);
        held -= drop;
        base += drop;
        int room = (int) (input.byteSize() / Float.BYTES) - held;
        float[] block = new float[Math.min(room, BLOCK)];
        int got = average(block, 0, block.length);
        if (got == 0) {
            ended = true;
            got = filter.taps;
            block = new float[got];
        } else {
            consumed += got;
        }
        MemorySegment.copy(block, 0, input, ValueLayout.JAVA_FLOAT, (long) held * Float.BYTES, got);
        held += got;
    }

    private int average(float[] samples, int from, int n) {
        int channels = source.channels();
        int count = source.read(frames, Math.min(n, frames.length / channels));
        if (channels == 1) {
            System.arraycopy(frames, 0, samples, from, count);
            return count;
        }
        for (int i = 0; i < count; i++) {
            float sum = 0;
            for (int c = 0; c < channels; c++) {
                sum += frames[i * channels + c];
            }
            samples[from + i] = sum / channels;
        }
        return count;
    }

    private static long ceilDiv(long a, long b) {
        return -Math.floorDiv(-a, b);
    }

    @Override
    public void close() {
        source.close();
    }
}
