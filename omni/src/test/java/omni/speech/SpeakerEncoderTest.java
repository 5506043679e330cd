package omni.speech;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import omni.engine.ElementType;
import omni.engine.Matrix;
import omni.error.ModelFormatException;
import omni.error.RequestException;
import omni.fixture.CheckpointCopy;
import omni.fixture.Thrown;
import omni.fixture.TinyModels;
import omni.loader.Checkpoint;
import omni.loader.ModelConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpeakerEncoderTest {
    private static final String PREFIX = "token2wav.code2wav_dit_model.";

    @Test
    void silenceHasTheSameVectorAtAnyLength() {
        try (TinyDit tiny = TinyDit.open(2)) {
            SpeakerEncoder encoder = tiny.dit.speakerEncoder();
            Matrix silence = tiny.random(100, tiny.config.melBins());
            for (int t = 0; t < 100; t++) {
                for (int m = 0; m < silence.cols(); m++) {
                    silence.set(t, m, 0);
                }
            }
            float[] shortest = encoder.encode(silence.rows(0, encoder.leastFrames()), tiny.team);
            assertArrayEquals(encoder.encode(silence, tiny.team), shortest, 1e-6f);
        }
    }

    @Test
    void givesTheSameBitsForAnyNumberOfThreads() {
        try (TinyDit tiny = TinyDit.open(3);
                TinyDit alone = TinyDit.open(1)) {
            Matrix mel = tiny.random(57, tiny.config.melBins());
            assertArrayEquals(
                    alone.dit.speakerEncoder().encode(mel, alone.team),
                    tiny.dit.speakerEncoder().encode(mel, tiny.team));
        }
    }

    @Test
    void shouldRefuseVoicesOfOtherCheckpoints() {
        try (TinyDit tiny = TinyDit.open(1)) {
            Matrix cond = tiny.random(1, 48);
            Matrix mel = tiny.random(20, 80);
            // Dilation 4 with 3 taps reaches 4 frames beyond the ends, which are mirrored.
            assertEquals(5, tiny.dit.speakerEncoder().leastFrames());
            assertEquals(
                    "voice: ref_mel=[4,80], expected=[5 or more,80]; the voice does not belong to this checkpoint",
                    Thrown.message(RequestException.class, () -> tiny.dit.voice(cond, mel.rows(0, 4), tiny.team)));
            assertEquals(
                    "voice: ref_mel=[20,79], expected=[5 or more,80]; the voice does not belong to this checkpoint",
                    Thrown.message(RequestException.class, () -> tiny.dit.voice(cond, mel.cols(1, 80), tiny.team)));
            assertEquals(
                    "voice: cond=[1,47], expected=[1,48]; the voice does not belong to this checkpoint",
                    Thrown.message(RequestException.class, () -> tiny.dit.voice(cond.cols(0, 47), mel, tiny.team)));
        }
    }

    @Test
    void shouldRefuseChannelsThatDoNotFitEachOther(@TempDir Path folder) {
        CheckpointCopy.of(TinyModels.OMNI)
                .edited(
                        "config.json",
                        json -> json.replaceFirst("(\"enc_channels\": \\[\\s*32,\\s*32,\\s*32,\\s*)32", "$134"))
                .to(folder);
        assertEquals(
                "speaker encoder: enc_channels=[32, 32, 32, 34, 96], checkpoint=" + folder
                        + "; block 3 gives as many channels as it takes",
                load(folder));
    }

    @Test
    void shouldRefuseASumThatDoesNotFit(@TempDir Path folder) {
        CheckpointCopy.of(TinyModels.OMNI)
                .edited("config.json", json -> json.replaceFirst("(\"enc_channels\": \\[[^\\]]*)96", "$198"))
                .to(folder);
        assertEquals(
                "speaker encoder: enc_channels=[32, 32, 32, 32, 98], checkpoint=" + folder
                        + "; the last entry is the sum of all but the first and itself",
                load(folder));
    }

    @Test
    void shouldNameATensorThatIsAbsentOrOfAnotherShape(@TempDir Path folder) {
        String name = PREFIX + "transformer_blocks.3.ff.ff.0.weight";
        CheckpointCopy.of(TinyModels.OMNI).without(name).to(folder.resolve("a"));
        String absent = load(folder.resolve("a"));
        assertEquals(true, absent.contains(name), absent);
        name = PREFIX + "input_embed.spk_encoder.asp.conv.weight";
        CheckpointCopy.of(TinyModels.OMNI)
                .withZeros(name, ElementType.F32, 96, 17, 1)
                .to(folder.resolve("b"));
        assertEquals(
                "tensor shape: name=" + name + ", checkpoint=" + folder.resolve("b")
                        + ", found=[96,17,1], expected=[96,16,1]; the weights contradict config.json",
                load(folder.resolve("b")));
        name = PREFIX + "input_embed.proj.weight";
        CheckpointCopy.of(TinyModels.OMNI)
                .withZeros(name, ElementType.I32, 64, 184)
                .to(folder.resolve("c"));
        assertEquals(
                "wrong element type: tensor=" + name
                        + ", type=I32, expected=F32, BF16 or F16; convert the checkpoint to one of them",
                load(folder.resolve("c")));
    }

    private static String load(Path folder) {
        try (Checkpoint checkpoint = Checkpoint.open(folder)) {
            ModelConfig config = ModelConfig.read(folder);
            return Thrown.message(ModelFormatException.class, () -> DiffusionTransformer.load(config, checkpoint));
        }
    }
}
