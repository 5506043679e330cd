package omni.media;

import java.awt.image.ComponentSampleModel;
import java.awt.image.DataBufferByte;
import java.awt.image.Raster;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.FileImageInputStream;
import javax.imageio.stream.ImageInputStream;
import omni.error.MediaException;

/**
 * PNG, JPEG and BMP through the decoders of {@code javax.imageio}, of which only the raw values are used: colour profiles, gamma and
 * unknown transparency are left aside as the reference leaves them, and colour conversion is the reference's arithmetic. The JPEG decoder
 * is {@code libjpeg}, whose transform and upsampling agree with the reference's to the last bit.
 */
final class ImageIoDecoder {
    /** What a decoder needs besides the pixels. */
    private static final long RESERVE = 16L << 20;

    private ImageIoDecoder() {}

    static Picture jpeg(Path path, JpegHeader header, Arena arena) {
        int bands = switch (header.colors()) {
            case GRAY -> 1;
            case RGB, YCC -> 3;
            case CMYK, YCCK -> 4;
        };
        requireHeap(path, header.width(), header.height(), bands);
        return decode("jpeg", path, (reader, file) -> {
            boolean[] cutOff = new boolean[1];
            reader.addIIOReadWarningListener((source, warning) -> cutOff[0] |= warning.contains("EOI"));
            Raster raster = reader.readRaster(0, null);
            if (cutOff[0]) {
                throw new MediaException("picture: file=" + file + "; the JPEG data are cut off");
            }
            int width = raster.getWidth();
            byte[] values = interleaved(raster);
            Picture picture = Picture.of(width, raster.getHeight(), arena);
            byte[] row = new byte[picture.stride()];
            for (int y = 0; y < raster.getHeight(); y++) {
                Rgb.ofJpeg(header.colors(), values, y * width * bands, row, width);
                picture.setRow(y, row, 0);
            }
            return picture;
        });
    }

    /** The values of all bands, pixel by pixel: the raster's own array where it is laid out so, as it is in practice. */
    private static byte[] interleaved(Raster raster) {
        int bands = raster.getNumBands();
        int width = raster.getWidth();
        if (raster.getDataBuffer() instanceof DataBufferByte buffer
                && raster.getSampleModel() instanceof ComponentSampleModel model
                && model.getPixelStride() == bands
                && model.getScanlineStride() == width * bands
                && Arrays.equals(model.getBandOffsets(), Arrays.copyOf(new int[] {0, 1, 2, 3}, bands))
                && buffer.getOffset() == 0
                && raster.getSampleModelTranslateX() == 0
                && raster.getSampleModelTranslateY() == 0) {
            return buffer.getData();
        }
        byte[] values = new byte[width * bands * raster.getHeight()];
        int[] pixels = new int[width * bands];
        for (int y = 0; y < raster.getHeight(); y++) {
            raster.getPixels(raster.getMinX(), raster.getMinY() + y, width, 1, pixels);
            for (int i = 0; i < pixels.length; i++) {
                values[y * pixels.length + i] = (byte) pixels[i];
            }
        }
        return values;
    }

    static Picture png(Path path, PngHeader header, Arena arena) {
        int bands = switch (header.color()) {
            case 2 -> 3;
            case 4 -> 2;
            case 6 -> 4;
            default -> 1;
        };
        requireHeap(path, header.width(), header.height(), header.bits() == 16 ? 2 * bands : bands);
        return decode("png", path, (reader, file) -> Rgb.ofPng(header, reader.read(0), arena));
    }

    static Picture bmp(Path path, PictureHeader header, Arena arena) {
        requireHeap(path, header.width(), header.height(), 4);
        return decode("bmp", path, (reader, file) -> Rgb.ofBmp(reader.read(0), arena));
    }

    static PictureHeader bmpHeader(Path path) {
        int[] size = decode("bmp", path, (reader, file) -> new int[] {reader.getWidth(0), reader.getHeight(0)});
        return new PictureHeader(FileKind.BMP, size[0], size[1], 1);
    }

    private interface Decoding<T> {
        T run(ImageReader reader, Path file) throws IOException;
    }

    private static <T> T decode(String format, Path path, Decoding<T> decoding) {
        ImageReader reader = reader(format);
        // A stream of its own: the ones that ImageIO makes may write cache files.
        try (ImageInputStream in = new FileImageInputStream(path.toFile())) {
            reader.setInput(in, true, true);
            return decoding.run(reader, path);
        } catch (IOException | RuntimeException e) {
            if (e instanceof MediaException refusal) {
                throw refusal;
            }
            // The decoders answer hostile files with all kinds of runtime exceptions.
            throw new MediaException("picture: file=" + path + "; it cannot be decoded: " + why(e), e);
        } finally {
            reader.dispose();
        }
    }

    private static String why(Exception e) {
        String message = e.getMessage();
        Throwable cause = e.getCause();
        if (message == null || (cause != null && message.startsWith("Error reading"))) {
            message = cause == null ? null : cause.getMessage();
        }
        return message == null ? e.getClass().getSimpleName() : message;
    }

    /** The JDK's own reader, whatever plug-ins the class path brings. */
    private static ImageReader reader(String format) {
        Iterator<ImageReader> readers = ImageIO.getImageReadersByFormatName(format);
        ImageReader first = null;
        while (readers.hasNext()) {
            ImageReader reader = readers.next();
            if (reader.getClass().getName().startsWith("com.sun.imageio.")) {
                return reader;
            }
            first = first == null ? reader : first;
        }
        if (first == null) {
            throw new MediaException("picture: format=" + format + "; this Java has no decoder for it");
        }
        return first;
    }

    static void requireHeap(Path path, int width, int height, int bytesPerPixel) {
        long needed = (long) width * height * bytesPerPixel + RESERVE;
        if (needed > free()) {
            // Only what is really in use counts.
            System.gc();
        }
        if (needed > free()) {
            throw new MediaException("picture: file=" + path + ", width=" + width + ", height=" + height + ", needed="
                    + (needed >> 20) + " MiB, free heap=" + (free() >> 20)
                    + " MiB; make it smaller or start Java with a larger -Xmx");
        }
    }

    private static long free() {
        Runtime runtime = Runtime.getRuntime();
        return runtime.maxMemory() - (runtime.totalMemory() - runtime.freeMemory());
    }
}
