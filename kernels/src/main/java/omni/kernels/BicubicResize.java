package omni.kernels;

import java.lang.foreign.MemorySegment;

/**
 * Antialiased bicubic resizing of pixels of 8 bits, one axis after the other, in the two roundings of the reference.
 *
 * <p>Pictures: {@link #horizontal} and {@link #vertical} with {@link ResizeTaps#fixed}; both passes round half up and clamp to 8 bits,
 * so results are exact: y = clamp((sum over k of w[k] x[k] + 1/2) rounded down). Pillow, {@code Resample.c}.
 *
 * <p>Frames of video files: {@link #horizontalFloats} and {@link #verticalFloats} with {@link ResizeTaps#floats}, in this order; float32
 * between the passes, one clamp and one rounding half to even at the end. PyTorch, {@code UpSampleKernel.cpp}.
 *
 * <p>Pixels are bytes 0 .. 255; offsets and strides of pixels are counted in bytes, those of floats in floats. Operands must not
 * overlap.
 */
public final class BicubicResize {
    private static final BicubicResizeKernel KERNEL =
            KernelProvider.vector() ? new VectorBicubicResize() : new ScalarBicubicResize();

    private BicubicResize() {}

    /**
     * Whether the reference does the vertical pass of a picture first: where that takes away more than twice as many rows as the other
     * takes columns (found by trying Pillow 13.0.0; older releases always start with the horizontal pass, with at most one level of
     * difference).
     */
    public static boolean verticalFirst(int width, int height, int toWidth, int toHeight) {
        return toHeight < height && 2L * (width - toWidth) < height - toHeight;
    }

    /**
     * Rows [rows, in, C] to [rows, out, C].
     *
     * @param x pixels; row r starts at {@code xOffset + r * xStride}
     * @param taps fixed-point taps in -> out
     * @param channels C, interleaved
     * @param y pixels
     * @param rows number of rows
     * @throws IllegalArgumentException if the taps are of float32 or a range does not lie in its segment
     */
    public static void horizontal(
            MemorySegment x,
            long xOffset,
            int xStride,
            ResizeTaps taps,
            int channels,
            MemorySegment y,
            long yOffset,
            int yStride,
            int rows) {
        Floats.require(taps.isFixed() && channels > 0, "resize: fixed=" + taps.isFixed() + ", channels=" + channels);
        checkBytes("resize: x", x, xOffset, xStride, rows, (long) taps.in() * channels);
        checkBytes("resize: y", y, yOffset, yStride, rows, (long) taps.out() * channels);
        for (int r = 0; r < rows; r++) {
            KERNEL.horizontal(x, xOffset + (long) r * xStride, taps, channels, y, yOffset + (long) r * yStride);
        }
    }

    /**
     * Rows {@code from} (inclusive) to {@code to} (exclusive) of [out, columns], from [in, columns].
     *
     * @param x pixels; row 0 starts at {@code xOffset}
     * @param taps fixed-point taps in -> out
     * @param columns bytes of a row: width times channels
     * @param y pixels; row 0 starts at {@code yOffset}, whatever {@code from} is
     * @throws IllegalArgumentException if the taps are of float32 or a range does not lie in its segment
     */
    public static void vertical(
            MemorySegment x,
            long xOffset,
            int xStride,
            ResizeTaps taps,
            int columns,
            MemorySegment y,
            long yOffset,
            int yStride,
            int from,
            int to) {
        Floats.require(taps.isFixed(), "resize: fixed=" + taps.isFixed());
        checkRange(taps, columns, from, to);
        checkBytes("resize: x", x, xOffset, xStride, taps.in(), columns);
        checkBytes("resize: y", y, yOffset, yStride, taps.out(), columns);
        for (int o = from; o < to; o++) {
            KERNEL.vertical(x, xOffset, xStride, taps, o, columns, y, yOffset + (long) o * yStride);
        }
    }

    /**
     * Rows of pixels [rows, in, C] to rows of floats [rows, out, C].
     *
     * @param x pixels; row r starts at byte {@code xOffset + r * xStride}
     * @param taps taps of float32 in -> out
     * @param channels C, interleaved
     * @param y floats; row r starts at float {@code yOffset + r * yStride}
     * @param rows number of rows
     * @throws IllegalArgumentException if the taps are fixed-point or a range does not lie in its segment
     */
    public static void horizontalFloats(
            MemorySegment x,
            long xOffset,
            int xStride,
            ResizeTaps taps,
            int channels,
            MemorySegment y,
            long yOffset,
            int yStride,
            int rows) {
        Floats.require(!taps.isFixed() && channels > 0, "resize: fixed=" + taps.isFixed() + ", channels=" + channels);
        checkBytes("resize: x", x, xOffset, xStride, rows, (long) taps.in() * channels);
        Floats.checkRows("resize: y", y, yOffset, yStride, rows, Math.multiplyExact(taps.out(), channels));
        for (int r = 0; r < rows; r++) {
            KERNEL.horizontalFloats(x, xOffset + (long) r * xStride, taps, channels, y, yOffset + (long) r * yStride);
        }
    }

    /**
     * Rows {@code from} (inclusive) to {@code to} (exclusive) of pixels [out, columns], from floats [in, columns].
     *
     * @param x floats; row 0 starts at float {@code xOffset}
     * @param taps taps of float32 in -> out
     * @param columns values of a row: width times channels
     * @param y pixels; row 0 starts at byte {@code yOffset}, whatever {@code from} is
     * @throws IllegalArgumentException if the taps are fixed-point or a range does not lie in its segment
     */
    public static void verticalFloats(
            MemorySegment x,
            long xOffset,
            int xStride,
            ResizeTaps taps,
            int columns,
            MemorySegment y,
            long yOffset,
            int yStride,
            int from,
            int to) {
        Floats.require(!taps.isFixed(), "resize: fixed=" + taps.isFixed());
        checkRange(taps, columns, from, to);
        Floats.checkRows("resize: x", x, xOffset, xStride, taps.in(), columns);
        checkBytes("resize: y", y, yOffset, yStride, taps.out(), columns);
        for (int o = from; o < to; o++) {
            KERNEL.verticalFloats(x, xOffset, xStride, taps, o, columns, y, yOffset + (long) o * yStride);
        }
    }

    private static void checkRange(ResizeTaps taps, int columns, int from, int to) {
        Floats.require(
                0 <= from && from <= to && to <= taps.out() && columns >= 0,
                "resize: from=" + from + ", to=" + to + ", out=" + taps.out() + ", columns=" + columns);
    }

    private static void checkBytes(String what, MemorySegment x, long offset, int stride, int rows, long columns) {
        Floats.checkOffHeap(what, x);
        long bytes = x.byteSize();
        boolean inside = offset >= 0
                && rows >= 0
                && (rows <= 1 || stride >= columns)
                && (rows == 0 || (offset <= bytes && (rows - 1L) * stride + columns <= bytes - offset));
        Floats.require(
                inside,
                what + ": outside its memory: offset=" + offset + ", stride=" + stride + ", rows=" + rows + ", columns="
                        + columns + ", bytes=" + bytes);
    }
}
