package omni.media;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import omni.fixture.Programs;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that only ffmpeg reads, made by ffmpeg. */
class FfmpegMediaTest {
    @TempDir
    Path folder;

    @BeforeEach
    void requireFfmpeg() {
        assumeTrue(Programs.ffmpeg(), "ffmpeg and ffprobe are not on PATH");
    }

    @Test
    void wantedFramesComeFromAnyContainer() throws Exception {
        // 20 frames, number i having the grey level 10 * i; the second container does not say how many there are.
        for (String name : new String[] {"clip.mp4", "clip.mkv"}) {
            Path clip = make(name, "-f", "lavfi", "-i", grey(), "-c:v", "mpeg4", "-q:v", "1");
            VideoSource video = VideoFile.of(clip, 2);
            assertEquals(20, video.frames());
            assertEquals(10.0, video.fps(), 1e-9);
            assertEquals("64x48", video.width() + "x" + video.height());
            assertNull(video.sound());
            List<Integer> levels = new ArrayList<>();
            int shown = video.show(new int[] {0, 3, 4, 19}, (i, picture) -> levels.add(picture.get(30, 20, 1)));
            assertEquals(4, shown);
            int[] expected = {0, 30, 40, 190};
            for (int i = 0; i < 4; i++) {
                assertEquals(expected[i], levels.get(i), 4, name + ": " + levels);
            }
            assertEquals(20, video.count());
            assertEquals(1, video.show(new int[] {19, 25}, (i, picture) -> {}));
        }
    }

    @Test
    void hundredsOfFramesCanBeWanted() throws Exception {
        Path clip = make("long.mp4", "-f", "lavfi", "-i", "testsrc=size=32x32:rate=30:duration=30", "-c:v", "mpeg4");
        int[] wanted = new int[768];
        Arrays.setAll(wanted, i -> i * 899 / 767);
        assertEquals(768, VideoFile.of(clip, 2).show(wanted, (i, picture) -> {}));
    }

    @Test
    void namesAreNeverTakenForOptionsPatternsOrAddresses() throws Exception {
        Path clip = make("clip.mp4", "-f", "lavfi", "-i", grey(), "-c:v", "mpeg4");
        for (String name : new String[] {"-y.mp4", "clip %03d.mp4", "http:clip.mp4", "a'b;c.mp4", "concat:x|y.mp4"}) {
            Path odd = Files.copy(clip, folder.resolve(name));
            assertEquals(20, VideoFile.of(odd, 2).frames(), name);
        }
    }

    @Test
    void playlistsThatNameOtherFilesAreNotFollowed() throws Exception {
        make("clip.ts", "-f", "lavfi", "-i", grey(), "-c:v", "mpeg2video");
        Path list = folder.resolve("list.m3u8");
        Files.writeString(list, "#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:2,\nclip.ts\n#EXT-X-ENDLIST\n");
        assertTrue(MediaFiles.refusal(() -> VideoFile.of(list, 2))
                .startsWith("media: file=" + list + ", program=ffprobe, exit=1; it failed; its last words: "));
        Path concat = folder.resolve("list.ffconcat");
        Files.writeString(concat, "ffconcat version 1.0\nfile clip.ts\n");
        assertTrue(MediaFiles.refusal(() -> VideoFile.of(concat, 2))
                .startsWith("media: file=" + concat + ", program=ffprobe, exit=1; it failed; its last words: "));
    }

    @Test
    void soundOfAVideoIsRead() throws Exception {
        Path clip = make(
                "clip.mp4",
                "-f",
                "lavfi",
                "-i",
                grey(),
                "-f",
                "lavfi",
                "-i",
                "sine=500:sample_rate=22050:duration=2",
                "-c:v",
                "mpeg4",
                "-c:a",
                "aac",
                "-shortest");
        SoundSource sound = VideoFile.of(clip, 2).sound();
        assertNotNull(sound);
        assertEquals(2, seconds(sound), 0.1);
        assertEquals(2, seconds(SoundFile.of(clip)), 0.1);
    }

    @Test
    void compressedSoundsAreRead() throws Exception {
        for (String name : new String[] {"a.flac", "a.wav", "a.mp2", "a.ogg"}) {
            String[] codec = switch (name) {
                case "a.wav" -> new String[] {"-c:a", "adpcm_ms"};
                case "a.ogg" -> new String[] {"-c:a", "flac"};
                default -> new String[0];
            };
            List<String> arguments =
                    new ArrayList<>(List.of("-f", "lavfi", "-i", "sine=500:sample_rate=44100:duration=1", "-ac", "2"));
            arguments.addAll(List.of(codec));
            SoundSource sound = SoundFile.of(make(name, arguments.toArray(String[]::new)));
            try (SampleReader reader = sound.open()) {
                assertEquals(44_100, reader.rate(), name);
                assertEquals(2, reader.channels(), name);
            }
            assertEquals(1, seconds(sound), 0.1, name);
            assertEquals(1, seconds(sound), 0.1, "a sound can be read again");
        }
    }

    @Test
    void shouldRefuseFilesWithoutSoundOrPictures() throws Exception {
        Path silent = make("silent.mp4", "-f", "lavfi", "-i", grey(), "-c:v", "mpeg4");
        assertEquals("sound: file=" + silent + "; it has no sound", MediaFiles.refusal(() -> SoundFile.of(silent)));
        Path sound = make("sound.flac", "-f", "lavfi", "-i", "sine=500:duration=1");
        assertEquals(
                "video: file=" + sound + ", frames=0; it has no pictures",
                MediaFiles.refusal(() -> VideoFile.of(sound, 2)));
        Path text = Files.writeString(folder.resolve("notes.mp4"), "This is no film.\n");
        String message = MediaFiles.refusal(() -> VideoFile.of(text, 2));
        assertTrue(message.startsWith("media: file=" + text + ", program=ffprobe, exit=1; it failed"), message);
    }

    @Test
    void otherPicturesAreReadWithTheirAlphaOnWhite() throws Exception {
        Path tiff = make("a.tiff", "-i", MediaFiles.path("rgba.png").toString());
        assertEquals(
                MediaFiles.crc(MediaFiles.read(MediaFiles.path("rgba.png"))), MediaFiles.crc(MediaFiles.read(tiff)));
        PictureFile file = PictureFile.open(tiff);
        assertEquals("26x19", file.width() + "x" + file.height());
        assertEquals(26, file.readStored(Arena.ofAuto()).width());
    }

    /** 20 frames at 10 frames a second, number i having the grey level 10 * i. */
    private static String grey() {
        return "color=black:size=64x48:rate=10:duration=2,format=gray,geq=lum=10*N";
    }

    private static double seconds(SoundSource sound) {
        try (SampleReader reader = sound.open()) {
            float[] block = new float[4096 * reader.channels()];
            long samples = 0;
            for (int n; (n = reader.read(block, 4096)) > 0; ) {
                samples += n;
            }
            return (double) samples / reader.rate();
        }
    }

    private Path make(String name, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("ffmpeg", "-v", "error", "-nostdin", "-y"));
        command.addAll(List.of(arguments));
        Path file = folder.resolve(name);
        command.add("file:" + file);
        Process process = new ProcessBuilder(command).inheritIO().start();
        assertTrue(process.waitFor(60, TimeUnit.SECONDS), "ffmpeg takes too long");
        assertEquals(0, process.exitValue(), "ffmpeg made no " + name);
        return file;
    }
}
