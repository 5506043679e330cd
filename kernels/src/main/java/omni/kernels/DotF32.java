package omni.kernels;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static omni.kernels.Vectors.F32;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;

/** Rows of float32 weights times rows of X, in the way of {@link DotBf16} with X in its own order. */
final class DotF32 {
    private static final int L = Vectors.LANES;

    private DotF32() {}

    /** Sums of 8 rows of weights with 1 row of X: lanes of r at {@code r * LANES}. */
    static void rows8x1(MemorySegment weights, long rowBytes, int limit, float[] x, int xOffset, float[] sums) {
        MemorySegment w = Floats.offHeap(weights);
        FloatVector zero = FloatVector.zero(F32);
        FloatVector s0 = zero, s1 = zero, s2 = zero, s3 = zero;
        FloatVector s4 = zero, s5 = zero, s6 = zero, s7 = zero;
        for (int i = 0; i < limit; i += 2 * L) {
            FloatVector e = FloatVector.fromArray(F32, x, xOffset + i);
            FloatVector o = FloatVector.fromArray(F32, x, xOffset + i + L);
            long at = i * 4L;
            FloatVector a0 = FloatVector.fromMemorySegment(F32, w, at, LITTLE_ENDIAN);
            FloatVector b0 = FloatVector.fromMemorySegment(F32, w, at + 4L * L, LITTLE_ENDIAN);
            s0 = b0.fma(o, a0.fma(e, s0));
            FloatVector a1 = FloatVector.fromMemorySegment(F32, w, at + rowBytes, LITTLE_ENDIAN);
            FloatVector b1 = FloatVector.fromMemorySegment(F32, w, at + rowBytes + 4L * L, LITTLE_ENDIAN);
            s1 = b1.fma(o, a1.fma(e, s1));
            FloatVector a2 = FloatVector.fromMemorySegment(F32, w, at + 2 * rowBytes, LITTLE_ENDIAN);
            FloatVector b2 = FloatVector.fromMemorySegment(F32, w, at + 2 * rowBytes + 4L * L, LITTLE_ENDIAN);
            s2 = b2.fma(o, a2.fma(e, s2));
            FloatVector a3 = FloatVector.fromMemorySegment(F32, w, at + 3 * rowBytes, LITTLE_ENDIAN);
            FloatVector b3 = FloatVector.fromMemorySegment(F32, w, at + 3 * rowBytes + 4L * L, LITTLE_ENDIAN);
            s3 = b3.fma(o, a3.fma(e, s3));
            FloatVector a4 = FloatVector.fromMemorySegment(F32, w, at + 4 * rowBytes, LITTLE_ENDIAN);
            FloatVector b4 = FloatVector.fromMemorySegment(F32, w, at + 4 * rowBytes + 4L * L, LITTLE_ENDIAN);
            s4 = b4.fma(o, a4.fma(e, s4));
            FloatVector a5 = FloatVector.fromMemorySegment(F32, w, at + 5 * rowBytes, LITTLE_ENDIAN);
            FloatVector b5 = FloatVector.fromMemorySegment(F32, w, at + 5 * rowBytes + 4L * L, LITTLE_ENDIAN);
            s5 = b5.fma(o, a5.fma(e, s5));
            FloatVector a6 = FloatVector.fromMemorySegment(F32, w, at + 6 * rowBytes, LITTLE_ENDIAN);
            FloatVector b6 = FloatVector.fromMemorySegment(F32, w, at + 6 * rowBytes + 4L * L, LITTLE_ENDIAN);
            s6 = b6.fma(o, a6.fma(e, s6));
            FloatVector a7 = FloatVector.fromMemorySegment(F32, w, at + 7 * rowBytes, LITTLE_ENDIAN);
            FloatVector b7 = FloatVector.fromMemorySegment(F32, w, at + 7 * rowBytes + 4L * L, LITTLE_ENDIAN);
            s7 = b7.fma(o, a7.fma(e, s7));
        }
        s0.intoArray(sums, 0);
        s1.intoArray(sums, L);
        s2.intoArray(sums, 2 * L);
        s3.intoArray(sums, 3 * L);
        s4.intoArray(sums, 4 * L);
        s5.intoArray(sums, 5 * L);
        s6.intoArray(sums, 6 * L);
        s7.intoArray(sums, 7 * L);
    }

    /** Sums of 4 rows of weights with 2 rows of X: lanes of (t, r) at {@code out + (t * 8 + r) * LANES}. */
    static void rows4x2(
            MemorySegment weights,
            long rowBytes,
            int limit,
            float[] x,
            int xOffset,
            int xStride,
            float[] sums,
            int out) {
        MemorySegment w = Floats.offHeap(weights);
        FloatVector zero = FloatVector.zero(F32);
        FloatVector s00 = zero, s01 = zero;
        FloatVector s10 = zero, s11 = zero;
        FloatVector s20 = zero, s21 = zero;
        FloatVector s30 = zero, s31 = zero;
        for (int i = 0; i < limit; i += 2 * L) {
            FloatVector e0 = FloatVector.fromArray(F32, x, xOffset + i);
            FloatVector o0 = FloatVector.fromArray(F32, x, xOffset + i + L);
            FloatVector e1 = FloatVector.fromArray(F32, x, xOffset + i + xStride);
            FloatVector o1 = FloatVector.fromArray(F32, x, xOffset + i + xStride + L);
            long at = i * 4L;
            FloatVector a0 = FloatVector.fromMemorySegment(F32, w, at, LITTLE_ENDIAN);
            FloatVector b0 = FloatVector.fromMemorySegment(F32, w, at + 4L * L, LITTLE_ENDIAN);
            s00 = b0.fma(o0, a0.fma(e0, s00));
            s01 = b0.fma(o1, a0.fma(e1, s01));
            FloatVector a1 = FloatVector.fromMemorySegment(F32, w, at + rowBytes, LITTLE_ENDIAN);
            FloatVector b1 = FloatVector.fromMemorySegment(F32, w, at + rowBytes + 4L * L, LITTLE_ENDIAN);
            s10 = b1.fma(o0, a1.fma(e0, s10));
            s11 = b1.fma(o1, a1.fma(e1, s11));
            FloatVector a2 = FloatVector.fromMemorySegment(F32, w, at + 2 * rowBytes, LITTLE_ENDIAN);
            FloatVector b2 = FloatVector.fromMemorySegment(F32, w, at + 2 * rowBytes + 4L * L, LITTLE_ENDIAN);
            s20 = b2.fma(o0, a2.fma(e0, s20));
            s21 = b2.fma(o1, a2.fma(e1, s21));
            FloatVector a3 = FloatVector.fromMemorySegment(F32, w, at + 3 * rowBytes, LITTLE_ENDIAN);
            FloatVector b3 = FloatVector.fromMemorySegment(F32, w, at + 3 * rowBytes + 4L * L, LITTLE_ENDIAN);
            s30 = b3.fma(o0, a3.fma(e0, s30));
            s31 = b3.fma(o1, a3.fma(e1, s31));
        }
        s00.intoArray(sums, out);
        s10.intoArray(sums, out + L);
        s20.intoArray(sums, out + 2 * L);
        s30.intoArray(sums, out + 3 * L);
        s01.intoArray(sums, out + 8 * L);
        s11.intoArray(sums, out + 9 * L);
        s21.intoArray(sums, out + 10 * L);
        s31.intoArray(sums, out + 11 * L);
    }

    /** Sums of 2 rows of weights with 4 rows of X: lanes of (t, r) at {@code out + (t * 8 + r) * LANES}. */
    static void rows2x4(
            MemorySegment weights,
            long rowBytes,
            int limit,
            float[] x,
            int xOffset,
            int xStride,
            float[] sums,
            int out) {
        MemorySegment w = Floats.offHeap(weights);
        FloatVector zero = FloatVector.zero(F32);
        FloatVector s00 = zero, s01 = zero, s02 = zero, s03 = zero;
        FloatVector s10 = zero, s11 = zero, s12 = zero, s13 = zero;
        for (int i = 0; i < limit; i += 2 * L) {
            FloatVector e0 = FloatVector.fromArray(F32, x, xOffset + i);
            FloatVector o0 = FloatVector.fromArray(F32, x, xOffset + i + L);
            FloatVector e1 = FloatVector.fromArray(F32, x, xOffset + i + xStride);
            FloatVector o1 = FloatVector.fromArray(F32, x, xOffset + i + xStride + L);
            FloatVector e2 = FloatVector.fromArray(F32, x, xOffset + i + 2 * xStride);
            FloatVector o2 = FloatVector.fromArray(F32, x, xOffset + i + 2 * xStride + L);
            FloatVector e3 = FloatVector.fromArray(F32, x, xOffset + i + 3 * xStride);
            FloatVector o3 = FloatVector.fromArray(F32, x, xOffset + i + 3 * xStride + L);
            long at = i * 4L;
            FloatVector a0 = FloatVector.fromMemorySegment(F32, w, at, LITTLE_ENDIAN);
            FloatVector b0 = FloatVector.fromMemorySegment(F32, w, at + 4L * L, LITTLE_ENDIAN);
            s00 = b0.fma(o0, a0.fma(e0, s00));
            s01 = b0.fma(o1, a0.fma(e1, s01));
            s02 = b0.fma(o2, a0.fma(e2, s02));
            s03 = b0.fma(o3, a0.fma(e3, s03));
            FloatVector a1 = FloatVector.fromMemorySegment(F32, w, at + rowBytes, LITTLE_ENDIAN);
            FloatVector b1 = FloatVector.fromMemorySegment(F32, w, at + rowBytes + 4L * L, LITTLE_ENDIAN);
            s10 = b1.fma(o0, a1.fma(e0, s10));
            s11 = b1.fma(o1, a1.fma(e1, s11));
            s12 = b1.fma(o2, a1.fma(e2, s12));
            s13 = b1.fma(o3, a1.fma(e3, s13));
        }
        s00.intoArray(sums, out);
        s10.intoArray(sums, out + L);
        s01.intoArray(sums, out + 8 * L);
        s11.intoArray(sums, out + 9 * L);
        s02.intoArray(sums, out + 16 * L);
        s12.intoArray(sums, out + 17 * L);
        s03.intoArray(sums, out + 24 * L);
        s13.intoArray(sums, out + 25 * L);
    }
}
