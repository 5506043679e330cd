package omni.audio;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import omni.fixture.MemoryReader;
import omni.media.SampleReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SpeechPiecesTest {
    private static final int RATE = 16_000;

    @Test
    void shortSoundsStayWhole() {
        for (double seconds : new double[] {0.001, 0.02, 0.03, 1, 12.345, 30}) {
            float[] sound = sound(seconds, 1, 0, seconds);
            List<SpeechPieces.Piece> pieces = cut(sound, SpeechPieces.Rules.DEFAULT);
            assertEquals(1, pieces.size(), "seconds=" + seconds);
            assertArrayEquals(sound, pieces.getFirst().samples(), "seconds=" + seconds);
        }
        float[] withSilence = sound(9, 1, 1.5, 7.2);
        assertArrayEquals(
                withSilence,
                cut(withSilence, SpeechPieces.Rules.DEFAULT).getFirst().samples());
    }

    @Test
    void timesAreThoseOfWhatCanBeHeard() {
        assertEquals(List.of("0.000 1.300-7.400"), times(sound(9, 1, 1.5, 7.2), SpeechPieces.Rules.DEFAULT));
        assertEquals(List.of("0.000 0.000-9.000"), times(sound(9, 1, 0.1, 8.9), SpeechPieces.Rules.DEFAULT));
    }

    @Test
    void longPausesEndPiecesAndAreLeftOut() {
        float[] sound = sound(60, 1, 5, 8, 9.9, 12, 14, 15, 30, 31);
        assertEquals(
                List.of("4.800 4.800-12.200", "13.800 13.800-15.200", "29.800 29.800-31.200"),
                times(sound, SpeechPieces.Rules.DEFAULT));
        List<SpeechPieces.Piece> pieces = cut(sound, SpeechPieces.Rules.DEFAULT);
        assertArrayEquals(
                Arrays.copyOfRange(sound, (int) (13.8 * RATE), (int) (15.2 * RATE)),
                pieces.get(1).samples());
    }

    @Test
    void piecesThatBecomeTooLongAreCutWhereTheyAreQuietest() {
        // Half a second of whisper at 17 s, and of nothing at 11 s, which is in the first half.
        float[] sound = sound(40, 1, 0, 11, 11.5, 17, 17.5, 40);
        for (int i = 17 * RATE; i < (int) (17.5 * RATE); i++) {
            sound[i] = i % 2 == 0 ? 0.01f : -0.01f;
        }
        assertEquals(List.of("0.000 0.000-17.240", "17.240 17.240-40.000"), times(sound, SpeechPieces.Rules.DEFAULT));
        // Nothing is lost between them.
        List<SpeechPieces.Piece> pieces = cut(sound, SpeechPieces.Rules.DEFAULT);
        float[] joined = Arrays.copyOf(pieces.get(0).samples(), sound.length);
        System.arraycopy(
                pieces.get(1).samples(),
                0,
                joined,
                pieces.get(0).samples().length,
                pieces.get(1).samples().length);
        assertArrayEquals(sound, joined);
    }

    @Test
    void ofSeveralQuietMomentsTheLastCounts() {
        float[] sound = sound(40, 1, 0, 16, 17, 20, 21, 24, 25, 40);
        assertEquals(List.of("0.000 0.000-24.200", "24.740 24.800-40.000"), times(sound, SpeechPieces.Rules.DEFAULT));
    }

    @Test
    void soundsWithoutAnyPauseAreCutAllTheSame() {
        List<String> times = times(sound(95, 1, 0, 95), SpeechPieces.Rules.DEFAULT);
        assertEquals(4, times.size(), times.toString());
    }

    @Test
    void silentSoundsHaveNoPieces() {
        assertEquals(List.of(), times(sound(100, 1), SpeechPieces.Rules.DEFAULT));
        assertEquals(List.of(), times(sound(0.5, 1), SpeechPieces.Rules.DEFAULT));
        // -50 dB is an amplitude of 0.0032.
        assertEquals(List.of(), times(sound(5, 0.003, 0, 5), SpeechPieces.Rules.DEFAULT));
        assertEquals(
                1, times(sound(5, 0.0033, 0, 5), SpeechPieces.Rules.DEFAULT).size());
        assertEquals(
                1, times(sound(5, 0.003, 0, 5), new SpeechPieces.Rules(30, -60)).size());
        assertEquals(List.of(), times(sound(5, 0.9, 0, 5), new SpeechPieces.Rules(30, 0)));
    }

    @ParameterizedTest
    @ValueSource(doubles = {2, 2.5, 3, 7.77, 30, 300})
    void noPieceIsLongerThanAsked(double longest) {
        float[] sound = sound(400, 1, 0, 5, 5.3, 60, 61, 62.5, 64, 90, 120, 290, 291.9, 399);
        double before = 0;
        for (SpeechPieces.Piece piece : cut(sound, new SpeechPieces.Rules(longest, -50))) {
            double end = piece.start() + (double) piece.samples().length / RATE;
            assertTrue(end - piece.start() <= longest + 1e-9, "start=" + piece.start());
            assertTrue(piece.start() >= before - 1e-9, "pieces follow each other: start=" + piece.start());
            assertTrue(piece.from() >= piece.start() && piece.from() < piece.to() && piece.to() <= end + 1e-9);
            int first = (int) Math.round(piece.start() * RATE);
            assertArrayEquals(Arrays.copyOfRange(sound, first, first + piece.samples().length), piece.samples());
            before = end;
        }
        assertTrue(before > 398, "all of it is heard");
    }

    @Test
    void hoursAreReadWithoutBeingHeld() {
        Murmur murmur = new Murmur(3600L * 2 * RATE);
        long seen = 0;
        int pieces = 0;
        try (SpeechPieces cutter = new SpeechPieces(new MonoReader(murmur, RATE), RATE, SpeechPieces.Rules.DEFAULT)) {
            for (SpeechPieces.Piece piece = cutter.next(); piece != null; piece = cutter.next()) {
                seen += piece.samples().length;
                assertTrue(murmur.position - seen <= 31L * RATE, "what was read is given out at once");
                pieces++;
            }
            assertNull(cutter.next());
        }
        assertEquals(3600L * 2 * RATE, seen);
        assertTrue(pieces >= 240 && pieces <= 480, "pieces=" + pieces);
        assertTrue(murmur.closed);
    }

    @Test
    void ratesNeedNotDivideEvenly() {
        float[] sound = new float[11_025 * 7];
        Arrays.fill(sound, 11_025 * 4, 11_025 * 5, 0.5f);
        try (SpeechPieces cutter = new SpeechPieces(
                new MonoReader(new MemoryReader(sound, 11_025), 11_025), 11_025, SpeechPieces.Rules.DEFAULT)) {
            SpeechPieces.Piece piece = cutter.next();
            assertTrue(piece != null && Math.abs(piece.from() - 3.8) < 0.03 && Math.abs(piece.to() - 5.2) < 0.03);
        }
    }

    @Test
    void shouldRefuseRulesThatMakeNoSense() {
        Exception e = assertThrows(IllegalArgumentException.class, () -> new SpeechPieces.Rules(1, -50));
        assertEquals("pieces: longestSeconds=1.0, silenceDecibels=-50.0", e.getMessage());
        assertThrows(IllegalArgumentException.class, () -> new SpeechPieces.Rules(301, -50));
        assertThrows(IllegalArgumentException.class, () -> new SpeechPieces.Rules(30, 1));
        assertThrows(IllegalArgumentException.class, () -> new SpeechPieces.Rules(Double.NaN, -50));
    }

    /** Silence but from each first to each second time, where an alternating signal of an amplitude is. */
    private static float[] sound(double seconds, double amplitude, double... fromTo) {
        float[] sound = new float[(int) Math.round(seconds * RATE)];
        for (int k = 0; k < fromTo.length; k += 2) {
            int end = Math.min(sound.length, (int) Math.round(fromTo[k + 1] * RATE));
            for (int i = (int) Math.round(fromTo[k] * RATE); i < end; i++) {
                sound[i] = (float) (i % 2 == 0 ? amplitude : -amplitude);
            }
        }
        return sound;
    }

    private static List<String> times(float[] sound, SpeechPieces.Rules rules) {
        return cut(sound, rules).stream()
                .map(p -> String.format(Locale.ROOT, "%.3f %.3f-%.3f", p.start(), p.from(), p.to()))
                .toList();
    }

    private static List<SpeechPieces.Piece> cut(float[] sound, SpeechPieces.Rules rules) {
        List<SpeechPieces.Piece> pieces = new ArrayList<>();
        try (SpeechPieces cutter = new SpeechPieces(new MonoReader(new MemoryReader(sound, RATE), RATE), RATE, rules)) {
            for (SpeechPieces.Piece piece = cutter.next(); piece != null; piece = cutter.next()) {
                pieces.add(piece);
            }
        }
        return pieces;
    }

    /** A sound that swells and fades, of any length. */
    private static final class Murmur implements SampleReader {
        private final long length;
        long position;
        boolean closed;

        Murmur(long length) {
            this.length = length;
        }

        @Override
        public int rate() {
            return RATE;
        }

        @Override
        public int channels() {
            return 1;
        }

        @Override
        public int read(float[] samples, int frames) {
            int n = (int) Math.min(frames, length - position);
            for (int i = 0; i < n; i++, position++) {
                long phase = position % (RATE * 7L);
                samples[i] = (position % 2 == 0 ? 0.5f : -0.5f) * (0.1f + phase / (RATE * 7f));
            }
            return n;
        }

        @Override
        public void close() {
            closed = true;
        }
    }
}
