package omni.media;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Pixels [height, width, 3]: red, green, blue, 8 bits each, rows adjacent, the top row first. Immutable by convention.
 *
 * @param width pixels of a row
 * @param height rows
 * @param rgb {@code width * height * 3} bytes off the heap
 */
public record Picture(int width, int height, MemorySegment rgb) {
    /** @throws IllegalArgumentException if the sizes are below 1 or the memory has another size */
    public Picture {
        if (width < 1 || height < 1 || rgb.byteSize() != 3L * width * height) {
            throw new IllegalArgumentException(
                    "picture: width=" + width + ", height=" + height + ", bytes=" + rgb.byteSize());
        }
    }

    /** A black picture to be filled by its maker, freed with the last reference to it. */
    public static Picture of(int width, int height) {
        return of(width, height, Arena.ofAuto());
    }

    /** A black picture to be filled by its maker, freed with {@code arena}. */
    public static Picture of(int width, int height, Arena arena) {
        return new Picture(width, height, arena.allocate(3L * width * height, 64));
    }

    /** Bytes from one row to the next. */
    public int stride() {
        return Math.multiplyExact(3, width);
    }

    /** A value 0 .. 255: channel 0 is red, 1 green, 2 blue. */
    public int get(int x, int y, int channel) {
        return rgb.get(ValueLayout.JAVA_BYTE, (long) y * stride() + 3L * x + channel) & 0xFF;
    }

    /** Sets a row from {@code 3 * width} bytes at {@code from} of an array. */
    void setRow(int y, byte[] values, int from) {
        MemorySegment.copy(values, from, rgb, ValueLayout.JAVA_BYTE, (long) y * stride(), stride());
    }

    /** A heap copy, for tests and small pictures. */
    public byte[] toArray() {
        return rgb.toArray(ValueLayout.JAVA_BYTE);
    }
}
