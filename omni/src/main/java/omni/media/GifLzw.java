package omni.media;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import omni.error.MediaException;

/** Decompresses the pixels of one GIF frame (GIF89a, appendix F): LZW with codes of up to 12 bits, in blocks of up to 255 bytes. */
final class GifLzw {
    private static final int MOST_CODES = 1 << 12;

    private final String file;
    private final MemorySegment data;
    private long position;
    private long blockEnd;
    private int bits;
    private int bitCount;

    private final short[] prefix = new short[MOST_CODES];
    private final byte[] suffix = new byte[MOST_CODES];
    private final byte[] stack = new byte[MOST_CODES + 1];

    /** @param position of the byte that says how many bits a pixel has */
    GifLzw(String file, MemorySegment data, long position) {
        this.file = file;
        this.data = data;
        this.position = position;
    }

    /**
     * Fills {@code pixels} with palette indices, in the order stored.
     *
     * @throws MediaException if the data are damaged or end too soon
     */
    void decode(byte[] pixels) {
        int pixelBits = next();
        if (pixelBits < 1 || pixelBits > 8) {
            throw damaged("pixel bits=" + pixelBits);
        }
        blockEnd = position;
        int clear = 1 << pixelBits;
        int end = clear + 1;
        int size = pixelBits + 1;
        int free = clear + 2;
        int previous = -1;
        int first = 0;
        int at = 0;
        while (at < pixels.length) {
            int code = code(size);
            if (code == clear) {
                size = pixelBits + 1;
                free = clear + 2;
                previous = -1;
                continue;
            }
            if (code == end) {
                throw damaged("pixels=" + at + ", expected=" + pixels.length);
            }
            if (code > free || (code == free && previous < 0) || (previous < 0 && code >= clear)) {
                throw damaged("code=" + code + ", known=" + free);
            }
            int depth = 0;
            int link = code;
            if (code == free) {
                // The string that is just being made: the previous one and its own first pixel.
                stack[depth++] = (byte) first;
                link = previous;
            }
            for (; link >= clear; link = prefix[link]) {
                stack[depth++] = suffix[link];
            }
            first = link;
            pixels[at++] = (byte) link;
            while (depth > 0 && at < pixels.length) {
                pixels[at++] = stack[--depth];
            }
            if (previous >= 0 && free < MOST_CODES) {
                prefix[free] = (short) previous;
                suffix[free] = (byte) first;
                free++;
                if (free == 1 << size && size < 12) {
                    size++;
                }
            }
            previous = code;
        }
    }

    private int code(int size) {
        while (bitCount < size) {
            if (position == blockEnd) {
                int length = next();
                if (length == 0) {
                    throw damaged("a frame ends too soon");
                }
                blockEnd = position + length;
            }
            bits |= next() << bitCount;
            bitCount += 8;
        }
        int code = bits & ((1 << size) - 1);
        bits >>>= size;
        bitCount -= size;
        return code;
    }

    private int next() {
        if (position >= data.byteSize()) {
            throw new MediaException("picture: file=" + file + "; the GIF data are cut off");
        }
        return data.get(ValueLayout.JAVA_BYTE, position++) & 0xFF;
    }

    private MediaException damaged(String what) {
        return new MediaException("picture: file=" + file + ", " + what + "; the GIF data are damaged");
    }
}
