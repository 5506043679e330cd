package omni.kernels;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/** Vertical passes go along the row, one weight for a whole vector; horizontal passes are scalar sums over few taps. */
final class VectorBicubicResize implements BicubicResizeKernel {
    private static final VectorSpecies<Float> F32 = Vectors.F32;
    private static final VectorSpecies<Integer> I32 = Vectors.I32;
    private static final int LANES = Vectors.LANES;

    /** Bytes for one vector of ints, but no fewer than the narrowest vector of bytes has: 128-bit ints take two parts of it. */
    private static final VectorSpecies<Byte> BYTES =
            VectorSpecies.of(byte.class, VectorShape.forBitSize(Math.max(64, Vectors.BITS / 4)));

    private static final int CHUNK = BYTES.length();
    private static final boolean TWO_PARTS = CHUNK == 2 * LANES;
    private static final int HALF = 1 << (ResizeTaps.PRECISION_BITS - 1);

    private final ScalarBicubicResize scalar = new ScalarBicubicResize();

    @Override
    public void horizontal(
            MemorySegment x, long xOffset, ResizeTaps taps, int channels, MemorySegment y, long yOffset) {
        if (channels != 3) {
            scalar.horizontal(x, xOffset, taps, channels, y, yOffset);
            return;
        }
        byte[] in = new byte[taps.in() * 3];
        byte[] out = new byte[taps.out() * 3];
        MemorySegment.copy(x, JAVA_BYTE, xOffset, in, 0, in.length);
        for (int o = 0; o < taps.out(); o++) {
            int r = HALF;
            int g = HALF;
            int b = HALF;
            int weight = o * taps.width;
            int end = weight + taps.counts[o];
            for (int at = taps.starts[o] * 3; weight < end; weight++, at += 3) {
                int w = taps.fixed[weight];
                r += w * (in[at] & 0xff);
                g += w * (in[at + 1] & 0xff);
                b += w * (in[at + 2] & 0xff);
            }
            out[o * 3] = clamp(r >> ResizeTaps.PRECISION_BITS);
            out[o * 3 + 1] = clamp(g >> ResizeTaps.PRECISION_BITS);
            out[o * 3 + 2] = clamp(b >> ResizeTaps.PRECISION_BITS);
        }
        MemorySegment.copy(out, 0, y, JAVA_BYTE, yOffset, out.length);
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
        int count = taps.counts[row];
        int weights = row * taps.width;
        long top = xOffset + (long) taps.starts[row] * xStride;
        int c = 0;
        for (; c <= columns - CHUNK; c += CHUNK) {
            IntVector s0 = IntVector.broadcast(I32, HALF);
            IntVector s1 = s0;
            for (int k = 0; k < count; k++) {
                ByteVector pixels =
                        ByteVector.fromMemorySegment(BYTES, x, top + (long) k * xStride + c, ByteOrder.LITTLE_ENDIAN);
                int w = taps.fixed[weights + k];
                s0 = s0.add(widen(pixels, 0).mul(w));
                if (TWO_PARTS) {
                    s1 = s1.add(widen(pixels, 1).mul(w));
                }
            }
            store(shifted(s0), shifted(s1), y, yOffset + c);
        }
        for (; c < columns; c++) {
            int sum = HALF;
            for (int k = 0; k < count; k++) {
                sum += taps.fixed[weights + k] * (x.get(JAVA_BYTE, top + (long) k * xStride + c) & 0xff);
            }
            y.set(JAVA_BYTE, yOffset + c, clamp(sum >> ResizeTaps.PRECISION_BITS));
        }
    }

    @Override
    public void horizontalFloats(
            MemorySegment x, long xOffset, ResizeTaps taps, int channels, MemorySegment y, long yOffset) {
        if (channels != 3) {
            scalar.horizontalFloats(x, xOffset, taps, channels, y, yOffset);
            return;
        }
        byte[] in = new byte[taps.in() * 3];
        float[] out = new float[taps.out() * 3];
        MemorySegment.copy(x, JAVA_BYTE, xOffset, in, 0, in.length);
        for (int o = 0; o < taps.out(); o++) {
            float r = 0;
            float g = 0;
            float b = 0;
            int weight = o * taps.width;
            int end = weight + taps.counts[o];
            for (int at = taps.starts[o] * 3; weight < end; weight++, at += 3) {
                float w = taps.floats[weight];
                r = Math.fma(w, in[at] & 0xff, r);
                g = Math.fma(w, in[at + 1] & 0xff, g);
                b = Math.fma(w, in[at + 2] & 0xff, b);
            }
            out[o * 3] = r;
            out[o * 3 + 1] = g;
            out[o * 3 + 2] = b;
        }
        MemorySegment.copy(out, 0, y, Floats.LAYOUT, yOffset * Float.BYTES, out.length);
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
        int count = taps.counts[row];
        int weights = row * taps.width;
        long top = xOffset + (long) taps.starts[row] * xStride;
        int c = 0;
        for (; c <= columns - CHUNK; c += CHUNK) {
            FloatVector s0 = FloatVector.zero(F32);
            FloatVector s1 = s0;
            for (int k = 0; k < count; k++) {
                long at = top + (long) k * xStride + c;
                FloatVector w = FloatVector.broadcast(F32, taps.floats[weights + k]);
                s0 = load(x, at).fma(w, s0);
                if (TWO_PARTS) {
                    s1 = load(x, at + LANES).fma(w, s1);
                }
            }
            store(rounded(s0), rounded(s1), y, yOffset + c);
        }
        for (; c < columns; c++) {
            float sum = 0;
            for (int k = 0; k < count; k++) {
                sum = Math.fma(taps.floats[weights + k], Floats.get(x, top + (long) k * xStride + c), sum);
            }
            y.set(JAVA_BYTE, yOffset + c, clamp((int) Math.rint(sum)));
        }
    }

    private static FloatVector load(MemorySegment x, long index) {
        return FloatVector.fromMemorySegment(F32, x, index * Float.BYTES, ByteOrder.LITTLE_ENDIAN);
    }

    private static IntVector widen(ByteVector pixels, int part) {
        return (IntVector) pixels.convertShape(VectorOperators.ZERO_EXTEND_B2I, I32, part);
    }

    private static IntVector shifted(IntVector sum) {
        return sum.lanewise(VectorOperators.ASHR, ResizeTaps.PRECISION_BITS);
    }

    /** Half to even: adding and taking away 1.5 * 2^23 leaves no bits behind the point, and the hardware rounds to even. */
    private static IntVector rounded(FloatVector sum) {
        float magic = 0x1.8p23f;
        FloatVector whole = sum.min(256f).max(-1f).add(magic).sub(magic);
        return (IntVector) whole.convertShape(VectorOperators.F2I, I32, 0);
    }

    private static void store(IntVector v0, IntVector v1, MemorySegment y, long offset) {
        ByteVector bytes = narrow(v0, 0);
        if (TWO_PARTS) {
            bytes = bytes.or(narrow(v1, -1));
        }
        bytes.intoMemorySegment(y, offset, ByteOrder.LITTLE_ENDIAN);
    }

    private static ByteVector narrow(IntVector v, int part) {
        return (ByteVector) v.max(0).min(255).convertShape(VectorOperators.I2B, BYTES, part);
    }

    private static byte clamp(int value) {
        return (byte) Math.clamp(value, 0, 255);
    }
}
