package omni.media;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import omni.error.MediaException;

/**
 * A GIF (GIF87a, GIF89a): its frames are found when it is opened, and decoded one after the other on demand. As a picture it is its
 * first frame with transparency dropped, as the reference's loader has it; as a clip, frames are laid over each other on white.
 */
final class GifFile {
    private static final long LARGEST = 1L << 30;

    /** A delay of 0 or 1 hundredths means "as fast as you like"; everybody shows such frames for a tenth of a second. */
    private static final int DEFAULT_DELAY = 10;

    private static final ValueLayout.OfShort U16 = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /**
     * One frame.
     *
     * @param palette position of its colours, -1 for none
     * @param colors how many
     * @param data position of its compressed pixels
     * @param delay hundredths of a second until the next frame
     * @param disposal what becomes of it then: 2 cleared, 3 what was there before, else it stays
     * @param transparent palette index that shows what lies below, -1 for none
     */
    private record Frame(
            int x,
            int y,
            int width,
            int height,
            boolean interlaced,
            long palette,
            int colors,
            long data,
            int delay,
            int disposal,
            int transparent) {}

    private final String file;
    private final MemorySegment bytes;
    private final List<Frame> frames = new ArrayList<>();
    private int width;
    private int height;

    private GifFile(String file, MemorySegment bytes) {
        this.file = file;
        this.bytes = bytes;
    }

    /** @throws MediaException if the file is cut off within its blocks, damaged, too large or has no frame */
    static GifFile open(Path path) {
        String file = path.toString();
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            if (channel.size() > LARGEST) {
                throw new MediaException("picture: file=" + file + ", bytes=" + channel.size() + ", limit=" + LARGEST
                        + "; make it smaller or convert it to a video");
            }
            // Read, not mapped: a file that shrinks while it is mapped would end the process.
            MemorySegment bytes = Arena.ofAuto().allocate(Math.max(1, channel.size()));
            ByteBuffer buffer = bytes.asByteBuffer();
            while (buffer.hasRemaining() && channel.read(buffer) >= 0) {}
            GifFile gif = new GifFile(file, bytes.asSlice(0, buffer.position()));
            gif.parse();
            return gif;
        } catch (IOException e) {
            throw WavReader.unreadable(file, e);
        }
    }

    int width() {
        return width;
    }

    int height() {
        return height;
    }

    int frames() {
        return frames.size();
    }

    /** Frames in a second, on average. */
    double fps() {
        long hundredths = frames.stream().mapToLong(Frame::delay).sum();
        return 100.0 * frames.size() / hundredths;
    }

    private void parse() {
        width = u16(6);
        height = u16(8);
        int flags = u8(10);
        int globalColors = (flags & 0x80) != 0 ? 2 << (flags & 7) : 0;
        long at = 13 + 3L * globalColors;
        int delay = DEFAULT_DELAY;
        int disposal = 0;
        int transparent = -1;
        while (at < bytes.byteSize()) {
            int block = u8(at++);
            if (block == 0x3B) {
                break;
            }
            if (block == 0x21) {
                if (u8(at) == 0xF9 && u8(at + 1) >= 4) {
                    int packed = u8(at + 2);
                    disposal = packed >> 2 & 7;
                    delay = u16(at + 3) < 2 ? DEFAULT_DELAY : u16(at + 3);
                    transparent = (packed & 1) != 0 ? u8(at + 5) : -1;
                }
                at = skipBlocks(at + 1);
            } else if (block == 0x2C) {
                int local = u8(at + 8);
                boolean own = (local & 0x80) != 0;
                int colors = own ? 2 << (local & 7) : globalColors;
                long palette = own ? at + 9 : globalColors > 0 ? 13 : -1;
                long data = at + 9 + (own ? 3L * colors : 0);
                Frame frame = new Frame(
                        u16(at),
                        u16(at + 2),
                        u16(at + 4),
                        u16(at + 6),
                        (local & 0x40) != 0,
                        palette,
                        colors,
                        data,
                        delay,
                        disposal,
                        transparent);
                add(frame);
                at = skipBlocks(data + 1);
                delay = DEFAULT_DELAY;
                disposal = 0;
                transparent = -1;
            } else if (frames.isEmpty()) {
                throw new MediaException("picture: file=" + file + ", block=" + block + "; the GIF data are damaged");
            } else {
                // Bytes behind the last frame that nobody looks at.
                break;
            }
        }
        if (frames.isEmpty()) {
            throw new MediaException("picture: file=" + file + ", frames=0; there is nothing to see");
        }
    }

    /** A frame may be larger than the screen says; the screen grows with it. */
    private void add(Frame frame) {
        width = Math.max(width, frame.x + frame.width);
        height = Math.max(height, frame.y + frame.height);
        if ((long) width * height > PictureFile.MAX_PIXELS) {
            throw new MediaException("picture: file=" + file + ", width=" + width + ", height=" + height + ", limit="
                    + PictureFile.MAX_PIXELS + " pixels; make the picture smaller");
        }
        frames.add(frame);
    }

    private long skipBlocks(long at) {
        int length = u8(at);
        while (length > 0) {
            at += 1 + length;
            length = u8(at);
        }
        return at + 1;
    }

    /** The first frame; what it does not cover has its transparent colour, or the palette's first. */
    Picture first(Arena arena) {
        Frame frame = frames.getFirst();
        byte[] palette = palette(frame);
        int background = 3 * Math.max(0, frame.transparent);
        Picture picture = Picture.of(width, height, arena);
        byte[] row = new byte[picture.stride()];
        byte[] pixels = pixels(frame);
        for (int y = 0; y < height; y++) {
            boolean covered = y >= frame.y && y < frame.y + frame.height;
            for (int x = 0; x < width; x++) {
                boolean inside = covered && x >= frame.x && x < frame.x + frame.width;
                int color = inside ? 3 * (pixels[(y - frame.y) * frame.width + x - frame.x] & 0xFF) : background;
                System.arraycopy(palette, color, row, 3 * x, 3);
            }
            picture.setRow(y, row, 0);
        }
        return picture;
    }

    /**
     * Shows the frames with the numbers {@code wanted}.
     *
     * @param wanted ascending; a number may come several times and is shown as often
     * @return how many there were
     */
    int show(int[] wanted, FrameSink sink) {
        byte[] canvas = new byte[Math.multiplyExact(3 * width, height)];
        Arrays.fill(canvas, (byte) 255);
        byte[] before = new byte[0];
        Picture picture = Picture.of(width, height);
        int next = 0;
        for (int f = 0; f < frames.size() && next < wanted.length; f++) {
            Frame frame = frames.get(f);
            if (frame.disposal == 3) {
                before = canvas.clone();
            }
            draw(frame, canvas);
            while (next < wanted.length && wanted[next] == f) {
                MemorySegment.copy(canvas, 0, picture.rgb(), ValueLayout.JAVA_BYTE, 0, canvas.length);
                sink.frame(f, picture);
                next++;
            }
            if (frame.disposal == 2) {
                for (int y = frame.y; y < frame.y + frame.height; y++) {
                    int from = 3 * (y * width + frame.x);
                    Arrays.fill(canvas, from, from + 3 * frame.width, (byte) 255);
                }
            } else if (frame.disposal == 3) {
                canvas = before;
            }
        }
        return next;
    }

    private void draw(Frame frame, byte[] canvas) {
        byte[] palette = palette(frame);
        byte[] pixels = pixels(frame);
        for (int y = 0; y < frame.height; y++) {
            int to = 3 * ((frame.y + y) * width + frame.x);
            for (int x = 0; x < frame.width; x++, to += 3) {
                int index = pixels[y * frame.width + x] & 0xFF;
                if (index != frame.transparent) {
                    System.arraycopy(palette, 3 * index, canvas, to, 3);
                }
            }
        }
    }

    /** 256 colours; those that the file does not have are black, and a frame without any is grey. */
    private byte[] palette(Frame frame) {
        byte[] palette = new byte[3 * 256];
        if (frame.palette < 0) {
            for (int i = 0; i < palette.length; i++) {
                palette[i] = (byte) (i / 3);
            }
        } else {
            u8(frame.palette + 3L * frame.colors - 1);
            MemorySegment.copy(bytes, ValueLayout.JAVA_BYTE, frame.palette, palette, 0, 3 * frame.colors);
        }
        return palette;
    }

    private byte[] pixels(Frame frame) {
        byte[] pixels = new byte[frame.width * frame.height];
        new GifLzw(file, bytes, frame.data).decode(pixels);
        if (!frame.interlaced) {
            return pixels;
        }
        byte[] rows = new byte[pixels.length];
        int from = 0;
        int[] starts = {0, 4, 2, 1};
        int[] steps = {8, 8, 4, 2};
        for (int pass = 0; pass < 4; pass++) {
            for (int y = starts[pass]; y < frame.height; y += steps[pass], from += frame.width) {
                System.arraycopy(pixels, from, rows, y * frame.width, frame.width);
            }
        }
        return rows;
    }

    private int u8(long at) {
        if (at >= bytes.byteSize()) {
            throw new MediaException("picture: file=" + file + "; the GIF data are cut off");
        }
        return bytes.get(ValueLayout.JAVA_BYTE, at) & 0xFF;
    }

    private int u16(long at) {
        u8(at + 1);
        return bytes.get(U16, at) & 0xFFFF;
    }
}
