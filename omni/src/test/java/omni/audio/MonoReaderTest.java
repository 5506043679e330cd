package omni.audio;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import omni.fixture.ToneReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MonoReaderTest {
    private static final int RATE = 16_000;

    @ParameterizedTest
    @ValueSource(ints = {8000, 11_025, 12_000, 22_050, 24_000, 32_000, 37_123, 44_100, 44_101, 48_000, 96_000, 192_000})
    void passBandIsFlatAndAliasesAreBelowNinetyDecibels(int rate) {
        int samples = rate / 2;
        double half = Math.min(rate, RATE) / 2.0;
        for (double hertz : new double[] {60, 0.11 * half, 0.5 * half, 0.8 * half, 0.9 * half}) {
            float[] y = resample(new ToneReader(rate, hertz, samples), 1000);
            double error = 0;
            double gain = 0;
            for (int i = 800; i < y.length - 800; i++) {
                double expected = ToneReader.AMPLITUDE * Math.sin(2 * Math.PI * hertz * i / RATE);
                error += (y[i] - expected) * (y[i] - expected);
                gain += expected * expected;
            }
            double decibels = 10 * Math.log10(gain / error);
            assertTrue(decibels > 100, "rate=" + rate + ", hertz=" + hertz + ", signal to error=" + decibels + " dB");
        }
        for (double hertz : new double[] {8010, 8400, 9000, 11_000, 15_000, 40_000}) {
            if (hertz < rate / 2.0) {
                float[] y = resample(new ToneReader(rate, hertz, samples), 1000);
                double power = 0;
                for (int i = 800; i < y.length - 800; i++) {
                    power += y[i] * y[i];
                }
                double decibels = 10
                        * Math.log10(power / (y.length - 1600) / (0.5 * ToneReader.AMPLITUDE * ToneReader.AMPLITUDE));
                assertTrue(decibels < -90, "rate=" + rate + ", hertz=" + hertz + ", alias=" + decibels + " dB");
            }
        }
    }

    @Test
    void lengthIsRoundedUp() {
        int[] rates = {8000, 16_000, 44_100, 48_000, 22_050, 7, 1_000_000, 15_999};
        for (int rate : rates) {
            for (int samples : new int[] {1, 2, 3, 5, 100, 4001, 8192, 8193, 16_385}) {
                long expected = -Math.floorDiv(-(long) samples * RATE, (long) rate);
                if (expected < 1_000_000) {
                    assertEquals(
                            expected,
                            resample(new ToneReader(rate, 1, samples), 777).length,
                            "rate=" + rate + ", samples=" + samples);
                }
            }
        }
    }

    @Test
    void resultDoesNotDependOnTheSizeOfTheBlocks() {
        float[] whole = resample(new ToneReader(44_100, 440, 30_000), 1_000_000);
        for (int block : new int[] {1, 7, 160, 4096, 10_000}) {
            assertArrayEquals(whole, resample(new ToneReader(44_100, 440, 30_000), block), "block=" + block);
        }
    }

    @Test
    void channelsAreAveraged() {
        float[] one = resample(new ToneReader(RATE, 440, 1000), 333);
        float[] three = resample(new ToneReader(RATE, 440, 1000).channels(0.5f, 1, 1.5f), 333);
        assertArrayEquals(one, three, 1e-7f);
    }

    @Test
    void sameRateAndOneChannelPassUntouched() {
        float[] y = resample(new ToneReader(RATE, 440, 20_000), 1_000_000);
        for (int i = 0; i < y.length; i++) {
            assertEquals(ToneReader.sample(RATE, 440, i), y[i]);
        }
    }

    @Test
    void constantStaysConstantAwayFromTheEnds() {
        float[] y = resample(new ToneReader(22_050, 0, 22_050), 1_000_000);
        for (int i = 200; i < y.length - 200; i++) {
            assertEquals(ToneReader.AMPLITUDE, y[i], 2e-6f, "i=" + i);
        }
    }

    private static float[] resample(ToneReader source, int block) {
        float[] y = new float[1 << 16];
        int n = 0;
        try (MonoReader reader = new MonoReader(source, RATE)) {
            while (true) {
                if (n + block > y.length) {
                    y = Arrays.copyOf(y, 2 * y.length + block);
                }
                int got = reader.read(y, n, block);
                n += got;
                if (got < block) {
                    assertEquals(0, reader.read(y, n, 1));
                    break;
                }
            }
        }
        assertTrue(source.closed(), "the source is closed with the reader");
        return Arrays.copyOf(y, n);
    }
}
