package omni.audio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Files;
import java.nio.file.Path;
import omni.error.ModelFormatException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FeatureConfigTest {
    @TempDir
    Path folder;

    @Test
    void missingFileAndMissingKeysTakeTheReleasedValues() throws Exception {
        assertEquals(FeatureConfig.RELEASED, FeatureConfig.read(folder));
        write("{}");
        assertEquals(FeatureConfig.RELEASED, FeatureConfig.read(folder));
    }

    @Test
    void everyNumberComesFromTheFile() throws Exception {
        write("{\"sampling_rate\":24000,\"n_fft\":600,\"hop_length\":240,\"feature_size\":80,\"chunk_length\":30}");
        assertEquals(new FeatureConfig(24_000, 600, 240, 80, 30), FeatureConfig.read(folder));
    }

    @Test
    void framesAreOneForEveryHopThatHasBegun() {
        assertEquals(1, FeatureConfig.RELEASED.frames(1));
        assertEquals(1, FeatureConfig.RELEASED.frames(160));
        assertEquals(2, FeatureConfig.RELEASED.frames(161));
        assertEquals(0, FeatureConfig.RELEASED.frames(0));
    }

    @Test
    void shouldRefuseNumbersThatMakeNoSense() throws Exception {
        write("{\"n_fft\": 401}");
        Exception e = assertThrows(ModelFormatException.class, () -> FeatureConfig.read(folder));
        String message = String.valueOf(e.getMessage());
        String expected = "features: rate=16000, fftSize=401, hop=160, melBins=128, paddedSeconds=300";
        assertEquals(expected, message.substring(message.indexOf("features:")));
    }

    private void write(String json) throws Exception {
        Files.writeString(folder.resolve("preprocessor_config.json"), json);
    }
}
