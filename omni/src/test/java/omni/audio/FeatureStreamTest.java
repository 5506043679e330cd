package omni.audio;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import omni.engine.Matrix;
import omni.error.MediaException;
import omni.fixture.MemoryReader;
import omni.media.SampleReader;
import omni.media.SoundSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FeatureStreamTest {
    /** A window of one second, so that sounds about as long as the reference's 300 s are small. */
    private static final FeatureConfig SHORT = new FeatureConfig(16_000, 400, 160, 128, 1);

    private static final long SEED = 21;

    @ParameterizedTest
    @ValueSource(ints = {1, 91, 160, 161, 200, 201, 399, 400, 1600, 9999, 15_799, 15_800, 15_801, 15_999, 16_000})
    void featuresAreThoseOfTheDefinition(int samples) {
        float[] x = noise(samples);
        assertClose(reference(x, SHORT), features(x, SHORT), "seed=" + SEED + ", samples=" + samples);
    }

    @ParameterizedTest
    @ValueSource(ints = {16_001, 16_100, 16_160, 20_000, 50_001})
    void longerSoundsAreProcessedWholeWithSilenceBehindThem(int samples) {
        float[] x = noise(samples);
        // The definition with a window long enough for the whole sound and the silence.
        FeatureConfig longer = new FeatureConfig(16_000, 400, 160, 128, 4);
        assertClose(reference(x, longer), features(x, SHORT), "seed=" + SEED + ", samples=" + samples);
    }

    @Test
    void silenceIsMinusOneAndAHalfEverywhere() {
        for (float value : features(new float[5000], SHORT)) {
            assertEquals(-1.5f, value);
        }
    }

    @Test
    void clickAtTheEndCountsForTheLoudestThoughNoValidFrameSeesItWhole() {
        float[] x = new float[8005];
        Random random = new Random(SEED);
        for (int i = 0; i < x.length; i++) {
            x[i] = (i > 7992 ? 0.9f : 0.002f) * (float) random.nextGaussian();
        }
        assertClose(reference(x, SHORT), features(x, SHORT), "seed=" + SEED);
    }

    @Test
    void blocksOfAnySizeGiveTheSameFeatures() {
        for (int samples : new int[] {8000, 40_000}) {
            float[] x = noise(samples);
            float[] whole = features(x, SHORT);
            int frames = whole.length / 128;
            for (int columns : new int[] {1, 7, 64, 65, 200}) {
                Source source = new Source(x);
                float[] parts = new float[whole.length];
                try (FeatureStream stream = FeatureStream.open(new LogMel(SHORT), source)) {
                    Matrix block = new Matrix(
                            java.lang.foreign.Arena.ofAuto().allocate(4L * 128 * columns), 0, 128, columns, columns);
                    int at = 0;
                    for (int n; (n = stream.read(block)) > 0; at += n) {
                        for (int m = 0; m < 128; m++) {
                            for (int f = 0; f < n; f++) {
                                parts[m * frames + at + f] = block.get(m, f);
                            }
                        }
                    }
                    assertEquals(frames, at);
                }
                assertArrayEquals(whole, parts, "samples=" + samples + ", columns=" + columns);
                assertEquals(
                        samples > 16_000 ? 2 : 1, source.opened, "short sounds are kept, long ones are read again");
                assertEquals(0, source.open);
            }
        }
    }

    @Test
    void lengthIsKnownOnceOpen() {
        try (FeatureStream stream = FeatureStream.open(new LogMel(SHORT), new Source(noise(24_001)))) {
            assertEquals(24_001, stream.samples());
            assertEquals(151, stream.frames());
            assertEquals(24_001 / 16_000.0, stream.seconds());
            AudioFeatures all = stream.readAll();
            assertEquals(151, all.frames());
            assertEquals(128, all.melBins());
            assertEquals(24_001, all.samples());
            assertThrows(IllegalStateException.class, stream::readAll);
        }
    }

    @Test
    void shouldRefuseSoundsThatOverflow() {
        float[] x = new float[1000];
        x[500] = 1e25f;
        Exception e = assertThrows(MediaException.class, () -> features(x, SHORT));
        assertEquals(
                "sound: file=test, loudest=Infinity; its samples are far beyond -1 .. 1, the file is damaged",
                e.getMessage());
        assertThrows(MediaException.class, () -> features(new float[0], SHORT));
    }

    @Test
    void shouldRefuseSoundsThatShrinkBetweenTheReadings() {
        Source source = new Source(noise(50_000));
        try (FeatureStream stream = FeatureStream.open(new LogMel(SHORT), source)) {
            source.samples = noise(20_000);
            Exception e = assertThrows(MediaException.class, stream::readAll);
            assertEquals(
                    "sound: file=test, samples=50000, found=20000; the file changed while it was read", e.getMessage());
        }
        assertEquals(0, source.open);
    }

    private static float[] features(float[] x, FeatureConfig config) {
        try (FeatureStream stream = FeatureStream.open(new LogMel(config), new Source(x))) {
            return stream.readAll().logMel().toArray();
        }
    }

    private static void assertClose(float[] expected, float[] actual, String what) {
        assertEquals(expected.length, actual.length, what);
        for (int i = 0; i < expected.length; i++) {
            assertEquals(expected[i], actual[i], 2e-4f, what + ", value=" + i);
        }
    }

    /** The definition in double: padded with zeros, reflected, windowed, transformed, filtered. */
    private static float[] reference(float[] x, FeatureConfig config) {
        int padded = config.rate() * config.paddedSeconds();
        int n = config.fftSize();
        MelFilters filters = new MelFilters(config.rate(), n / 2 + 1, config.melBins());
        int frames = padded / config.hop();
        double[][] log = new double[config.melBins()][frames];
        double most = -100;
        for (int f = 0; f < frames; f++) {
            double[] power = new double[n / 2 + 1];
            // Frames of nothing but silence have no power: spare them the transform.
            boolean silent = f * config.hop() - n / 2 >= x.length && (f + 2) * config.hop() + n < padded;
            for (int k = 0; k <= n / 2 && !silent; k++) {
                double re = 0;
                double im = 0;
                for (int i = 0; i < n; i++) {
                    int at = Math.abs(f * config.hop() - n / 2 + i);
                    at = at >= padded ? 2 * (padded - 1) - at : at;
                    double windowed = (at < x.length ? x[at] : 0) * (0.5 - 0.5 * Math.cos(2 * Math.PI * i / n));
                    re += windowed * Math.cos(2 * Math.PI * k * i / n);
                    im += windowed * Math.sin(2 * Math.PI * k * i / n);
                }
                power[k] = re * re + im * im;
            }
            for (int m = 0; m < config.melBins(); m++) {
                double mel = 0;
                for (int k = 0; k <= n / 2; k++) {
                    mel += filters.weight(k, m) * power[k];
                }
                log[m][f] = Math.log10(Math.max(mel, 1e-10));
                most = Math.max(most, log[m][f]);
            }
        }
        int valid = (x.length + config.hop() - 1) / config.hop();
        float[] out = new float[config.melBins() * valid];
        for (int i = 0; i < out.length; i++) {
            out[i] = (float) ((Math.max(log[i / valid][i % valid], most - 8) + 4) / 4);
        }
        return out;
    }

    private static float[] noise(int n) {
        Random random = new Random(SEED + n);
        float[] x = new float[n];
        for (int i = 0; i < n; i++) {
            x[i] = 0.1f * (float) random.nextGaussian() * (float) Math.abs(Math.sin(i * 3e-4));
        }
        return x;
    }

    /** Samples at 16 kHz that count their readers. */
    private static final class Source implements SoundSource {
        private float[] samples;
        private int opened;
        private int open;

        Source(float[] samples) {
            this.samples = samples;
        }

        @Override
        public String name() {
            return "test";
        }

        @Override
        public SampleReader open() {
            opened++;
            open++;
            return new MemoryReader(samples, 16_000) {
                @Override
                public void close() {
                    open--;
                }
            };
        }
    }

    @Test
    void shouldRefuseBlocksOfTheWrongHeight() {
        try (FeatureStream stream = FeatureStream.open(new LogMel(SHORT), new Source(noise(500)))) {
            Matrix block = new Matrix(java.lang.foreign.Arena.ofAuto().allocate(4L * 80), 0, 80, 1, 1);
            Exception e = assertThrows(IllegalArgumentException.class, () -> stream.read(block));
            assertEquals("features: rows=80, melBins=128", e.getMessage());
            assertTrue(stream.frames() == 4);
        }
    }
}
