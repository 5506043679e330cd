package omni.media;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import omni.error.MediaException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WavReaderTest {
    @TempDir
    Path folder;

    @Test
    void everyIntegerFormatSpansMinusOneToOne() {
        assertArrayEquals(
                new float[] {-1, 0, 127 / 128f, -0.5f}, read(plain(1, 8).raw(0, 128, 255, 64)));
        assertArrayEquals(
                new float[] {-1, 0, 32767 / 32768f, -0x1p-15f},
                read(plain(1, 16).u16(0x8000).u16(0).u16(0x7FFF).u16(0xFFFF)));
        assertArrayEquals(
                new float[] {-1, 0, 8388607 / 8388608f, -0x1p-23f},
                read(plain(1, 24).raw(0, 0, 0x80, 0, 0, 0, 0xFF, 0xFF, 0x7F, 0xFF, 0xFF, 0xFF)));
        assertArrayEquals(
                new float[] {-1, 0, 0.5f, -0x1p-31f},
                read(plain(1, 32).u32(1L << 31).u32(0).u32(1 << 30).u32(-1)));
    }

    @Test
    void floatsAreTakenAsTheyAre() {
        assertArrayEquals(
                new float[] {-1.5f, 0, 1e-30f, 3},
                read(plain(3, 32).f32(-1.5f).f32(0).f32(1e-30f).f32(3)));
        assertArrayEquals(
                new float[] {-1.5f, 0, 0.1f}, read(plain(3, 64).f64(-1.5).f64(0).f64(0.1)));
    }

    @Test
    void extensibleHeaderNamesTheFormatBehindIt() {
        Wav pcm =
                Wav.riff(0).extensible(1, 1, 16_000, 24, 20).tag("data").u32(3).raw(0, 0, 0x40);
        assertArrayEquals(new float[] {0.5f}, read(pcm));
        Wav floats =
                Wav.riff(0).extensible(3, 1, 16_000, 32, 32).tag("data").u32(4).f32(0.25f);
        assertArrayEquals(new float[] {0.25f}, read(floats));
    }

    @Test
    void chunksBeforeTheSamplesAreSkippedWithTheirPadding() {
        Wav wav = Wav.riff(0)
                .tag("LIST")
                .u32(3)
                .raw(1, 2, 3, 0)
                .format(1, 1, 8000, 16)
                .tag("fact")
                .u32(4)
                .u32(9);
        assertArrayEquals(new float[] {0.5f}, read(wav.tag("data").u32(2).u16(0x4000)));
    }

    @Test
    void samplesEndWhereTheHeaderSays() {
        Wav wav = plainOf(4, 1, 16).u16(0x4000).u16(0x2000).tag("LIST").u32(2).u16(7);
        assertArrayEquals(new float[] {0.5f, 0.25f}, read(wav));
    }

    @Test
    void channelsComeInterleavedAndRatesAsStored() {
        try (WavReader reader = WavReader.of(
                stream(Wav.riff(0)
                        .format(1, 3, 11_025, 16)
                        .tag("data")
                        .u32(12)
                        .u16(0x4000)
                        .u16(0x2000)
                        .u16(0)
                        .u16(0)
                        .u16(0)
                        .u16(0x1000)),
                "x.wav")) {
            assertEquals(3, reader.channels());
            assertEquals(11_025, reader.rate());
            float[] samples = new float[30];
            assertEquals(1, reader.read(samples, 1));
            assertArrayEquals(new float[] {0.5f, 0.25f, 0}, Arrays.copyOf(samples, 3));
            assertEquals(1, reader.read(samples, 10));
            assertArrayEquals(new float[] {0, 0, 0.125f}, Arrays.copyOf(samples, 3));
            assertEquals(0, reader.read(samples, 10));
        }
    }

    @Test
    void writersToAPipeLeaveTheLengthOpen() {
        for (long size : new long[] {0, 0xFFFFFFFFL, 0x7FFFFFFFL, 0x7FFFF024L, 0x80000000L, 0xFFFFFFDBL}) {
            Wav wav = Wav.riff(size)
                    .format(1, 1, 16_000, 16)
                    .tag("data")
                    .u32(size)
                    .u16(0x4000)
                    .u16(0x2000)
                    .raw(1);
            assertArrayEquals(new float[] {0.5f, 0.25f}, read(wav), "size=" + size);
        }
    }

    @Test
    void sizesBeyondFourGibibytesComeFromTheChunkOfRf64() {
        Wav wav = new Wav()
                .tag("RF64")
                .u32(0xFFFFFFFFL)
                .tag("WAVE")
                .tag("ds64")
                .u32(28)
                .u64(100)
                .u64(4)
                .u64(2)
                .u32(0)
                .format(1, 1, 16_000, 16)
                .tag("data")
                .u32(0xFFFFFFFFL)
                .u16(0x4000)
                .u16(0x2000)
                .u16(0x1000);
        assertArrayEquals(new float[] {0.5f, 0.25f}, read(wav));
        Wav hostile = new Wav()
                .tag("RF64")
                .u32(-1)
                .tag("WAVE")
                .tag("ds64")
                .u32(24)
                .u64(-1)
                .u64(Long.MAX_VALUE)
                .u64(0);
        hostile.format(1, 1, 16_000, 16).tag("data").u32(-1).u16(0);
        assertEquals(
                "wav: file=x.wav, declared=9223372036854775807 bytes of samples, found=2; the file is cut off",
                refused(hostile));
    }

    @Test
    void fileIsReadInBlocksThatNeedNotMatchItsBuffer() throws Exception {
        int[] samples = new int[100_003];
        Random random = new Random(3);
        for (int i = 0; i < samples.length; i++) {
            samples[i] = random.nextInt(65536) - 32768;
        }
        Path file = folder.resolve("long.wav");
        Files.write(file, Wav.pcm16(44_100, 1, samples));
        try (WavReader reader = WavReader.open(file)) {
            float[] block = new float[777];
            int at = 0;
            for (int n; (n = reader.read(block, 1 + at % 777)) > 0; ) {
                for (int i = 0; i < n; i++) {
                    assertEquals(samples[at + i] / 32768f, block[i], "sample=" + (at + i));
                }
                at += n;
            }
            assertEquals(samples.length, at);
        }
    }

    @Test
    void shouldRefuseEmptyMissingAndForeignFiles() throws Exception {
        Path empty = Files.createFile(folder.resolve("empty.wav"));
        assertEquals("wav: file=" + empty + ", bytes=0; the file is empty", refused(empty));
        Path missing = folder.resolve("missing.wav");
        assertEquals("media: file=" + missing + "; no such file", refused(missing));
        assertEquals(
                "wav: file=x.wav; it does not begin as a WAV file does",
                refused(new Wav().tag("ID3 is no sound here")));
        assertEquals(
                "wav: file=x.wav; it does not begin as a WAV file does",
                refused(new Wav().tag("RIFF").u32(9).tag("AVI LIST")));
    }

    @Test
    void shouldRefuseHeadersThatEndTooSoon() {
        byte[] whole = Wav.pcm16(16_000, 1, 1, 2, 3);
        for (int length = 1; length < 44; length++) {
            Wav wav = new Wav();
            wav.bytes.write(whole, 0, length);
            assertEquals("wav: file=x.wav; the header is cut off", refused(wav), "length=" + length);
        }
        Wav skipping = Wav.riff(0).tag("LIST").u32(0xFFFFFFF0L).raw(1, 2, 3);
        assertEquals("wav: file=x.wav; the header is cut off", refused(skipping));
    }

    @Test
    void shouldRefuseHeadersThatMakeNoSense() {
        assertEquals(
                "wav: file=x.wav, rate=0 Hz; a sound has 1 .. 1000000 samples a second",
                refused(Wav.riff(0).format(1, 1, 0, 16)));
        assertEquals(
                "wav: file=x.wav, rate=4294967295 Hz; a sound has 1 .. 1000000 samples a second",
                refused(Wav.riff(0).format(1, 1, 0xFFFFFFFFL, 16)));
        assertEquals(
                "wav: file=x.wav, channels=0; a sound has at least one",
                refused(Wav.riff(0).format(1, 0, 16_000, 16)));
        assertEquals(
                "wav: file=x.wav, channels=1, bits=48, block=6 bytes, float=false; these do not fit each other or no"
                        + " known format",
                refused(Wav.riff(0).format(1, 1, 16_000, 48)));
        assertEquals(
                "wav: file=x.wav, channels=2, bits=16, block=3 bytes, float=false; these do not fit each other or no"
                        + " known format",
                refused(Wav.riff(0)
                        .tag("fmt ")
                        .u32(16)
                        .u16(1)
                        .u16(2)
                        .u32(16_000)
                        .u32(0)
                        .u16(3)
                        .u16(16)));
        assertEquals(
                "wav: file=x.wav, channels=1, bits=16, block=2 bytes, float=true; these do not fit each other or no"
                        + " known format",
                refused(Wav.riff(0).format(3, 1, 16_000, 16)));
        assertEquals(
                "wav: file=x.wav, format chunk=14 bytes; expected at least 16, the header is damaged",
                refused(Wav.riff(0).tag("fmt ").u32(14).u64(0).u32(0).u16(0)));
        assertEquals(
                "wav: file=x.wav; the samples come before their format",
                refused(Wav.riff(0).tag("data").u32(2).u16(0)));
    }

    @Test
    void shouldRefuseCompressedSamples() {
        assertEquals(
                "wav: file=x.wav, format=0x55; only PCM and float samples are read here",
                refused(Wav.riff(0)
                        .format(0x55, 1, 16_000, 16)
                        .tag("data")
                        .u32(2)
                        .u16(0)));
    }

    @Test
    void shouldRefuseFilesWithFewerSamplesThanTheyDeclare() throws Exception {
        Wav wav = plainOf(1000, 1, 16).u16(1).u16(2);
        String message = "declared=1000 bytes of samples, found=4; the file is cut off";
        assertEquals("wav: file=x.wav, " + message, refused(wav));
        Path file = folder.resolve("short.wav");
        Files.write(file, wav.toBytes());
        assertEquals("wav: file=" + file + ", " + message, refused(file));
    }

    @Test
    void shouldRefuseSoundsWithoutSamples() {
        String message = "wav: file=x.wav, samples=0; there is nothing to hear";
        assertEquals(message, refused(plainOf(0, 1, 16)));
        assertEquals(message, refused(plainOf(1, 1, 16).raw(7, 0)));
        Wav followed = Wav.riff(60)
                .format(1, 1, 16_000, 16)
                .tag("data")
                .u32(0)
                .tag("LIST")
                .u32(2)
                .u16(0);
        assertEquals(message, refused(followed));
    }

    @Test
    void shouldRefuseSamplesThatAreNoNumbers() {
        assertEquals(
                "wav: file=x.wav, sample=2, value=NaN; the file is damaged",
                refused(plain(3, 32).f32(0).f32(1).f32(Float.NaN)));
        assertEquals(
                "wav: file=x.wav, sample=0, value=-Infinity; the file is damaged",
                refused(plain(3, 64).f64(Double.NEGATIVE_INFINITY)));
        assertEquals(
                "wav: file=x.wav, sample=0, value=1.0E10; the file is damaged",
                refused(plain(3, 32).f32(1e10f)));
    }

    @Test
    void noMutationDoesAnythingButReadOrRefuse() {
        byte[] whole = Wav.riff(76)
                .extensible(1, 2, 16_000, 16, 16)
                .tag("data")
                .u32(16)
                .u64(1)
                .u64(2)
                .toBytes();
        Random random = new Random(5);
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = Arrays.copyOf(whole, random.nextInt(4) == 0 ? random.nextInt(whole.length) : whole.length);
            for (int k = random.nextInt(4); k >= 0 && bytes.length > 0; k--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            try (WavReader reader = WavReader.of(new ByteArrayInputStream(bytes), "x.wav")) {
                float[] samples = new float[Math.max(64, reader.channels())];
                while (reader.read(samples, samples.length / reader.channels()) > 0) {}
            } catch (MediaException e) {
                assertEquals(
                        "wav: file=x.wav", String.valueOf(e.getMessage()).substring(0, 15), "seed=5, mutation=" + i);
            }
        }
    }

    private static Wav plain(int tag, int bits) {
        return Wav.riff(0xFFFFFFFFL).format(tag, 1, 16_000, bits).tag("data").u32(0xFFFFFFFFL);
    }

    private static Wav plainOf(long size, int tag, int bits) {
        return Wav.riff(36 + size).format(tag, 1, 16_000, bits).tag("data").u32(size);
    }

    private static InputStream stream(Wav wav) {
        return new ByteArrayInputStream(wav.toBytes());
    }

    private static float[] read(Wav wav) {
        try (WavReader reader = WavReader.of(stream(wav), "x.wav")) {
            float[] samples = new float[100];
            int n = 0;
            float[] block = new float[2];
            for (int got; (got = reader.read(block, 2)) > 0; n += got) {
                System.arraycopy(block, 0, samples, n, got);
            }
            return Arrays.copyOf(samples, n);
        }
    }

    private static String refused(Wav wav) {
        return String.valueOf(
                assertThrows(MediaException.class, () -> read(wav)).getMessage());
    }

    private static String refused(Path file) {
        return String.valueOf(
                assertThrows(MediaException.class, () -> WavReader.open(file).close())
                        .getMessage());
    }
}
