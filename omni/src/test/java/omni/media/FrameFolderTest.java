package omni.media;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FrameFolderTest {
    @TempDir
    Path folder;

    @Test
    void framesComeInTheOrderOfTheirNames() throws Exception {
        Path clip = Files.createDirectory(folder.resolve("clip"));
        Files.copy(MediaFiles.path("rgb.png"), clip.resolve("b.png"));
        Files.copy(MediaFiles.path("grey.jpg"), clip.resolve("a.JPG"));
        Files.copy(MediaFiles.path("palette.png"), clip.resolve("c.png"));
        Files.copy(MediaFiles.path("still.gif"), clip.resolve("d.gif"));
        Files.copy(MediaFiles.path("rgba.png"), clip.resolve(".hidden.png"));
        Files.writeString(clip.resolve("notes.txt"), "no frame");
        VideoSource video = VideoFile.of(clip, 4);
        assertEquals(3, video.frames());
        assertEquals(4.0, video.fps());
        assertEquals("26x19", video.width() + "x" + video.height());
        List<Long> crcs = new ArrayList<>();
        video.show(new int[] {0, 1, 2}, (i, picture) -> crcs.add(MediaFiles.crc(picture)));
        assertEquals(List.of(3540855965L, 3987117284L, 2414427592L), crcs);
    }

    @Test
    void wavNamedLikeTheFolderIsItsSound() throws Exception {
        Path clip = Files.createDirectory(folder.resolve("clip.one"));
        Files.copy(MediaFiles.path("rgb.png"), clip.resolve("0.png"));
        assertNull(VideoFile.of(clip, 2).sound());
        Files.write(folder.resolve("clip.one.wav"), Wav.pcm16(16_000, 1, 1, 2, 3));
        assertNotNull(VideoFile.of(clip, 2).sound());
        assertNotNull(VideoFile.of(clip.resolve("..").resolve("clip.one"), 2).sound());
    }

    @Test
    void brokenWavBesideIsRefusedOnlyByThoseWhoListen() throws Exception {
        Path clip = Files.createDirectory(folder.resolve("clip"));
        Files.copy(MediaFiles.path("rgb.png"), clip.resolve("0.png"));
        Path wav = Files.write(folder.resolve("clip.wav"), new byte[0]);
        SoundSource sound = VideoFile.of(clip, 2).sound();
        assertNotNull(sound);
        assertEquals("media: file=" + wav + ", bytes=0; the file is empty", MediaFiles.refusal(sound::open));
    }

    @Test
    void shouldRefuseFoldersWithoutFramesAndFramesOfDifferentSizes() throws Exception {
        assertEquals(
                "video: folder=" + folder + ", frames=0; it holds no PNG or JPEG pictures",
                MediaFiles.refusal(() -> VideoFile.of(folder, 2)));
        Path clip = Files.createDirectory(folder.resolve("clip"));
        Files.copy(MediaFiles.path("rgb.png"), clip.resolve("0.png"));
        Files.copy(MediaFiles.path("grey_2_bits.png"), clip.resolve("1.png"));
        assertEquals(
                "video: frame=" + clip.resolve("1.png")
                        + ", width=13, height=7, first frame=26x19; all frames of a clip" + " must have the same size",
                MediaFiles.refusal(() -> VideoFile.of(clip, 2).show(new int[] {0, 1}, (i, picture) -> {})));
    }
}
