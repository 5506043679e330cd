package omni.media;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import omni.error.MediaException;

/**
 * A picture on disk: its size is known, and checked, before anything is decoded. PNG, JPEG (progressive and CMYK too), GIF (the first
 * picture) and BMP are decoded here; everything else by ffmpeg where it is installed.
 *
 * <p>Colours follow the reference's loader: RGB with alpha is laid on white, other transparency is dropped, values of 16 bits are cut to
 * 8 (grey ones clipped), colour profiles are not applied.
 */
public final class PictureFile {
    /** More pixels than this are refused; the reference's own decoder stops here, too (Pillow's limit against decompression bombs). */
    public static final long MAX_PIXELS = 178_956_970;

    private final Path path;
    private final Ffmpeg ffmpeg;
    private final PictureHeader header;

    private PictureFile(Path path, Ffmpeg ffmpeg, PictureHeader header) {
        this.path = path;
        this.ffmpeg = ffmpeg;
        this.header = header;
    }

    /**
     * Reads the header.
     *
     * @throws MediaException if the file is missing, empty, damaged or no picture, or has a single pixel or too many
     */
    public static PictureFile open(Path path) {
        return open(path, Ffmpeg.installed());
    }

    static PictureFile open(Path path, Ffmpeg ffmpeg) {
        PictureHeader header = header(path, ffmpeg);
        String sizes = "picture: file=" + path + ", width=" + header.width() + ", height=" + header.height();
        if (header.width() < 1 || header.height() < 1) {
            throw new MediaException(sizes + "; the header is damaged");
        }
        if (header.width() == 1 && header.height() == 1) {
            throw new MediaException(sizes + "; a single pixel shows nothing");
        }
        long pixels = (long) header.width() * header.height();
        if (pixels > MAX_PIXELS) {
            throw new MediaException(
                    sizes + ", pixels=" + pixels + ", limit=" + MAX_PIXELS + "; make the picture smaller");
        }
        return new PictureFile(path, ffmpeg, header);
    }

    private static PictureHeader header(Path path, Ffmpeg ffmpeg) {
        FileKind kind = FileKind.of(path);
        String file = path.toString();
        try (InputStream in = new BufferedInputStream(Files.newInputStream(path))) {
            return switch (kind) {
                case PNG -> {
                    PngHeader png = PngHeader.read(file, in);
                    yield new PictureHeader(kind, png.width(), png.height(), png.orientation());
                }
                case JPEG -> {
                    JpegHeader jpeg = JpegHeader.read(file, in);
                    yield new PictureHeader(kind, jpeg.width(), jpeg.height(), jpeg.orientation());
                }
                case BMP -> ImageIoDecoder.bmpHeader(path);
                case GIF -> {
                    GifFile gif = GifFile.open(path);
                    yield new PictureHeader(kind, gif.width(), gif.height(), 1);
                }
                default -> foreign(path, kind, ffmpeg);
            };
        } catch (IOException e) {
            throw WavReader.unreadable(file, e);
        }
    }

    /** Whether a name, in small letters, is that of a file which is decoded here. */
    static boolean isOurs(String name) {
        return Stream.of(".png", ".jpg", ".jpeg", ".gif", ".bmp", ".txt").anyMatch(name::endsWith);
    }

    /** What ffmpeg says of a file that is none of ours. */
    private static PictureHeader foreign(Path path, FileKind kind, Ffmpeg ffmpeg) {
        String name = path.getFileName().toString().toLowerCase(Locale.ROOT);
        if (kind == FileKind.OTHER && isOurs(name)) {
            throw new MediaException("picture: file=" + path + "; its content is no picture, whatever its name says");
        }
        MediaProbe probe = MediaProbe.of(ffmpeg, path);
        if (probe.width() < 1 || probe.height() < 1) {
            throw new MediaException("picture: file=" + path + "; there is no picture in it");
        }
        return new PictureHeader(FileKind.OTHER, probe.width(), probe.height(), 1);
    }

    /** Pixels of a row as stored. */
    public int storedWidth() {
        return header.width();
    }

    /** Rows as stored. */
    public int storedHeight() {
        return header.height();
    }

    /** Pixels of a row once turned upright. */
    public int width() {
        return Orientation.swapsSides(header.orientation()) ? header.height() : header.width();
    }

    /** Rows once turned upright. */
    public int height() {
        return Orientation.swapsSides(header.orientation()) ? header.width() : header.height();
    }

    /**
     * Decodes the picture and turns it upright as its EXIF orientation says.
     *
     * @param arena of its memory
     * @throws MediaException if the data are cut off or damaged, or the heap is too small
     */
    public Picture read(Arena arena) {
        return Orientation.upright(readStored(arena), header.orientation(), arena);
    }

    /**
     * Decodes the picture as it is stored, which is what the reference sees.
     *
     * @param arena of its memory
     * @throws MediaException if the data are cut off or damaged, or the heap is too small
     */
    public Picture readStored(Arena arena) {
        String file = path.toString();
        try (InputStream in = new BufferedInputStream(Files.newInputStream(path))) {
            return switch (header.kind()) {
                case PNG -> ImageIoDecoder.png(path, PngHeader.read(file, in), arena);
                case JPEG -> ImageIoDecoder.jpeg(path, JpegHeader.read(file, in), arena);
                case BMP -> ImageIoDecoder.bmp(path, header, arena);
                case GIF -> {
                    ImageIoDecoder.requireHeap(path, header.width(), header.height(), 1);
                    yield GifFile.open(path).first(arena);
                }
                default -> converted(arena);
            };
        } catch (IOException e) {
            throw WavReader.unreadable(file, e);
        }
    }

    /** The first picture that ffmpeg makes of the file, its alpha laid on white. */
    private Picture converted(Arena arena) {
        List<String> options =
                List.of("-map", "0:v:0", "-frames:v", "1", "-c:v", "pam", "-pix_fmt", "rgba", "-f", "image2pipe");
        try (FfmpegProcess process = ffmpeg.convert(path, options)) {
            Picture picture = new PnmReader(path.toString(), process.output(), arena).next();
            if (picture == null) {
                throw new MediaException("picture: file=" + path + "; ffmpeg found no picture in it");
            }
            return picture;
        } catch (IOException e) {
            throw WavReader.unreadable(path.toString(), e);
        }
    }
}
