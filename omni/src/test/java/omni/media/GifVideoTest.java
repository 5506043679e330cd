package omni.media;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GifVideoTest {
    @TempDir
    Path folder;

    /** CRC-32 of every frame as Pillow 13.0.0 composes it, laid on white; ffmpeg 5.1 shows the same. */
    @ParameterizedTest
    @CsvSource({
        "disposal1.gif,81241835 462992267 3666408901 1645242030",
        "disposal2.gif,81241835 1018036990 2913083610 1147961884",
        "disposal3.gif,81241835 1018036990 2913083610 1147961884",
    })
    void framesAreLaidOverEachOther(String name, String crcs) {
        VideoSource video = VideoFile.of(MediaFiles.path(name), 2);
        assertEquals(4, video.frames());
        assertEquals("24x16", video.width() + "x" + video.height());
        List<String> shown = new ArrayList<>();
        assertEquals(4, video.show(new int[] {0, 1, 2, 3}, (i, picture) -> shown.add("" + MediaFiles.crc(picture))));
        List<String> expected = Arrays.asList(crcs.split(" ", -1));
        assertEquals(expected, shown);
        shown.clear();
        assertEquals(2, video.show(new int[] {1, 3}, (i, picture) -> shown.add(i + ":" + MediaFiles.crc(picture))));
        assertEquals(List.of("1:" + expected.get(1), "3:" + expected.get(3)), shown);
    }

    @Test
    void rateIsTheAverageOfTheDelaysWithNoneAsATenth() {
        // 100, 0 (shown for 100), 500 and 250 ms.
        assertEquals(4 / 0.95, VideoFile.of(MediaFiles.path("disposal1.gif"), 2).fps(), 1e-9);
    }

    @Test
    void wavBesideItIsItsSound() throws Exception {
        Path gif = folder.resolve("clip.gif");
        Files.copy(MediaFiles.path("disposal1.gif"), gif);
        assertNull(VideoFile.of(gif, 2).sound());
        Files.write(folder.resolve("clip.wav"), Wav.pcm16(16_000, 1, 1, 2, 3));
        SoundSource sound = VideoFile.of(gif, 2).sound();
        assertNotNull(sound);
        try (SampleReader reader = sound.open()) {
            assertEquals(3, reader.read(new float[10], 10));
        }
    }
}
