package omni.draw;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import omni.error.MediaException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PngFileTest {
    private static final long SEED = 11;

    @TempDir
    Path folder;

    /** The last one is noise, which does not shrink, and so needs several blocks. */
    @ParameterizedTest
    @CsvSource({"1,1", "7,3", "1,500", "300,200"})
    void othersReadWhatWasDrawn(int width, int height) throws Exception {
        Canvas canvas = new Canvas(width, height);
        Random random = new Random(SEED);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                canvas.blend(x, y, random.nextInt(1 << 24), 1);
            }
        }
        Path file = folder.resolve("drawing.png");
        PngFile.write(canvas, file);
        BufferedImage image = ImageIO.read(file.toFile());
        assertEquals(width + "x" + height, image.getWidth() + "x" + image.getHeight());
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                assertEquals(canvas.get(x, y), image.getRGB(x, y) & 0xFFFFFF, "seed=" + SEED + " at " + x + "," + y);
            }
        }
    }

    @Test
    void drawingsAreToldFromOtherFiles() throws Exception {
        Path file = folder.resolve("drawing.png");
        PngFile.write(new Canvas(4, 4), file);
        assertTrue(PngFile.isDrawing(file));
        PngFile.write(new Canvas(5, 4), file);
        assertEquals(5, ImageIO.read(file.toFile()).getWidth(), "a drawing is replaced");
        Path other = folder.resolve("photo.png");
        ImageIO.write(new BufferedImage(4, 4, BufferedImage.TYPE_INT_RGB), "png", other.toFile());
        assertFalse(PngFile.isDrawing(other));
        assertFalse(PngFile.isDrawing(Files.createFile(folder.resolve("empty.png"))));
    }

    @Test
    void nothingHalfWrittenIsLeftBehind() throws Exception {
        Path taken = Files.createDirectories(folder.resolve("taken.png/inside"));
        Path file = folder.resolve("taken.png");
        Exception e = assertThrows(MediaException.class, () -> PngFile.write(new Canvas(4, 4), file));
        assertTrue(String.valueOf(e.getMessage()).startsWith("drawing: file=" + file + "; cannot be written: "));
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(1, files.count());
        }
        assertTrue(Files.exists(taken));
    }
}
