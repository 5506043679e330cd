package omni.media;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of a program that is missing, fails, hangs or talks nonsense: scripts play its part. */
@EnabledOnOs(
        value = {OS.LINUX, OS.MAC},
        disabledReason = "the programs are played by shell scripts")
class FfmpegTest {
    private static final String REPORT =
            "{\\\"streams\\\":[{\\\"codec_type\\\":\\\"video\\\",\\\"width\\\":2,\\\"height\\\":1,"
                    + "\\\"nb_frames\\\":\\\"4\\\",\\\"avg_frame_rate\\\":\\\"2/1\\\"}]}";

    @TempDir
    Path folder;

    @Test
    void shouldNameTheProgramThatIsMissingAndHowToInstallIt() throws IOException {
        Path clip = clip();
        assertEquals(
                "media: file=" + clip + ", program=ffprobe; this kind of file needs it, but it is not on PATH; install"
                        + " FFmpeg (Debian, Ubuntu: sudo apt install ffmpeg; macOS: brew install ffmpeg;"
                        + " Windows: winget install ffmpeg)",
                MediaFiles.refusal(() -> VideoFile.of(clip, 2, ffmpeg())));
    }

    @Test
    void shouldTellTheLastWordsOfAProgramThatFails() throws IOException {
        Path clip = clip();
        program("ffprobe", "echo first >&2; printf 'clip.mp4: \\033[31mInvalid data\\n\\n' >&2; exit 3");
        assertEquals(
                "media: file=" + clip
                        + ", program=ffprobe, exit=3; it failed; its last words: clip.mp4:  [31mInvalid data",
                MediaFiles.refusal(() -> VideoFile.of(clip, 2, ffmpeg())));
        program("ffprobe", "kill -9 $$");
        assertEquals(
                "media: file=" + clip + ", program=ffprobe, exit=137; it failed; it said nothing",
                MediaFiles.refusal(() -> VideoFile.of(clip, 2, ffmpeg())));
    }

    @Test
    void shouldStopAProgramThatHangs() throws IOException {
        Path clip = clip();
        Path alive = folder.resolve("alive");
        program("ffprobe", "echo \"" + REPORT + "\"");
        program(
                "ffmpeg",
                "echo waiting for a lock >&2; printf 'P6\\n2 1\\n255\\nABC'; sleep 60; touch '" + alive + "'");
        VideoSource video = VideoFile.of(clip, 2, ffmpeg());
        long start = System.nanoTime();
        assertEquals(
                "media: file=" + clip + ", program=ffmpeg, silent for=0.5 s; it hung and was stopped; its last words:"
                        + " waiting for a lock",
                MediaFiles.refusal(() -> video.show(new int[] {0}, (i, picture) -> {})));
        assertTrue(System.nanoTime() - start < Duration.ofSeconds(30).toNanos());
        assertTrue(
                ProcessHandle.current().descendants().noneMatch(ProcessHandle::isAlive), "nothing it started is left");
    }

    @Test
    void shouldStopAProgramWhenNoMoreFramesAreWanted() throws IOException {
        Path clip = clip();
        program("ffprobe", "echo \"" + REPORT + "\"");
        program("ffmpeg", "while printf 'P6\\n2 1\\n255\\nABCDEF'; do :; done");
        VideoSource video = VideoFile.of(clip, 2, ffmpeg());
        StringBuilder seen = new StringBuilder();
        int shown = video.show(new int[] {0, 3}, (i, picture) -> seen.append(i).append((char) picture.get(1, 0, 2)));
        assertEquals(2, shown);
        assertEquals("0F3F", seen.toString());
        assertTrue(ProcessHandle.current().descendants().noneMatch(ProcessHandle::isAlive));
        assertTrue(
                Thread.getAllStackTraces().keySet().stream()
                        .noneMatch(t -> t.getName().startsWith("omni-ff")),
                "no thread is left");
    }

    @Test
    void shouldRefuseReportsAndPicturesThatMakeNoSense() throws IOException {
        Path clip = clip();
        program("ffprobe", "echo '{\"streams\": 7}'");
        String message = MediaFiles.refusal(() -> VideoFile.of(clip, 2, ffmpeg()));
        String start = "media: file=" + clip + ", program=ffprobe; its report makes no sense: ";
        assertEquals(start, message.substring(0, Math.min(start.length(), message.length())));
        program("ffprobe", "yes");
        assertEquals(
                "media: file=" + clip
                        + ", program=ffprobe, output=1048576 bytes and more; it says more than makes sense",
                MediaFiles.refusal(() -> VideoFile.of(clip, 2, ffmpeg())));
        program("ffprobe", "echo '{\"streams\": [{\"codec_type\":\"audio\"}]}'");
        assertEquals(
                "video: file=" + clip + ", frames=0; it has no pictures",
                MediaFiles.refusal(() -> VideoFile.of(clip, 2, ffmpeg())));
        program("ffprobe", "echo \"" + REPORT + "\"");
        program("ffmpeg", "printf 'P6\\n99999 99999\\n255\\n'");
        VideoSource video = VideoFile.of(clip, 2, ffmpeg());
        assertEquals(
                "media: file=" + clip + ", width=99999, height=99999, depth=3; ffmpeg gave no picture of a size that is"
                        + " accepted",
                MediaFiles.refusal(() -> video.show(new int[] {0}, (i, picture) -> {})));
        program("ffmpeg", "printf 'P6\\n2 1\\n255\\nABC'");
        assertEquals(
                "media: file=" + clip + "; ffmpeg ended within a picture",
                MediaFiles.refusal(() -> video.show(new int[] {0}, (i, picture) -> {})));
        program("ffmpeg", "true");
        assertEquals(0, video.show(new int[] {0}, (i, picture) -> {}));
    }

    @Test
    void clipsWithoutFramesAndRatesAreRefused() throws IOException {
        Path clip = clip();
        program(
                "ffprobe",
                "case \"$*\" in *count_packets*) echo '{\"streams\":[{\"nb_read_packets\":\"0\"}]}';;"
                        + " *) echo '{\"streams\":[{\"codec_type\":\"video\",\"width\":2,\"height\":2}]}';; esac");
        assertEquals(
                "video: file=" + clip + ", frames=0; there is nothing to see",
                MediaFiles.refusal(() -> VideoFile.of(clip, 2, ffmpeg())));
        program(
                "ffprobe",
                "echo '{\"streams\":[{\"codec_type\":\"video\",\"width\":2,\"height\":2,\"nb_frames\":\"7\"}]}'");
        assertEquals(
                "video: file=" + clip + ", frames=7, fps=0; its frame rate is unknown",
                MediaFiles.refusal(() -> VideoFile.of(clip, 2, ffmpeg())));
    }

    @Test
    void coversOfSongsAreNoVideoAndSidewaysClipsAreTurned() throws IOException {
        Path clip = clip();
        program(
                "ffprobe",
                "echo '{\"streams\":[{\"codec_type\":\"audio\"},{\"codec_type\":\"video\",\"width\":500,\"height\":500,"
                        + "\"disposition\":{\"attached_pic\":1}},{\"codec_type\":\"video\",\"width\":640,\"height\":480,"
                        + "\"nb_frames\":\"30\",\"avg_frame_rate\":\"30000/1001\",\"side_data_list\":[{\"rotation\":-90}]}]}'");
        VideoSource video = VideoFile.of(clip, 2, ffmpeg());
        assertEquals("480x640", video.width() + "x" + video.height());
        assertEquals(30_000 / 1001.0, video.fps());
        assertEquals(30, video.frames());
    }

    private Ffmpeg ffmpeg() {
        return new Ffmpeg(List.of(folder.resolve("empty"), folder), Duration.ofMillis(500));
    }

    private Path clip() throws IOException {
        return Files.writeString(folder.resolve("clip.mp4"), "This is a clip, say the scripts.");
    }

    private void program(String name, String script) throws IOException {
        Path file = folder.resolve(name);
        Files.writeString(file, "#!/bin/sh\n" + script + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    }
}
