package omni.media;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class MediaKindTest {
    @TempDir
    Path folder;

    @Test
    void contentTellsWhatIsWhat() throws IOException {
        Path sound = Files.write(folder.resolve("a.txt"), Wav.pcm16(16_000, 1, 1, 2));
        assertEquals(MediaKind.SOUND, MediaKind.of(sound));
        assertEquals(MediaKind.PICTURE, MediaKind.of(MediaFiles.path("rgb.png")));
        assertEquals(MediaKind.PICTURE, MediaKind.of(MediaFiles.path("420.jpg")));
        assertEquals(MediaKind.PICTURE, MediaKind.of(MediaFiles.path("rgb.bmp")));
        assertEquals(MediaKind.PICTURE, MediaKind.of(MediaFiles.path("still.gif")));
        assertEquals(MediaKind.VIDEO, MediaKind.of(MediaFiles.path("disposal1.gif")));
        assertEquals(MediaKind.VIDEO, MediaKind.of(folder));
    }

    @Test
    void filesThatAreCalledPicturesCountAsSuch() throws IOException {
        Path text = Files.writeString(folder.resolve("notes.png"), "no picture\n");
        assertEquals(MediaKind.PICTURE, MediaKind.of(text));
    }

    @Test
    @EnabledOnOs(
            value = {OS.LINUX, OS.MAC},
            disabledReason = "ffprobe is played by a shell script")
    void ffprobeTellsTheRest() throws IOException {
        String sound = "{\"codec_type\":\"audio\"}";
        String video = "{\"codec_type\":\"video\",\"width\":64,\"height\":48,\"nb_frames\":\"90\"}";
        String still = "{\"codec_type\":\"video\",\"width\":64,\"height\":48,\"nb_frames\":\"1\"}";
        String cover = "{\"codec_type\":\"video\",\"width\":500,\"height\":500,\"disposition\":{\"attached_pic\":1}}";
        assertEquals(MediaKind.SOUND, probed(sound));
        assertEquals(MediaKind.SOUND, probed(cover + "," + sound));
        assertEquals(MediaKind.VIDEO, probed(video));
        assertEquals(MediaKind.VIDEO, probed(sound + "," + video));
        assertEquals(MediaKind.VIDEO, probed(still + "," + sound));
        assertEquals(MediaKind.PICTURE, probed(still));
        Path file = folder.resolve("file.mp4");
        assertEquals(
                "media: file=" + file + "; there is neither sound nor picture in it",
                MediaFiles.refusal(() -> probed("{\"codec_type\":\"subtitle\"}")));
    }

    private MediaKind probed(String streams) {
        try {
            Path file = Files.write(
                    folder.resolve("file.mp4"), "\0\0\0\u0018ftypisom".getBytes(StandardCharsets.ISO_8859_1));
            Path program = folder.resolve("ffprobe");
            Files.writeString(program, "#!/bin/sh\necho '{\"streams\":[" + streams + "]}'\n");
            Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
            return MediaKind.of(file, new Ffmpeg(List.of(folder), Duration.ofSeconds(30)));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
