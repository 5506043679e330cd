package omni.kernels;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BicubicResizeTest {
    private static final long SEED = 13;

    /** CRC-32 of the results of Pillow 13.0.0 and torchvision 0.28.0 for the picture of {@link #pattern}. */
    @ParameterizedTest
    @CsvSource({
        "9,7,4,5,4089403470,699804655",
        "9,7,18,3,1436616499,3829083083",
        "5,5,5,2,3388184878,3388184878",
        "5,4,3,4,2928874041,2928874041",
        "1,1,3,2,2022801721,2022801721",
        "64,48,17,91,2579723424,382954318",
        "100,3,28,56,3681564351,2479409668",
        "207,31,84,28,2844770276,3348251851",
    })
    void resizesAsTheReferenceDoes(int w, int h, int ow, int oh, long picture, long frame) {
        for (BicubicResizeKernel kernel : kernels()) {
            String name = kernel.getClass().getSimpleName();
            assertEquals(picture, crc(fixed(kernel, pattern(w * h * 3), w, h, 3, ow, oh)), name + ": picture");
            assertEquals(frame, crc(floats(kernel, pattern(w * h * 3), w, h, 3, ow, oh)), name + ": frame");
        }
    }

    @Test
    void vectorAgreesWithTheDefinitionForAnyWidth() {
        Random random = new Random(SEED);
        for (int columns = 1; columns <= 70; columns++) {
            for (int channels : new int[] {1, 3, 4}) {
                byte[] x = new byte[columns * 9 * channels];
                random.nextBytes(x);
                int out = 1 + random.nextInt(2 * columns);
                String what = "seed=" + SEED + ", columns=" + columns + ", channels=" + channels + ", out=" + out;
                assertArrayEquals(
                        fixed(new ScalarBicubicResize(), x, columns, 9, channels, out, 5),
                        fixed(new VectorBicubicResize(), x, columns, 9, channels, out, 5),
                        what);
                assertArrayEquals(
                        floats(new ScalarBicubicResize(), x, columns, 9, channels, out, 5),
                        floats(new VectorBicubicResize(), x, columns, 9, channels, out, 5),
                        what);
            }
        }
    }

    @Test
    void evenColourStaysItselfAndSharpEdgesAreClamped() {
        byte[] white = new byte[40 * 20 * 3];
        Arrays.fill(white, (byte) 255);
        byte[] edge = new byte[40 * 20 * 3];
        for (int i = 0; i < edge.length; i++) {
            edge[i] = (byte) (i / 3 % 40 < 20 ? 0 : 255);
        }
        for (BicubicResizeKernel kernel : kernels()) {
            for (byte value : fixed(kernel, white, 40, 20, 3, 77, 9)) {
                assertEquals(255, value & 0xff);
            }
            byte[] fixed = fixed(kernel, edge, 40, 20, 3, 80, 20);
            byte[] floats = floats(kernel, edge, 40, 20, 3, 80, 20);
            for (byte[] y : new byte[][] {fixed, floats}) {
                assertEquals(0, y[37 * 3] & 0xff, "the undershoot left of the edge");
                assertEquals(255, y[42 * 3] & 0xff, "the overshoot right of the edge");
            }
        }
    }

    @Test
    void columnsComeFirstWhereMoreThanTwiceAsManyRowsAsColumnsGo() {
        assertEquals(false, BicubicResize.verticalFirst(40, 40, 23, 6));
        assertEquals(true, BicubicResize.verticalFirst(40, 40, 23, 5));
        assertEquals(true, BicubicResize.verticalFirst(9, 7, 18, 3));
        assertEquals(false, BicubicResize.verticalFirst(9, 7, 18, 8));
    }

    @Test
    void frameRoundsHalvesToEven() {
        ResizeTaps same = ResizeTaps.floats(1, 1);
        float[] x = {0.5f, 1.5f, 2.5f, 253.5f, 254.5f, -3, 300, 255.4f, 17, 0.49f, -0.5f, 1e30f, -1e30f, 3, 4, 5, 6.5f};
        for (BicubicResizeKernel kernel : kernels()) {
            byte[] y = new byte[x.length];
            kernel.verticalFloats(MemorySegment.ofArray(x), 0, 17, same, 0, 17, MemorySegment.ofArray(y), 0);
            int[] expected = {0, 2, 2, 254, 254, 0, 255, 255, 17, 0, 0, 255, 0, 3, 4, 5, 6};
            for (int i = 0; i < x.length; i++) {
                assertEquals(expected[i], y[i] & 0xff, kernel.getClass().getSimpleName() + ": x=" + x[i]);
            }
        }
    }

    @Test
    void weightsOfEveryOutputSumToOneAndStayInside() {
        int[][] sizes = {{1, 1}, {1, 9}, {7, 3}, {100, 99}, {4000, 28}, {28, 4000}, {3, 2}, {12345, 10000}};
        for (int[] size : sizes) {
            ResizeTaps fixed = ResizeTaps.fixed(size[0], size[1]);
            ResizeTaps floats = ResizeTaps.floats(size[0], size[1]);
            for (int o = 0; o < size[1]; o++) {
                long whole = 0;
                double sum = 0;
                for (int k = 0; k < fixed.width; k++) {
                    whole += fixed.fixed[o * fixed.width + k];
                    sum += floats.floats[o * floats.width + k];
                }
                String what = Arrays.toString(size) + ", o=" + o;
                assertEquals(1 << ResizeTaps.PRECISION_BITS, (double) whole, fixed.counts[o], what);
                assertEquals(1, sum, 1e-5, what);
                assertEquals(true, fixed.starts[o] >= 0 && fixed.starts[o] + fixed.counts[o] <= size[0], what);
                assertEquals(true, floats.starts[o] >= 0 && floats.starts[o] + floats.counts[o] <= size[0], what);
                assertEquals(true, fixed.counts[o] >= 1 && fixed.counts[o] <= fixed.width, what);
            }
        }
    }

    @Test
    void shouldRefuseWrongTapsAndRangesOutsideTheirMemory() {
        MemorySegment x = Arena.ofAuto().allocate(30);
        MemorySegment y = Arena.ofAuto().allocate(30);
        ResizeTaps fixed = ResizeTaps.fixed(5, 3);
        ResizeTaps floats = ResizeTaps.floats(5, 3);
        Exception e = assertThrows(
                IllegalArgumentException.class, () -> BicubicResize.horizontal(x, 0, 15, floats, 3, y, 0, 9, 2));
        assertEquals("resize: fixed=false, channels=3", e.getMessage());
        e = assertThrows(
                IllegalArgumentException.class, () -> BicubicResize.horizontal(x, 0, 15, fixed, 3, y, 0, 9, 3));
        assertEquals(
                "resize: x: outside its memory: offset=0, stride=15, rows=3, columns=15, bytes=30", e.getMessage());
        e = assertThrows(
                IllegalArgumentException.class, () -> BicubicResize.vertical(x, 0, 6, fixed, 6, y, 13, 6, 0, 3));
        assertEquals("resize: y: outside its memory: offset=13, stride=6, rows=3, columns=6, bytes=30", e.getMessage());
        e = assertThrows(
                IllegalArgumentException.class, () -> BicubicResize.vertical(x, 0, 6, fixed, 6, y, 0, 6, 2, 4));
        assertEquals("resize: from=2, to=4, out=3, columns=6", e.getMessage());
        e = assertThrows(
                IllegalArgumentException.class, () -> BicubicResize.verticalFloats(x, 0, 6, fixed, 6, y, 0, 6, 0, 3));
        assertEquals("resize: fixed=true", e.getMessage());
        e = assertThrows(IllegalArgumentException.class, () -> ResizeTaps.fixed(0, 3));
        assertEquals("resize: in=0, out=3", e.getMessage());
    }

    private static BicubicResizeKernel[] kernels() {
        return new BicubicResizeKernel[] {new ScalarBicubicResize(), new VectorBicubicResize()};
    }

    private static byte[] fixed(BicubicResizeKernel kernel, byte[] x, int w, int h, int channels, int ow, int oh) {
        if (BicubicResize.verticalFirst(w, h, ow, oh)) {
            return horizontal(kernel, vertical(kernel, x, w, h, channels, oh), w, oh, channels, ow);
        }
        return vertical(kernel, horizontal(kernel, x, w, h, channels, ow), ow, h, channels, oh);
    }

    private static byte[] horizontal(BicubicResizeKernel kernel, byte[] x, int w, int h, int channels, int ow) {
        byte[] y = new byte[ow * h * channels];
        ResizeTaps taps = ResizeTaps.fixed(w, ow);
        for (int r = 0; r < h; r++) {
            kernel.horizontal(
                    MemorySegment.ofArray(x),
                    (long) r * w * channels,
                    taps,
                    channels,
                    MemorySegment.ofArray(y),
                    (long) r * ow * channels);
        }
        return y;
    }

    private static byte[] vertical(BicubicResizeKernel kernel, byte[] x, int w, int h, int channels, int oh) {
        int columns = w * channels;
        byte[] y = new byte[columns * oh];
        ResizeTaps taps = ResizeTaps.fixed(h, oh);
        for (int r = 0; r < oh; r++) {
            kernel.vertical(
                    MemorySegment.ofArray(x),
                    0,
                    columns,
                    taps,
                    r,
                    columns,
                    MemorySegment.ofArray(y),
                    (long) r * columns);
        }
        return y;
    }

    private static byte[] floats(BicubicResizeKernel kernel, byte[] x, int w, int h, int channels, int ow, int oh) {
        MemorySegment between = MemorySegment.ofArray(new float[ow * h * channels]);
        MemorySegment y = MemorySegment.ofArray(new byte[ow * oh * channels]);
        MemorySegment in = MemorySegment.ofArray(x);
        ResizeTaps taps = ResizeTaps.floats(w, ow);
        for (int r = 0; r < h; r++) {
            kernel.horizontalFloats(in, (long) r * w * channels, taps, channels, between, (long) r * ow * channels);
        }
        ResizeTaps rows = ResizeTaps.floats(h, oh);
        for (int r = 0; r < oh; r++) {
            int columns = ow * channels;
            kernel.verticalFloats(between, 0, columns, rows, r, columns, y, (long) r * columns);
        }
        return y.toArray(java.lang.foreign.ValueLayout.JAVA_BYTE);
    }

    private static byte[] pattern(int n) {
        byte[] x = new byte[n];
        for (int i = 0; i < n; i++) {
            x[i] = (byte) (i * i * 31 + i * 17 + (i >> 3) * 5);
        }
        return x;
    }

    private static long crc(byte[] x) {
        CRC32 crc = new CRC32();
        crc.update(x);
        return crc.getValue();
    }
}
