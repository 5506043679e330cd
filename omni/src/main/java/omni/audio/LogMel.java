package omni.audio;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import omni.engine.Matrix;
import omni.kernels.Elementwise;
import omni.kernels.Fft;
import omni.kernels.FftPlan;

/**
 * From samples to log-mel features: periodic Hann window, power spectrum, mel filters, logarithm, and the clamp that depends on the
 * loudest value of the whole sound ({@code WhisperFeatureExtractor}; reference notes, section 4):
 * {@code (max(log10(max(mel, 1e-10)), loudest - 8) + 4) / 4}.
 *
 * <p>Immutable; may be used by several threads.
 */
public final class LogMel {
    /** Frames worked on at a time: the spectra of a block (201 bins of 64 frames, 51 kB) stay in the second-level cache. */
    static final int BLOCK = 64;

    private static final float FLOOR = 1e-10f;

    private final FeatureConfig config;
    private final FftPlan plan;
    private final MemorySegment window;
    private final int[] firstBin;
    private final float[][] weights;

    public LogMel(FeatureConfig config) {
        this.config = config;
        this.plan = FftPlan.of(config.fftSize());
        this.window = Arena.ofAuto().allocate((long) config.fftSize() * Float.BYTES, 64);
        for (int i = 0; i < config.fftSize(); i++) {
            double hann = 0.5 - 0.5 * Math.cos(2 * Math.PI * i / config.fftSize());
            window.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) hann);
        }
        MelFilters filters = new MelFilters(config.rate(), plan.bins(), config.melBins());
        this.firstBin = new int[config.melBins()];
        this.weights = new float[config.melBins()][];
        for (int m = 0; m < config.melBins(); m++) {
            firstBin[m] = filters.first(m);
            weights[m] = new float[Math.max(0, filters.end(m) - firstBin[m])];
            for (int k = 0; k < weights[m].length; k++) {
                weights[m][k] = (float) filters.weight(firstBin[m] + k, m);
            }
        }
    }

    public FeatureConfig config() {
        return config;
    }

    /** The window's factors, for tests. */
    float[] window() {
        return window.toArray(ValueLayout.JAVA_FLOAT);
    }

    /** Floats of the scratch that {@link #mel} needs. */
    int scratchFloats() {
        return plan.bins() * BLOCK;
    }

    /**
     * Mel powers of at most {@link #BLOCK} frames.
     *
     * @param samples frame f is centred on sample {@code offset + f * hop + fftSize / 2}
     * @param scratch at least {@link #scratchFloats} floats
     * @param mel receives columns {@code column} to {@code column + frames} of [M, F]
     * @return the largest of them; NaN if a sample was not finite
     */
    float mel(MemorySegment samples, long offset, int frames, MemorySegment scratch, Matrix mel, int column) {
        Fft.power(plan, samples, offset, config.hop(), window, 0, scratch, 0, BLOCK, frames);
        float loudest = 0;
        for (int m = 0; m < config.melBins(); m++) {
            long row = mel.rowOffset(m) + column;
            Elementwise.fill(mel.data(), row, 0, frames);
            for (int k = 0; k < weights[m].length; k++) {
                Elementwise.axpy(weights[m][k], scratch, (long) (firstBin[m] + k) * BLOCK, mel.data(), row, frames);
            }
            for (int f = 0; f < frames; f++) {
                // Math.max keeps a NaN.
                loudest = Math.max(loudest, mel.data().getAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, row + f));
            }
        }
        return loudest;
    }

    /** Turns mel powers in columns {@code from} to {@code to} of [M, F] into features, in place. */
    void normalise(Matrix mel, int from, int to, float loudest) {
        float least = log(loudest) - 8;
        for (int m = 0; m < mel.rows(); m++) {
            long row = mel.rowOffset(m);
            for (int f = from; f < to; f++) {
                float log = log(mel.data().getAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, row + f));
                mel.data().setAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, row + f, (Math.max(log, least) + 4) / 4);
            }
        }
    }

    private static float log(float power) {
        return (float) Math.log10(Math.max(power, FLOOR));
    }
}
