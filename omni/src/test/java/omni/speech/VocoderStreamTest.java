package omni.speech;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CancellationException;
import omni.engine.Cancellation;
import omni.engine.Matrix;
import omni.error.ModelFormatException;
import omni.fixture.Thrown;
import org.junit.jupiter.api.Test;

class VocoderStreamTest {
    private static final long SEED = 21;

    @Test
    void givesTheSameBitsHoweverTheMelIsCut() {
        try (TinyVocoder tiny = new TinyVocoder(2)) {
            Random random = new Random(SEED);
            for (int frames : new int[] {0, 1, 2, 7, 40, 110}) {
                Matrix mel = tiny.mel(frames, SEED + frames);
                float[] whole = tiny.whole(mel);
                assertEquals(frames * tiny.vocoder.samplesPerFrame(), whole.length);
                for (int piece : new int[] {1, 3, 24, 128}) {
                    try (VocoderStream stream = tiny.vocoder.stream(piece, tiny.team)) {
                        assertArrayEquals(
                                whole,
                                tiny.inPieces(stream, mel, random),
                                "frames=" + frames + ", piece=" + piece + ", seed=" + SEED);
                    }
                }
            }
        }
    }

    @Test
    void givesTheSameBitsForAnyNumberOfThreads() {
        float[][] waves = new float[3][];
        for (int threads = 1; threads <= 3; threads++) {
            try (TinyVocoder tiny = new TinyVocoder(threads)) {
                waves[threads - 1] = tiny.whole(tiny.mel(60, SEED));
            }
        }
        assertArrayEquals(waves[0], waves[1]);
        assertArrayEquals(waves[0], waves[2]);
    }

    @Test
    void beginsAnewAfterTheEndAndAfterAReset() {
        try (TinyVocoder tiny = new TinyVocoder(2);
                VocoderStream stream = tiny.vocoder.stream(16, tiny.team)) {
            Matrix first = tiny.mel(50, SEED);
            Matrix second = tiny.mel(45, SEED + 1);
            float[] expected = tiny.whole(second);
            Random random = new Random(SEED);
            tiny.inPieces(stream, first, random);
            assertArrayEquals(expected, tiny.inPieces(stream, second, random), "after the end");
            stream.feed(first.rows(0, 16), new Cancellation());
            stream.reset();
            assertArrayEquals(expected, tiny.inPieces(stream, second, random), "after a reset");
        }
    }

    @Test
    void givesASampleAsSoonAsItIsKnown() {
        try (TinyVocoder tiny = new TinyVocoder(1);
                VocoderStream stream = tiny.vocoder.stream(1, tiny.team)) {
            int delay = tiny.vocoder.delayFrames();
            int perFrame = tiny.vocoder.samplesPerFrame();
            Matrix mel = tiny.mel(delay + 30, SEED);
            long samples = 0;
            for (int t = 0; t < mel.rows(); t++) {
                samples += stream.feed(mel.rows(t, t + 1), new Cancellation());
                long known = Math.max(0, t + 1 - delay) * (long) perFrame;
                assertTrue(samples >= known, "frames=" + (t + 1) + ", delay=" + delay + ", samples=" + samples);
            }
            // The delay is rounded up to a frame, and what the tiles wait for varies by a few.
            assertTrue(samples <= (mel.rows() - delay + 12L) * perFrame, "delay=" + delay + ", samples=" + samples);
            samples += stream.finish(new Cancellation());
            assertEquals((long) mel.rows() * perFrame, samples);
        }
    }

    @Test
    void needsTheMemoryThatIsPredictedWhateverTheLength() {
        for (int threads = 1; threads <= 2; threads++) {
            try (TinyVocoder tiny = new TinyVocoder(threads)) {
                for (int piece : new int[] {1, 20, 64}) {
                    try (VocoderStream stream = tiny.vocoder.stream(piece, tiny.team)) {
                        long predicted = BigVgan.streamBytes(tiny.config, piece, threads);
                        assertEquals(predicted, stream.bytes(), "piece=" + piece + ", threads=" + threads);
                        tiny.inPieces(stream, tiny.mel(150, SEED), new Random(SEED));
                        assertEquals(predicted, stream.bytes(), "used, piece=" + piece + ", threads=" + threads);
                    }
                }
            }
        }
    }

    @Test
    void stopsWhenCancelledAndGoesOnAfterAReset() {
        try (TinyVocoder tiny = new TinyVocoder(2);
                VocoderStream stream = tiny.vocoder.stream(32, tiny.team)) {
            Matrix mel = tiny.mel(60, SEED);
            float[] expected = tiny.whole(mel);
            stream.feed(mel.rows(0, 10), new Cancellation());
            Cancellation cancelled = new Cancellation();
            cancelled.cancel();
            assertThrows(CancellationException.class, () -> stream.feed(mel.rows(10, 20), cancelled));
            assertEquals(
                    "vocoder stream: the piece before was interrupted; reset the stream",
                    Thrown.message(
                            IllegalStateException.class, () -> stream.feed(mel.rows(10, 20), new Cancellation())));
            stream.reset();
            assertArrayEquals(expected, tiny.inPieces(stream, mel, new Random(SEED)));
        }
    }

    @Test
    void staysBetweenMinusOneAndOne() {
        try (TinyVocoder tiny = new TinyVocoder(1)) {
            Matrix mel = tiny.mel(20, SEED);
            for (int m = 0; m < mel.cols(); m++) {
                mel.set(3, m, Float.POSITIVE_INFINITY);
                mel.set(4, m, Float.NEGATIVE_INFINITY);
                mel.set(5, m, Float.MAX_VALUE);
            }
            for (float sample : tiny.whole(mel)) {
                assertTrue(sample >= -1 && sample <= 1, "sample=" + sample);
            }
        }
    }

    @Test
    void shouldRefuseAMelThatIsNotANumberAndStayAsItWas() {
        try (TinyVocoder tiny = new TinyVocoder(1);
                VocoderStream stream = tiny.vocoder.stream(32, tiny.team)) {
            Matrix mel = tiny.mel(40, SEED);
            Matrix damaged = tiny.mel(5, SEED);
            damaged.set(2, 7, Float.NaN);
            int done = stream.feed(mel.rows(0, 30), new Cancellation());
            float[] first = Arrays.copyOf(stream.samples(), done);
            assertEquals(
                    "vocoder: mel is not a number: frame=32, bin=7; the weights that made it are damaged",
                    Thrown.message(ModelFormatException.class, () -> stream.feed(damaged, new Cancellation())));
            int n = stream.feed(mel.rows(30, 40), new Cancellation());
            float[] whole = tiny.whole(mel);
            assertArrayEquals(Arrays.copyOf(whole, done), first);
            assertArrayEquals(Arrays.copyOfRange(whole, done, done + n), Arrays.copyOf(stream.samples(), n));
        }
    }

    @Test
    void shouldRefusePiecesThatDoNotFit() {
        try (TinyVocoder tiny = new TinyVocoder(1);
                VocoderStream stream = tiny.vocoder.stream(4, tiny.team)) {
            Matrix mel = tiny.mel(5, SEED);
            int bins = mel.cols();
            assertEquals(
                    "vocoder stream: mel=[5," + bins + "], pieceFrames=4, melBins=" + bins,
                    Thrown.message(IllegalArgumentException.class, () -> stream.feed(mel, new Cancellation())));
            assertEquals(
                    "vocoder stream: mel=[4,1], pieceFrames=4, melBins=" + bins,
                    Thrown.message(
                            IllegalArgumentException.class,
                            () -> stream.feed(mel.rows(0, 4).cols(0, 1), new Cancellation())));
            assertEquals(
                    "vocoder stream: pieceFrames=0",
                    Thrown.message(IllegalArgumentException.class, () -> tiny.vocoder.stream(0, tiny.team)));
            assertEquals(
                    "vocoder stream: pieceFrames=2000000000; feed fewer frames at a time",
                    Thrown.message(
                            IllegalArgumentException.class, () -> tiny.vocoder.stream(2_000_000_000, tiny.team)));
            tiny.vocoder.close();
            assertEquals(
                    "vocoder: closed",
                    Thrown.message(IllegalStateException.class, () -> stream.feed(mel.rows(0, 4), new Cancellation())));
            assertEquals(
                    "vocoder: closed",
                    Thrown.message(IllegalStateException.class, () -> tiny.vocoder.stream(4, tiny.team)));
        }
    }
}
