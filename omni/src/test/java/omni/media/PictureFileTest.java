package omni.media;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32;
import omni.error.MediaException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PictureFileTest {
    @TempDir
    Path folder;

    /** CRC-32 of the RGB values that the reference's loader makes of the file (Pillow 13.0.0, RGBA laid on white, else alpha dropped). */
    @ParameterizedTest
    @CsvSource({
        "420.jpg,26,19,2812699396",
        "422.jpg,26,19,2689274036",
        "444.jpg,26,19,8700821",
        "565.bmp,8,6,975243540",
        "cmyk.jpg,26,19,234108862",
        "cmyk_no_adobe.jpg,26,19,234108862",
        "disposal1.gif,24,16,1450470783",
        "grey.jpg,26,19,3540855965",
        "grey_16_bits.png,9,7,1036881118",
        "grey_2_bits.png,13,7,1150158960",
        "grey_4_bits.png,13,7,3803593551",
        "grey_alpha.png,26,19,1629100007",
        "grey_alpha_16_bits.png,9,7,1438074839",
        "grey_transparent.png,26,19,1629100007",
        "interlaced.png,26,19,3987117284",
        "no_jfif.jpg,26,19,8700821",
        "one_bit.png,26,19,3783326922",
        "orientation6.jpg,26,19,2812699396",
        "orientation8.png,26,19,3987117284",
        "palette.bmp,26,19,4085003973",
        "palette.png,26,19,2414427592",
        "palette_transparent.png,26,19,2414427592",
        "progressive.jpg,26,19,2812699396",
        "rgb.bmp,26,19,3987117284",
        "rgb.jpg,26,19,2015137804",
        "rgb.png,26,19,3987117284",
        "rgb_16_bits.png,9,7,3722536104",
        "rgb_transparent.png,26,19,3987117284",
        "rgba.bmp,12,9,2939543366",
        "rgba.png,26,19,948501364",
        "rgba_16_bits.png,9,7,360727363",
        "still.gif,26,19,1370905534",
        "transparent.gif,20,15,2859517653",
        "ycck.jpg,26,19,769622779",
    })
    void pixelsAreThoseOfTheReference(String name, int width, int height, long crc) {
        PictureFile file = PictureFile.open(MediaFiles.path(name));
        assertEquals(width + "x" + height, file.storedWidth() + "x" + file.storedHeight());
        Picture picture = file.readStored(Arena.ofAuto());
        assertEquals(width + "x" + height, picture.width() + "x" + picture.height());
        assertEquals(crc, MediaFiles.crc(picture));
    }

    @ParameterizedTest
    @CsvSource({"orientation6.jpg,2881703026", "orientation8.png,1931258653"})
    void picturesAreTurnedUprightOnRequest(String name, long crc) {
        PictureFile file = PictureFile.open(MediaFiles.path(name));
        assertEquals("19x26", file.width() + "x" + file.height());
        Picture picture = file.read(Arena.ofAuto());
        assertEquals("19x26", picture.width() + "x" + picture.height());
        assertEquals(crc, MediaFiles.crc(picture));
    }

    @Test
    void contentCountsNotTheName() throws IOException {
        Path misnamed = folder.resolve("photo.jpg");
        Files.copy(MediaFiles.path("rgb.png"), misnamed);
        assertEquals(3987117284L, MediaFiles.crc(MediaFiles.read(misnamed)));
    }

    @Test
    void shouldRefuseSizesBeforeDecoding() throws IOException {
        Path huge = png("huge.png", 30_000, 30_000);
        assertEquals(
                "picture: file=" + huge + ", width=30000, height=30000, pixels=900000000, limit=178956970; make the"
                        + " picture smaller",
                refusal(huge));
        Path one = png("one.png", 1, 1);
        assertEquals("picture: file=" + one + ", width=1, height=1; a single pixel shows nothing", refusal(one));
        Path negative = png("negative.png", -5, 7);
        assertEquals(
                "picture: file=" + negative
                        + ", width=4294967291, height=7, bits=8, color=2; the PNG header is damaged",
                refusal(negative));
        Path flat = jpeg("flat.jpg", 100, 0);
        assertEquals("picture: file=" + flat + ", width=100, height=0; the header is damaged", refusal(flat));
        Path large = jpeg("large.jpg", 65_535, 65_535);
        assertEquals(
                "picture: file=" + large + ", width=65535, height=65535, pixels=4294836225, limit=178956970; make the"
                        + " picture smaller",
                refusal(large));
        Path gif = Files.write(folder.resolve("huge.gif"), new byte[] {
            'G', 'I', 'F', '8', '9', 'a', -1, -1, -1, -1, 0, 0, 0, 0x2C, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 0
        });
        assertEquals(
                "picture: file=" + gif
                        + ", width=65535, height=65535, limit=178956970 pixels; make the picture smaller",
                refusal(gif));
    }

    @Test
    void shouldRefusePicturesThatTheHeapCannotHold() throws IOException {
        assumeTrue(Runtime.getRuntime().maxMemory() < 1300L << 20, "this heap could hold the largest picture allowed");
        Path deep = png("deep.png", 13_000, 13_000, 16, 6);
        String message = refusal(deep);
        String start = "picture: file=" + deep + ", width=13000, height=13000, needed=1305 MiB, free heap=";
        assertEquals(start, message.substring(0, Math.min(message.length(), start.length())));
        String end = " MiB; make it smaller or start Java with a larger -Xmx";
        assertEquals(end, message.substring(Math.max(0, message.length() - end.length())));
    }

    @Test
    void shouldRefuseWhatIsNoPicture() throws IOException {
        Path text = Files.writeString(folder.resolve("notes.png"), "These are my notes, and not a picture.\n");
        assertEquals("picture: file=" + text + "; its content is no picture, whatever its name says", refusal(text));
        Path empty = Files.createFile(folder.resolve("empty.png"));
        assertEquals("media: file=" + empty + ", bytes=0; the file is empty", refusal(empty));
        Path missing = folder.resolve("missing.png");
        assertEquals("media: file=" + missing + "; no such file", refusal(missing));
        assertEquals("media: file=" + folder + "; this is a folder", refusal(folder));
    }

    @Test
    void shouldNameTheProgramThatReadsOtherPictures() throws IOException {
        Path webp = folder.resolve("photo.webp");
        Files.write(webp, "RIFF\0\0\0\0WEBPVP8 ".getBytes(StandardCharsets.ISO_8859_1));
        Ffmpeg none = new Ffmpeg(List.of(folder), Duration.ofSeconds(1));
        assertEquals(
                "media: file=" + webp + ", program=ffprobe; this kind of file needs it, but it is not on PATH; install"
                        + " FFmpeg (Debian, Ubuntu: sudo apt install ffmpeg; macOS: brew install ffmpeg;"
                        + " Windows: winget install ffmpeg)",
                MediaFiles.refusal(() -> PictureFile.open(webp, none)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"420.jpg", "progressive.jpg", "rgb.png", "interlaced.png", "still.gif", "rgb.bmp"})
    void shouldRefusePicturesThatAreCutOff(String name) throws IOException {
        byte[] whole = Files.readAllBytes(MediaFiles.path(name));
        Path file = folder.resolve(name);
        for (int length : new int[] {6, 20, 60, whole.length / 2, whole.length * 9 / 10}) {
            Files.write(file, Arrays.copyOf(whole, length));
            String message = refusal(file);
            assertTrue(message.startsWith("picture: file=" + file), "length=" + length + ": " + message);
        }
    }

    @Test
    void shouldTellWhatIsCutOff() throws IOException {
        byte[] jpeg = Files.readAllBytes(MediaFiles.path("420.jpg"));
        Path file = folder.resolve("cut.jpg");
        Files.write(file, Arrays.copyOf(jpeg, jpeg.length - 10));
        assertEquals("picture: file=" + file + "; the JPEG data are cut off", refusal(file));
        Files.write(file, Arrays.copyOf(jpeg, 30));
        assertEquals("picture: file=" + file + "; the JPEG header is cut off", refusal(file));
        byte[] gif = Files.readAllBytes(MediaFiles.path("still.gif"));
        Files.write(file, Arrays.copyOf(gif, gif.length - 10));
        assertEquals("picture: file=" + file + "; the GIF data are cut off", refusal(file));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "420.jpg",
                "cmyk.jpg",
                "orientation6.jpg",
                "palette.png",
                "orientation8.png",
                "still.gif",
                "565.bmp"
            })
    void noMutationDoesAnythingButDecodeOrRefuse(String name) throws IOException {
        byte[] whole = Files.readAllBytes(MediaFiles.path(name));
        Path file = folder.resolve(name);
        Random random = new Random(17);
        for (int i = 0; i < 300; i++) {
            byte[] bytes = whole.clone();
            for (int k = random.nextInt(6); k >= 0; k--) {
                // Mostly in the headers, where it matters.
                int bound = random.nextInt(3) == 0 ? bytes.length : Math.min(bytes.length, 64);
                bytes[random.nextInt(bound)] = (byte) random.nextInt();
            }
            Files.write(file, bytes);
            try {
                PictureFile picture = PictureFile.open(file, new Ffmpeg(List.of(), Duration.ofSeconds(1)));
                // Larger ones would only slow the test down.
                if ((long) picture.width() * picture.height() < 1_000_000) {
                    picture.read(Arena.ofAuto());
                }
            } catch (MediaException e) {
                String message = String.valueOf(e.getMessage());
                assertTrue(message.contains("file=" + file), "seed=17, mutation=" + i + ": " + message);
            }
        }
    }

    private String refusal(Path file) {
        return MediaFiles.refusal(() -> MediaFiles.read(file));
    }

    /** A PNG header, and nothing behind it but the mark of its end. */
    private Path png(String name, int width, int height) throws IOException {
        return png(name, width, height, 8, 2);
    }

    private Path png(String name, int width, int height, int bits, int color) throws IOException {
        ByteBuffer png = ByteBuffer.allocate(100);
        png.put("\u0089PNG\r\n\u001a\n".getBytes(StandardCharsets.ISO_8859_1));
        ByteBuffer head = ByteBuffer.allocate(13).putInt(width).putInt(height).put(new byte[] {
            (byte) bits, (byte) color, 0, 0, 0
        });
        chunk(png, "IHDR", head.array());
        chunk(png, "IEND", new byte[0]);
        return Files.write(folder.resolve(name), Arrays.copyOf(png.array(), png.position()));
    }

    private static void chunk(ByteBuffer png, String type, byte[] data) {
        byte[] tag = type.getBytes(StandardCharsets.ISO_8859_1);
        CRC32 crc = new CRC32();
        crc.update(tag);
        crc.update(data);
        png.putInt(data.length).put(tag).put(data).putInt((int) crc.getValue());
    }

    /** A small JPEG whose header claims another size. */
    private Path jpeg(String name, int width, int height) throws IOException {
        byte[] jpeg = Files.readAllBytes(MediaFiles.path("420.jpg"));
        for (int i = 0; i < jpeg.length - 9; i++) {
            if ((jpeg[i] & 0xFF) == 0xFF && (jpeg[i + 1] & 0xFF) == 0xC0) {
                ByteBuffer.wrap(jpeg).putShort(i + 5, (short) height).putShort(i + 7, (short) width);
                break;
            }
        }
        return Files.write(folder.resolve(name), jpeg);
    }
}
