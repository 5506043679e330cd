package omni.chat;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import omni.error.MediaException;
import omni.fixture.Thrown;
import org.junit.jupiter.api.Test;

class SamplesTest {
    @Test
    void keepsACopy() {
        float[] values = {0.1f, 0.2f, 0.3f};
        Samples samples = Samples.of("mine", values, 8000);
        values[1] = 9;
        float[] part = new float[3];
        samples.copy(1, part, 2);
        assertArrayEquals(new float[] {0.2f, 0.3f, 0}, part);
        assertEquals(3, samples.length());
        assertEquals(8000, samples.rate());
        assertEquals(3 / 8000.0, samples.seconds());
        assertEquals("mine [3 samples at 8000 Hz]", samples.toString());
        assertEquals("mine", Part.audio(samples).source());
    }

    @Test
    void shouldRefuseWhatIsNoSound() {
        assertEquals(
                "sound: name=x, samples=0; there is nothing to hear",
                Thrown.message(MediaException.class, () -> Samples.of("x", new float[0], 8000)));
        assertEquals(
                "sound: name=x, rate=0; give 1 to 1000000",
                Thrown.message(MediaException.class, () -> Samples.of("x", new float[1], 0)));
        assertEquals(
                "sound: name=x, sample=1, value=NaN; give finite numbers",
                Thrown.message(MediaException.class, () -> Samples.of("x", new float[] {0, Float.NaN}, 8000)));
    }
}
