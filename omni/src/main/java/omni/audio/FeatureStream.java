package omni.audio;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import omni.engine.Matrix;
import omni.error.MediaException;
import omni.media.SoundSource;
import org.jspecify.annotations.Nullable;

/**
 * The features of a sound of any length, block by block. The clamp of the features depends on the loudest value of the whole sound, so
 * opening reads the sound once to its end; a sound that is longer than the reference's window of 300 s is then read again from its
 * source, a shorter one is kept (19 MB at most).
 *
 * <p>The reference fills a shorter sound with silence to 300 s, which shows at its end: frames there see zeros, and the frames behind
 * the last valid one that still see the sound count for the loudest value. It cuts a longer one. Here a longer sound is processed whole,
 * by the same rules, with silence behind it.
 */
public final class FeatureStream implements AutoCloseable {
    private static final int READ = 8192;

    private final LogMel mel;
    private final FeatureConfig config;
    private final SoundSource source;
    private final int half;
    private final long padded;
    private final MemorySegment scratch;

    /** Samples that a block of frames sees; the last of them is number {@link #windowEnd} - 1 of the sound. */
    private final MemorySegment window;

    private final int windowLength;
    private long windowEnd;

    private final float[] chunk = new float[READ];
    private @Nullable MonoReader reader;

    /** The whole sound if it is short; until that is known, what was read so far. */
    private float[] kept = new float[READ];

    private boolean keeping;

    /** S, or -1 until the end was reached for the first time. */
    private long samples = -1;

    private long supplied;
    private long nextFrame;
    private float loudest;

    private FeatureStream(LogMel mel, SoundSource source) {
        this.mel = mel;
        this.config = mel.config();
        this.source = source;
        this.half = config.fftSize() / 2;
        this.padded = (long) config.paddedSeconds() * config.rate();
        this.windowLength = (LogMel.BLOCK - 1) * config.hop() + config.fftSize();
        Arena arena = Arena.ofAuto();
        this.scratch = arena.allocate((long) mel.scratchFloats() * Float.BYTES, 64);
        this.window = arena.allocate((long) windowLength * Float.BYTES, 64);
    }

    /**
     * Opens a sound and reads it to its end.
     *
     * @throws MediaException if it is missing, broken, without samples, or too loud to be a sound
     */
    public static FeatureStream open(LogMel mel, SoundSource source) {
        FeatureStream stream = new FeatureStream(mel, source);
        try {
            stream.listen();
            return stream;
        } finally {
            stream.close();
        }
    }

    /** How the sound becomes features. */
    public FeatureConfig config() {
        return config;
    }

    /** Samples S at the features' rate. */
    public long samples() {
        return samples;
    }

    /** Length of the sound. */
    public double seconds() {
        return (double) samples / config.rate();
    }

    /** Frames F of the whole sound. */
    public long frames() {
        return config.frames(samples);
    }

    /**
     * Computes the next frames.
     *
     * @param block receives features [M, F] from its first column on; columns behind the sound's end are left as they are
     * @return frames computed: as many as the block has columns, or fewer at the end; 0 behind it
     * @throws MediaException if the sound cannot be read again
     * @throws IllegalArgumentException if the block does not have M rows
     */
    public int read(Matrix block) {
        if (block.rows() != config.melBins()) {
            throw new IllegalArgumentException("features: rows=" + block.rows() + ", melBins=" + config.melBins());
        }
        int n = (int) Math.min(block.cols(), frames() - nextFrame);
        for (int f = 0; f < n; f += LogMel.BLOCK) {
            load();
            int count = Math.min(LogMel.BLOCK, n - f);
            mel.mel(window, 0, count, scratch, block, f);
            nextFrame += count;
        }
        mel.normalise(block, 0, n, loudest);
        return n;
    }

    /**
     * All features at once, in memory of their own.
     *
     * @throws IllegalStateException if frames were read already
     */
    public AudioFeatures readAll() {
        if (nextFrame != 0) {
            throw new IllegalStateException("features: frames read=" + nextFrame);
        }
        int frames = Math.toIntExact(frames());
        Matrix all = matrix(config.melBins(), frames);
        read(all);
        return new AudioFeatures(all, samples, seconds());
    }

    /** The first reading: counts samples, keeps them as long as they are few, and finds the loudest value. */
    private void listen() {
        keeping = true;
        reader = new MonoReader(source.open(), config.rate());
        Matrix powers = matrix(config.melBins(), LogMel.BLOCK);
        while (true) {
            load();
            // Until the end is reached, every frame of a block sees the sound.
            long left = samples < 0 ? LogMel.BLOCK : hearingFrames() - nextFrame;
            if (left <= 0) {
                break;
            }
            int count = (int) Math.min(LogMel.BLOCK, left);
            loudest = Math.max(loudest, mel.mel(window, 0, count, scratch, powers, 0));
            nextFrame += count;
        }
        if (samples == 0) {
            throw new MediaException("sound: file=" + source.name() + ", samples=0; there is nothing to hear");
        }
        if (!Float.isFinite(loudest)) {
            throw new MediaException("sound: file=" + source.name() + ", loudest=" + loudest
                    + "; its samples are far beyond -1 .. 1, the file is damaged");
        }
        kept = keeping ? Arrays.copyOf(kept, (int) samples) : new float[0];
        supplied = 0;
        nextFrame = 0;
        windowEnd = 0;
    }

    /** Frames that see any of the sound; those behind the reference's window do not count if the sound fits into it. */
    private long hearingFrames() {
        long hearing = config.frames(samples + half);
        return samples <= padded ? Math.min(hearing, padded / config.hop()) : hearing;
    }

    /** Moves the window to the next frame: sample i of it is number {@code nextFrame * hop - half + i} of the sound. */
    private void load() {
        long start = nextFrame * config.hop() - half;
        int keep = (int) (windowEnd - start);
        if (nextFrame > 0) {
            MemorySegment.copy(
                    window, (long) (windowLength - keep) * Float.BYTES, window, 0, (long) keep * Float.BYTES);
        }
        int at = keep;
        while (at < windowLength) {
            int got = supply(Math.min(READ, windowLength - at));
            if (got == 0) {
                break;
            }
            MemorySegment.copy(chunk, 0, window, ValueLayout.JAVA_FLOAT, (long) at * Float.BYTES, got);
            at += got;
        }
        windowEnd = start + windowLength;
        for (; at < windowLength; at++) {
            set(at, behind(start, at));
        }
        if (nextFrame == 0) {
            for (int i = 0; i < half; i++) {
                set(i, get(2 * half - i));
            }
        }
    }

    /** A sample behind the sound: silence, but where the reference's window ends it reflects. */
    private float behind(long start, int at) {
        long mirrored = 2 * (padded - 1) - (start + at) - start;
        boolean reflects = samples <= padded && start + at >= padded && mirrored >= 0;
        return reflects ? get((int) mirrored) : 0;
    }

    /** The next samples of the sound into {@link #chunk}; 0 at its end. */
    private int supply(int n) {
        if (samples >= 0 && supplied == samples) {
            return 0;
        }
        int got;
        if (samples >= 0 && keeping) {
            got = (int) Math.min(n, samples - supplied);
            System.arraycopy(kept, (int) supplied, chunk, 0, got);
        } else {
            if (reader == null) {
                reader = new MonoReader(source.open(), config.rate());
            }
            got = reader.read(chunk, 0, n);
            if (samples < 0) {
                keep(got);
            } else if (got == 0) {
                throw new MediaException("sound: file=" + source.name() + ", samples=" + samples + ", found=" + supplied
                        + "; the file changed while it was read");
            }
        }
        supplied += got;
        if (samples < 0 && got == 0) {
            samples = supplied;
        }
        return got;
    }

    private void keep(int got) {
        if (keeping && supplied + got > Math.max(padded, READ)) {
            keeping = false;
            kept = new float[0];
        }
        if (keeping) {
            if (supplied + got > kept.length) {
                kept = Arrays.copyOf(kept, Math.max((int) supplied + got, kept.length + kept.length / 2));
            }
            System.arraycopy(chunk, 0, kept, (int) supplied, got);
        }
    }

    private float get(int index) {
        return window.getAtIndex(ValueLayout.JAVA_FLOAT, index);
    }

    private void set(int index, float value) {
        window.setAtIndex(ValueLayout.JAVA_FLOAT, index, value);
    }

    private static Matrix matrix(int rows, int columns) {
        long bytes = Math.max(1, Math.multiplyExact((long) rows * columns, Float.BYTES));
        return new Matrix(Arena.ofAuto().allocate(bytes, 64), 0, rows, columns, columns);
    }

    /** Closes the source. Features that were read stay. */
    @Override
    public void close() {
        if (reader != null) {
            reader.close();
            reader = null;
        }
    }
}
