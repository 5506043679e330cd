package omni.audio;

import java.nio.file.Files;
import java.nio.file.Path;
import omni.loader.Json;
import omni.loader.JsonObject;

/**
 * How sound becomes features: {@code preprocessor_config.json} of a checkpoint ({@code WhisperFeatureExtractor}).
 *
 * @param rate samples in a second
 * @param fftSize samples of one Fourier transform, even
 * @param hop samples from one frame to the next
 * @param melBins M
 * @param paddedSeconds length to which the reference fills a shorter sound with silence; it cuts a longer one, we do not
 */
public record FeatureConfig(int rate, int fftSize, int hop, int melBins, int paddedSeconds) {
    /** The released models': 16 kHz, frames of 25 ms every 10 ms, 128 bins, 300 s. */
    public static final FeatureConfig RELEASED = new FeatureConfig(16_000, 400, 160, 128, 300);

    private static final int MOST = 1 << 16;

    public FeatureConfig {
        if (rate < 1000
                || rate > 1_000_000
                || fftSize < 2
                || fftSize > MOST
                || fftSize % 2 != 0
                || hop < 1
                || hop > fftSize
                || melBins < 1
                || melBins > 4096
                || paddedSeconds < 0
                || paddedSeconds > 86_400) {
            throw new IllegalArgumentException("features: rate=" + rate + ", fftSize=" + fftSize + ", hop=" + hop
                    + ", melBins=" + melBins + ", paddedSeconds=" + paddedSeconds);
        }
    }

    /**
     * Reads {@code preprocessor_config.json} of a checkpoint's folder; a missing file or key takes the released value.
     *
     * @throws omni.error.ModelFormatException if the file is broken or asks for what is not known
     */
    public static FeatureConfig read(Path folder) {
        Path file = folder.resolve("preprocessor_config.json");
        if (!Files.exists(file)) {
            return RELEASED;
        }
        JsonObject config = Json.readObject(file);
        int rate = config.getInt("sampling_rate", RELEASED.rate);
        int fftSize = config.getInt("n_fft", RELEASED.fftSize);
        int hop = config.getInt("hop_length", RELEASED.hop);
        int melBins = config.getInt("feature_size", RELEASED.melBins);
        int seconds = config.getInt("chunk_length", RELEASED.paddedSeconds);
        try {
            return new FeatureConfig(rate, fftSize, hop, melBins, seconds);
        } catch (IllegalArgumentException e) {
            throw config.refuse("n_fft", String.valueOf(e.getMessage()));
        }
    }

    /** Frames of a sound of {@code samples} samples: one for every hop that has begun. */
    public long frames(long samples) {
        return -Math.floorDiv(-samples, hop);
    }
}
