package omni.vision;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;
import omni.engine.Matrix;
import omni.engine.ThreadTeam;
import omni.error.MediaException;
import omni.loader.ImageProcessorConfig;
import omni.loader.PatchConfig;
import omni.loader.VideoProcessorConfig;
import omni.loader.VisionConfig;
import omni.media.FrameSink;
import omni.media.Picture;
import omni.media.SoundSource;
import omni.media.VideoSource;
import omni.thinker.GridThw;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VisionProcessorTest {
    /** The released models'. */
    static final PatchConfig PATCHES = new PatchConfig(
            14, 2, 2, List.of(0.48145466, 0.4578275, 0.40821073), List.of(0.26862954, 0.26130258, 0.27577711));

    private static final ImageProcessorConfig PICTURES = new ImageProcessorConfig(PATCHES, 3136, 12_845_056);
    private static final VideoProcessorConfig CLIPS = new VideoProcessorConfig(PATCHES, null, null, null, null, null);

    @TempDir
    Path folder;

    private final ThreadTeam team = new ThreadTeam(2);
    private final VisionProcessor released = new VisionProcessor(PICTURES, CLIPS, team);

    @AfterEach
    void closeTeam() {
        team.close();
    }

    @Test
    void pictureIsResizedAndUsedAsTwoFrames() {
        PatchGrid patches = released.picture("picture", grey(150, 117, 7), VisionOptions.NONE);
        assertEquals(new GridThw(1, 8, 10), patches.grid());
        assertEquals(2, patches.frames().size());
        assertEquals("140x112", sizeOf(patches));
        assertEquals(20, patches.tokens());
        assertEquals(7, patches.frames().get(1).get(5, 5, 0));
    }

    @Test
    void limitsOfCheckpointAndRequestHold() {
        VisionProcessor small = new VisionProcessor(new ImageProcessorConfig(PATCHES, 3136, 40_000), CLIPS, team);
        assertEquals("196x196", sizeOf(small.picture("picture", grey(560, 560, 7), VisionOptions.NONE)));
        VisionOptions options = new VisionOptions(null, null, 15_000L, null);
        assertEquals("112x112", sizeOf(small.picture("picture", grey(560, 560, 7), options)));
        VisionOptions larger = new VisionOptions(null, 100_000L, null, null);
        assertEquals("336x336", sizeOf(released.picture("picture", grey(100, 100, 7), larger)));
    }

    @Test
    void checkpointChangesRateNumberAndSizeOfFrames() {
        VideoProcessorConfig clips = new VideoProcessorConfig(PATCHES, 3136, 10_000, 4.0, 2, 6);
        VideoFrames video =
                new VisionProcessor(PICTURES, clips, team).video(new Film(90, 90, 30, false), VisionOptions.NONE);
        assertEquals(new GridThw(3, 6, 8), video.patches().grid());
        assertEquals(0.5, video.secondsPerStep());
        VideoProcessorConfig least = new VideoProcessorConfig(PATCHES, 700_000, null, null, null, null);
        VideoFrames large =
                new VisionProcessor(PICTURES, least, team).video(new Film(90, 90, 30, false), VisionOptions.NONE);
        assertEquals("980x728", sizeOf(large.patches()));
    }

    @Test
    void framesAreNormalisedAsTheirOwnFileSays() {
        PatchConfig halves = new PatchConfig(14, 2, 2, List.of(0.5, 0.5, 0.5), List.of(0.5, 0.5, 0.5));
        VideoProcessorConfig clips = new VideoProcessorConfig(halves, null, null, null, null, null);
        PatchGrid frames = new VisionProcessor(PICTURES, clips, team)
                .video(new Film(5, 5, 2, true), VisionOptions.NONE)
                .patches();
        Matrix values = new Matrix(
                Arena.ofAuto().allocate(4L * frames.patchValues()), 0, 1, frames.patchValues(), frames.patchValues());
        frames.fill(0, values);
        // Its second frame has the grey level 1.
        assertEquals(2 * 1 / 255.0 - 1, values.get(0, 14 * 14), 1e-6);
    }

    @Test
    void readsTheFilesOfACheckpoint() throws Exception {
        Files.writeString(folder.resolve("preprocessor_config.json"), "{\"min_pixels\": 3136, \"max_pixels\": 40000}");
        Files.writeString(folder.resolve("video_preprocessor_config.json"), "{\"fps\": 4, \"max_frames\": 4}");
        VisionConfig vision = new VisionConfig(4, 64, 4, 96, 128, 3, 14, 2, 2, 112, List.of(1, 3), 10_000);
        VisionProcessor processor = VisionProcessor.of(folder, vision, team);
        assertEquals("196x196", sizeOf(processor.picture("picture", grey(560, 560, 7), VisionOptions.NONE)));
        VideoFrames video = processor.video(new Film(90, 90, 30, false), VisionOptions.NONE);
        assertEquals(2, video.patches().grid().t());
        assertEquals(0.5, video.secondsPerStep());
    }

    @Test
    void filmIsSampledAndItsFramesResizedAsTheyCome() {
        Film film = new Film(90, 90, 30, false);
        VideoFrames video = released.video(film, VisionOptions.NONE);
        assertEquals(new GridThw(3, 20, 28), video.patches().grid());
        assertArrayEquals(new int[] {0, 18, 36, 53, 71, 89}, film.shown());
        assertEquals(2.0, video.sampleFps(), 1e-9);
        assertEquals(1.0, video.secondsPerStep());
        assertArrayEquals(new double[] {0, 0.6, 1.2, 53 / 30.0, 71 / 30.0, 89 / 30.0}, video.times(), 1e-9);
        for (int i = 0; i < 6; i++) {
            assertEquals(film.shown()[i], video.patches().frames().get(i).get(9, 9, 1));
        }
    }

    @Test
    void requestsChangeRateNumberAndSize() {
        VisionOptions options = new VisionOptions(4.0, 3136L, 10_000L, 6);
        VideoFrames video = released.video(new Film(90, 90, 30, false), options);
        assertEquals(new GridThw(3, 6, 8), video.patches().grid());
        assertEquals(0.5, video.secondsPerStep());
        VideoFrames two = released.video(new Film(90, 90, 30, false), new VisionOptions(null, null, null, 2));
        assertEquals(1, two.patches().grid().t());
    }

    @Test
    void clipsWithFewerFramesThanTheySayAreCountedAndSampledAgain() {
        Film film = new Film(90, 61, 30, false);
        VideoFrames video = released.video(film, VisionOptions.NONE);
        assertArrayEquals(new int[] {0, 20, 40, 60}, film.shown());
        assertEquals(2, video.patches().grid().t());
        Film broken = new Film(90, 30, 30, false);
        broken.counted = 90;
        Exception e = assertThrows(MediaException.class, () -> released.video(broken, VisionOptions.NONE));
        assertEquals("video: file=film, frames=90, decoded=2 of 6 wanted; the file is damaged", e.getMessage());
    }

    @Test
    void listIsUsedWholeAndAnOddOneEndsWithItsLastFrameTwice() {
        Film list = new Film(5, 5, 2, true);
        VideoFrames video = released.video(list, VisionOptions.NONE);
        // Enlarged to a frame's least number of pixels.
        assertEquals(new GridThw(3, 20, 28), video.patches().grid());
        assertEquals(4, video.patches().frames().get(5).get(9, 9, 1));
        assertArrayEquals(new double[] {0, 0.5, 1, 1.5, 2}, video.times());
        assertEquals(1.0, video.secondsPerStep());
    }

    @Test
    void shouldRefuseListsThatAreTooLong() {
        Exception e = assertThrows(
                MediaException.class, () -> released.video(new Film(769, 769, 2, true), VisionOptions.NONE));
        assertEquals("video: folder=film, frames=769, limit=768; take some of them away", e.getMessage());
    }

    @Test
    void shouldRefuseStripesBeforeDecodingThem() throws Exception {
        Path stripe = folder.resolve("stripe.png");
        ByteBuffer png = ByteBuffer.allocate(45);
        png.put("\u0089PNG\r\n\u001a\n".getBytes(StandardCharsets.ISO_8859_1));
        byte[] head = ByteBuffer.allocate(17)
                .put("IHDR".getBytes(StandardCharsets.ISO_8859_1))
                .putInt(20_000)
                .putInt(10)
                .put(new byte[] {8, 2, 0, 0, 0})
                .array();
        CRC32 crc = new CRC32();
        crc.update(head);
        Files.write(
                stripe, png.putInt(13).put(head).putInt((int) crc.getValue()).array());
        Exception e = assertThrows(MediaException.class, () -> released.picture(stripe, VisionOptions.NONE));
        assertEquals(
                "picture: file=" + stripe + ", width=20000, height=10; one side is more than 200 times the other, cut"
                        + " the picture",
                e.getMessage());
    }

    private static String sizeOf(PatchGrid patches) {
        Picture picture = patches.frames().getFirst();
        return picture.width() + "x" + picture.height();
    }

    private static Picture grey(int width, int height, int level) {
        Picture picture = Picture.of(width, height);
        picture.rgb().fill((byte) level);
        return picture;
    }

    /** Frames whose grey level is their number; their memory is used again. */
    private static final class Film implements VideoSource {
        private final int claimed;
        private final int real;
        private final double fps;
        private final boolean list;
        private final List<Integer> shown = new ArrayList<>();
        private final Picture picture = Picture.of(160, 120);
        private int counted;

        Film(int claimed, int real, double fps, boolean list) {
            this.claimed = claimed;
            this.real = real;
            this.fps = fps;
            this.list = list;
            this.counted = real;
        }

        int[] shown() {
            return shown.stream().mapToInt(i -> i).toArray();
        }

        @Override
        public String name() {
            return "film";
        }

        @Override
        public int frames() {
            return claimed;
        }

        @Override
        public double fps() {
            return fps;
        }

        @Override
        public int width() {
            return picture.width();
        }

        @Override
        public int height() {
            return picture.height();
        }

        @Override
        public boolean isList() {
            return list;
        }

        @Override
        public int show(int[] wanted, FrameSink sink) {
            shown.clear();
            int[] there = Arrays.stream(wanted).filter(i -> i < real).toArray();
            for (int index : there) {
                shown.add(index);
                picture.rgb().fill((byte) index);
                sink.frame(index, picture);
                picture.rgb().set(ValueLayout.JAVA_BYTE, 0, (byte) 0);
            }
            return there.length;
        }

        @Override
        public int count() {
            return counted;
        }

        @Override
        public @Nullable SoundSource sound() {
            return null;
        }
    }
}
