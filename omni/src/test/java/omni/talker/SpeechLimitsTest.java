package omni.talker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import omni.error.RequestException;
import omni.fixture.Thrown;
import omni.fixture.TinyModels;
import omni.loader.ModelConfig;
import org.junit.jupiter.api.Test;

class SpeechLimitsTest {
    @Test
    void countsCodesPerSecondByTheConfiguration() {
        // 5 * 3 * 2 * 2 * 2 * 2 samples per frame, 2 frames per code, 24 kHz.
        SpeechLimits limits = SpeechLimits.of(ModelConfig.read(TinyModels.OMNI.path()));
        assertEquals(50, limits.codesPerSecond());
        assertEquals(4096, limits.maxCodes());
    }

    @Test
    void givesEachTokenOfTextASecondAndFiveOnTop() {
        SpeechLimits limits = new SpeechLimits(10, List.of(), 50);
        assertEquals(350, limits.mostCodes(2));
        assertEquals(51_450, limits.mostCodes(1024));
        assertEquals(8, new SpeechLimits(10, List.of(), 1.1).mostCodes(2));
    }

    @Test
    void refusesALimitOfNoCode() {
        SpeechLimits limits = new SpeechLimits(10, List.of(), 50);
        assertEquals(
                "talker max tokens: value=0; give 1 or more",
                Thrown.message(RequestException.class, () -> limits.withMaxCodes(0)));
        assertThrows(IllegalArgumentException.class, () -> new SpeechLimits(1, List.of(), 0));
        ModelConfig text = ModelConfig.read(TinyModels.QWEN2.path());
        assertThrows(IllegalArgumentException.class, () -> SpeechLimits.of(text));
    }
}
