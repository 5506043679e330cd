package omni.media;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import omni.error.MediaException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WavWriterTest {
    @TempDir
    Path folder;

    @Test
    void fileIsValidAfterEveryBlock() throws Exception {
        Path file = folder.resolve("grow.wav");
        Files.write(file, new byte[1000]);
        try (WavWriter writer = WavWriter.create(file, 24_000)) {
            float[] block = {0.5f, -0.5f, 0.25f};
            for (int i = 1; i <= 3; i++) {
                writer.write(block, 0, 3);
                assertEquals(3L * i, writer.samples());
                assertEquals(44 + 6 * i, Files.size(file));
                try (WavReader reader = WavReader.open(file)) {
                    assertEquals(24_000, reader.rate());
                    assertEquals(3L * i, reader.read(new float[100], 100));
                }
            }
        }
        assertArrayEquals(
                Wav.pcm16(24_000, 1, 16384, -16383, 8192), Arrays.copyOf(patched(Files.readAllBytes(file)), 50));
    }

    /** The file as it was after the first block: sizes of three samples. */
    private static byte[] patched(byte[] file) {
        file[4] = 42;
        file[40] = 6;
        return file;
    }

    @Test
    void samplesAreRoundedToNearestAndClipped() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        float[] samples = {9, -9, 1, -1, 0, 1.4f / 32767, 1.6f / 32767, -1.6f / 32767, Float.NaN};
        try (WavWriter writer = WavWriter.to(out, "-", 24_000)) {
            writer.write(samples, 0, samples.length);
        }
        byte[] bytes = out.toByteArray();
        int[] expected = {32767, -32768, 32767, -32767, 0, 1, 2, -2, 0};
        for (int i = 0; i < expected.length; i++) {
            assertEquals(expected[i], (short) ((bytes[44 + 2 * i] & 0xFF) | (bytes[45 + 2 * i] << 8)), "sample=" + i);
        }
    }

    @Test
    void streamHasTheHeaderOfUnknownLength() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (WavWriter writer = WavWriter.to(out, "-", 24_000)) {
            assertEquals(44, out.size(), "the header goes out before the first sample");
            writer.write(new float[] {7, 0.5f, 7}, 1, 1);
            assertEquals(46, out.size());
        }
        byte[] bytes = out.toByteArray();
        assertEquals(-1, bytes[40]);
        try (WavReader reader = WavReader.of(new ByteArrayInputStream(bytes), "pipe")) {
            float[] sample = new float[2];
            assertEquals(1, reader.read(sample, 2));
            assertEquals(0.5f, sample[0], 1e-4f);
        }
    }

    @Test
    void shouldSayWhatCannotBeWritten() {
        Path nowhere = folder.resolve("no").resolve("such.wav");
        Exception e = assertThrows(MediaException.class, () -> WavWriter.create(nowhere, 24_000));
        assertEquals("wav: file=" + nowhere + "; cannot be written: " + nowhere, e.getMessage());
        OutputStream full = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("No space left on device");
            }
        };
        e = assertThrows(MediaException.class, () -> WavWriter.to(full, "-", 24_000));
        assertEquals("wav: file=-; cannot be written: No space left on device", e.getMessage());
    }
}
