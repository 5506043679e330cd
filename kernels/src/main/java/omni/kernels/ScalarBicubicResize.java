package omni.kernels;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;

/** The definition. */
final class ScalarBicubicResize implements BicubicResizeKernel {
    private static final int HALF = 1 << (ResizeTaps.PRECISION_BITS - 1);

    @Override
    public void horizontal(
            MemorySegment x, long xOffset, ResizeTaps taps, int channels, MemorySegment y, long yOffset) {
        for (int o = 0; o < taps.out(); o++) {
            for (int c = 0; c < channels; c++) {
                int sum = HALF;
                for (int k = 0; k < taps.counts[o]; k++) {
                    sum += taps.fixed[o * taps.width + k]
                            * pixel(x, xOffset + (long) (taps.starts[o] + k) * channels + c);
                }
                y.set(JAVA_BYTE, yOffset + (long) o * channels + c, clamp(sum >> ResizeTaps.PRECISION_BITS));
            }
        }
    }

    @Override
    public void vertical(
            MemorySegment x,
            long xOffset,
            int xStride,
            ResizeTaps taps,
            int row,
            int columns,
            MemorySegment y,
            long yOffset) {
        for (int c = 0; c < columns; c++) {
            int sum = HALF;
            for (int k = 0; k < taps.counts[row]; k++) {
                sum += taps.fixed[row * taps.width + k]
                        * pixel(x, xOffset + (long) (taps.starts[row] + k) * xStride + c);
            }
            y.set(JAVA_BYTE, yOffset + c, clamp(sum >> ResizeTaps.PRECISION_BITS));
        }
    }

    @Override
    public void horizontalFloats(
            MemorySegment x, long xOffset, ResizeTaps taps, int channels, MemorySegment y, long yOffset) {
        for (int o = 0; o < taps.out(); o++) {
            for (int c = 0; c < channels; c++) {
                float sum = 0;
                for (int k = 0; k < taps.counts[o]; k++) {
                    sum = Math.fma(
                            taps.floats[o * taps.width + k],
                            pixel(x, xOffset + (long) (taps.starts[o] + k) * channels + c),
                            sum);
                }
                Floats.set(y, yOffset + (long) o * channels + c, sum);
            }
        }
    }

    @Override
    public void verticalFloats(
            MemorySegment x,
            long xOffset,
            int xStride,
            ResizeTaps taps,
            int row,
            int columns,
            MemorySegment y,
            long yOffset) {
        for (int c = 0; c < columns; c++) {
            float sum = 0;
            for (int k = 0; k < taps.counts[row]; k++) {
                sum = Math.fma(
                        taps.floats[row * taps.width + k],
                        Floats.get(x, xOffset + (long) (taps.starts[row] + k) * xStride + c),
                        sum);
            }
            y.set(JAVA_BYTE, yOffset + c, clamp((int) Math.rint(sum)));
        }
    }

    private static int pixel(MemorySegment x, long index) {
        return x.get(JAVA_BYTE, index) & 0xff;
    }

    private static byte clamp(int value) {
        return (byte) Math.clamp(value, 0, 255);
    }
}
