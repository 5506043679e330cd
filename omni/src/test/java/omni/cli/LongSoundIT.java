package omni.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import omni.audio.AudioEncoder;
import omni.audio.FeatureConfig;
import omni.audio.FeatureStream;
import omni.audio.LogMel;
import omni.engine.Cancellation;
import omni.engine.Matrix;
import omni.engine.ThreadTeam;
import omni.engine.Workspace;
import omni.fixture.ToneReader;
import omni.loader.Checkpoint;
import omni.loader.ModelConfig;
import omni.media.SampleReader;
import omni.media.SoundSource;
import org.junit.jupiter.api.Test;

/**
 * An hour of sound through the audio encoder of the bundled model, or ten minutes through that of the one in
 * {@code -Domni.fullsize=DIR}, whose hour takes more than half an hour; {@code -Domni.minutes=N} takes others.
 */
class LongSoundIT {
    private static final int RATE = 16_000;
    private static final long MOST_GROWTH = 200L << 20;

    @Test
    void aLongSoundTakesTheMemoryOfOneBlockBesideItsOutput() throws Exception {
        assumeTrue(ProcessMemory.peakResidentBytes() > 0, "the system does not tell how much memory is resident");
        String full = System.getProperty("omni.fullsize");
        int minutes = Integer.getInteger("omni.minutes", full == null ? 60 : 10);
        Path folder = full == null ? NanoModel.folder() : Path.of(full);
        try (Checkpoint checkpoint = Checkpoint.open(folder);
                ThreadTeam team = new ThreadTeam(2)) {
            AudioEncoder encoder = AudioEncoder.load(ModelConfig.read(folder), checkpoint);
            LogMel mel = new LogMel(FeatureConfig.read(folder));
            encode(encoder, mel, 30, team);
            long before = ProcessMemory.peakResidentBytes();
            long output = encode(encoder, mel, 60 * minutes, team);
            long growth = ProcessMemory.peakResidentBytes() - before - output;
            System.out.println(minutes + " minutes of sound: output=" + output + " bytes, growth beside it=" + growth);
            assertTrue(growth < MOST_GROWTH, "growth=" + growth);
        }
    }

    /** Bytes of the embeddings. */
    private static long encode(AudioEncoder encoder, LogMel mel, int seconds, ThreadTeam team) {
        try (FeatureStream features = FeatureStream.open(mel, tone(seconds));
                Workspace memory = new Workspace(team)) {
            int frames = Math.toIntExact(features.frames());
            assertEquals(100 * seconds, frames);
            Matrix out = memory.matrix(encoder.tokens(frames), encoder.channels());
            encoder.encode(features::read, frames, out, team, new Cancellation());
            assertTrue(Float.isFinite(out.get(out.rows() - 1, 0)));
            return (long) out.rows() * out.cols() * Float.BYTES;
        }
    }

    /** A tone, made while it is read. */
    private static SoundSource tone(int seconds) {
        return new SoundSource() {
            @Override
            public String name() {
                return "tone";
            }

            @Override
            public SampleReader open() {
                return new ToneReader(RATE, 440, seconds * RATE);
            }
        };
    }
}
