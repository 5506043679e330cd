package omni.kernels;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.OR;
import static omni.kernels.Vectors.F32;
import static omni.kernels.Vectors.I32;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/**
 * Rows of binary16 weights times rows of X, in the way of {@link DotBf16}. A half in the upper 16 bits becomes a float by moving
 * exponent and fraction to their places and correcting the exponent's bias with a product by 2^112, which is exact for denormal
 * halves too. Infinity and NaN come out as numbers from 65536 on: their exponent is then filled with ones.
 */
final class DotF16 {
    private static final int L = Vectors.LANES;

    private DotF16() {}

    /** Sums of 8 rows of weights with 1 row of X: lanes of r at {@code r * LANES}. */
    static void rows8x1(MemorySegment weights, long rowBytes, int limit, float[] x, int xOffset, float[] sums) {
        MemorySegment w = Floats.offHeap(weights);
        IntVector place = IntVector.broadcast(I32, 0x8fffe000);
        IntVector exponent = IntVector.broadcast(I32, 0x7c000000);
        IntVector ones = IntVector.broadcast(I32, 0x7f800000);
        FloatVector bias = FloatVector.broadcast(F32, 0x1p112f);
        FloatVector zero = FloatVector.zero(F32);
        FloatVector s0 = zero, s1 = zero, s2 = zero, s3 = zero;
        FloatVector s4 = zero, s5 = zero, s6 = zero, s7 = zero;
        for (int i = 0; i < limit; i += 2 * L) {
            FloatVector e = FloatVector.fromArray(F32, x, xOffset + i);
            FloatVector o = FloatVector.fromArray(F32, x, xOffset + i + L);
            long at = i * 2L;
            IntVector w0 = IntVector.fromMemorySegment(I32, w, at, LITTLE_ENDIAN);
            IntVector v0 = w0.lanewise(LSHL, 16);
            FloatVector a0 =
                    v0.lanewise(ASHR, 3).and(place).reinterpretAsFloats().mul(bias);
            a0 = a0.reinterpretAsInts()
                    .lanewise(OR, ones, v0.and(exponent).eq(exponent))
                    .reinterpretAsFloats();
            FloatVector b0 =
                    w0.lanewise(ASHR, 3).and(place).reinterpretAsFloats().mul(bias);
            b0 = b0.reinterpretAsInts()
                    .lanewise(OR, ones, w0.and(exponent).eq(exponent))
                    .reinterpretAsFloats();
            s0 = b0.fma(o, a0.fma(e, s0));
            IntVector w1 = IntVector.fromMemorySegment(I32, w, at + rowBytes, LITTLE_ENDIAN);
            IntVector v1 = w1.lanewise(LSHL, 16);
            FloatVector a1 =
                    v1.lanewise(ASHR, 3).and(place).reinterpretAsFloats().mul(bias);
            a1 = a1.reinterpretAsInts()
                    .lanewise(OR, ones, v1.and(exponent).eq(exponent))
                    .reinterpretAsFloats();
            FloatVector b1 =
                    w1.lanewise(ASHR, 3).and(place).reinterpretAsFloats().mul(bias);
            b1 = b1.reinterpretAsInts()
                    .lanewise(OR, ones, w1.and(exponent).eq(exponent))
                    .reinterpretAsFloats();
            s1 = b1.fma(o, a1.fma(e, s1));
            IntVector w2 = IntVector.fromMemorySegment(I32, w, at + 2 * rowBytes, LITTLE_ENDIAN);
            IntVector v2 = w2.lanewise(LSHL, 16);
            FloatVector a2 =
                    v2.lanewise(ASHR, 3).and(place).reinterpretAsFloats().mul(bias);
            a2 = a2.reinterpretAsInts()
                    .lanewise(OR, ones, v2.and(exponent).eq(exponent))
                    .reinterpretAsFloats();
            FloatVector b2 =
                    w2.lanewise(ASHR, 3).and(place).reinterpretAsFloats().mul(bias);
            b2 = b2.reinterpretAsInts()
                    .lanewise(OR, ones, w2.and(exponent).eq(exponent))
                    .reinterpretAsFloats();
            s2 = b2.fma(o, a2.fma(e, s2));
            IntVector w3 = IntVector.fromMemorySegment(I32, w, at + 3 * rowBytes, LITTLE_ENDIAN);
            IntVector v3 = w3.lanewise(LSHL, 16);
            FloatVector a3 =
                    v3.lanewise(ASHR, 3).and(place).reinterpretAsFloats().mul(bias);
            a3 = a3.reinterpretAsInts()
                    .lanewise(OR, ones, v3.and(exponent).eq(exponent))
                    .reinterpretAsFloats();
            FloatVector b3 =
                    w3.lanewise(ASHR, 3).and(place).reinterpretAsFloats().mul(bias);
            b3 = b3.reinterpretAsInts()
                    .lanewise(OR, ones, w3.and(exponent).eq(exponent))
                    .reinterpretAsFloats();
            s3 = b3.fma(o, a3.fma(e, s3));
            IntVector w4 = IntVector.fromMemorySegment(I32, w, at + 4 * rowBytes, LITTLE_ENDIAN);
            IntVector v4 = w4.lanewise(LSHL, 16);
            FloatVector a4 =
                    v4.lanewise(ASHR, 3).and(place).reinterpretAsFloats().mul(bias);
            a4 = a4.reinterpretAsInts()
                    .lanewise(OR, ones, v4.and(exponent).eq(exponent))
                    .reinterpretAsFloats();
            FloatVector b4 =
                    w4.lanewise(ASHR, 3).and(place).reinterpretAsFloats().mul(bias);
            b4 = b4.reinterpretAsInts()
                    .lanewise(OR, ones, w4.and(exponent).eq(exponent))
                    .reinterpretAsFloats();
            s4 = b4.fma(o, a4.fma(e, s4));
            IntVector w5 = IntVector.fromMemorySegment(I32, w, at + 5 * rowBytes, LITTLE_ENDIAN);
            IntVector v5 = w5.lanewise(LSHL, 16);
            FloatVector a5 =
                    v5.lanewise(ASHR, 3).and(place).reinterpretAsFloats().mul(bias);
            a5 = a5.reinterpretAsInts()
                    .lanewise(OR, ones, v5.and(exponent).eq(exponent))
                    .reinterpretAsFloats();
            FloatVector b5 =
                    w5.lanewise(ASHR, 3).and(place).reinterpretAsFloats().mul(bias);
            b5 = b5.reinterpretAsInts()
                    .lanewise(OR, ones, w5.and(exponent).eq(exponent))
                    .reinterpretAsFloats();
            s5 = b5.fma(o, a5.fma(e, s5));
            IntVector w6 = IntVector.fromMemorySegment(I32, w, at + 6 * rowBytes, LITTLE_ENDIAN);
            IntVector v6 = w6.lanewise(LSHL, 16);
            FloatVector a6 =
                    v6.lanewise(ASHR, 3).and(place).reinterpretAsFloats().mul(bias);
            a6 = a6.reinterpretAsInts()
                    .lanewise(OR, ones, v6.and(exponent).eq(exponent))
                    .reinterpretAsFloats();
            FloatVector b6 =
                    w6.lanewise(ASHR, 3).and(place).reinterpretAsFloats().mul(bias);
            b6 = b6.reinterpretAsInts()
                    .lanewise(OR, ones, w6.and(exponent).eq(exponent))
                    .reinterpretAsFloats();
            s6 = b6.fma(o, a6.fma(e, s6));
            IntVector w7 = IntVector.fromMemorySegment(I32, w, at + 7 * rowBytes, LITTLE_ENDIAN);
            IntVector v7 = w7.lanewise(LSHL, 16);
            FloatVector a7 =
                    v7.lanewise(ASHR, 3).and(place).reinterpretAsFloats().mul(bias);
            a7 = a7.reinterpretAsInts()
                    .lanewise(OR, ones, v7.and(exponent).eq(exponent))
                    .reinterpretAsFloats();
            FloatVector b7 =
                    w7.lanewise(ASHR, 3).and(place).reinterpretAsFloats().mul(bias);
            b7 = b7.reinterpretAsInts()
                    .lanewise(OR, ones, w7.and(exponent).eq(exponent))
                    .reinterpretAsFloats();
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
        IntVector place = IntVector.broadcast(I32, 0x8fffe000);
        IntVector exponent = IntVector.broadcast(I32, 0x7c000000);
        IntVector ones = IntVector.broadcast(I32, 0x7f800000);
        FloatVector bias = FloatVector.broadcast(F32, 0x1p112f);
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
            long at = i * 2L;
            IntVector w0 = IntVector.fromMemorySegment(I32, w, at, LITTLE_ENDIAN);
            IntVector v0 = w0.lanewise(LSHL, 16);
            FloatVector a0 =
                    v0.lanewise(ASHR, 3).and(place).reinterpretAsFloats().mul(bias);
            a0 = a0.reinterpretAsInts()
                    .lanewise(OR, ones, v0.and(exponent).eq(exponent))
                    .reinterpretAsFloats();
            FloatVector b0 =
                    w0.lanewise(ASHR, 3).and(place).reinterpretAsFloats().mul(bias);
            b0 = b0.reinterpretAsInts()
                    .lanewise(OR, ones, w0.and(exponent).eq(exponent))
                    .reinterpretAsFloats();
            s00 = b0.fma(o0, a0.fma(e0, s00));
            s01 = b0.fma(o1, a0.fma(e1, s01));
            IntVector w1 = IntVector.fromMemorySegment(I32, w, at + rowBytes, LITTLE_ENDIAN);
            IntVector v1 = w1.lanewise(LSHL, 16);
            FloatVector a1 =
                    v1.lanewise(ASHR, 3).and(place).reinterpretAsFloats().mul(bias);
            a1 = a1.reinterpretAsInts()
                    .lanewise(OR, ones, v1.and(exponent).eq(exponent))
                    .reinterpretAsFloats();
            FloatVector b1 =
                    w1.lanewise(ASHR, 3).and(place).reinterpretAsFloats().mul(bias);
            b1 = b1.reinterpretAsInts()
                    .lanewise(OR, ones, w1.and(exponent).eq(exponent))
                    .reinterpretAsFloats();
            s10 = b1.fma(o0, a1.fma(e0, s10));
            s11 = b1.fma(o1, a1.fma(e1, s11));
            IntVector w2 = IntVector.fromMemorySegment(I32, w, at + 2 * rowBytes, LITTLE_ENDIAN);
            IntVector v2 = w2.lanewise(LSHL, 16);
            FloatVector a2 =
                    v2.lanewise(ASHR, 3).and(place).reinterpretAsFloats().mul(bias);
            a2 = a2.reinterpretAsInts()
                    .lanewise(OR, ones, v2.and(exponent).eq(exponent))
                    .reinterpretAsFloats();
            FloatVector b2 =
                    w2.lanewise(ASHR, 3).and(place).reinterpretAsFloats().mul(bias);
            b2 = b2.reinterpretAsInts()
                    .lanewise(OR, ones, w2.and(exponent).eq(exponent))
                    .reinterpretAsFloats();
            s20 = b2.fma(o0, a2.fma(e0, s20));
            s21 = b2.fma(o1, a2.fma(e1, s21));
            IntVector w3 = IntVector.fromMemorySegment(I32, w, at + 3 * rowBytes, LITTLE_ENDIAN);
            IntVector v3 = w3.lanewise(LSHL, 16);
            FloatVector a3 =
                    v3.lanewise(ASHR, 3).and(place).reinterpretAsFloats().mul(bias);
            a3 = a3.reinterpretAsInts()
                    .lanewise(OR, ones, v3.and(exponent).eq(exponent))
                    .reinterpretAsFloats();
            FloatVector b3 =
                    w3.lanewise(ASHR, 3).and(place).reinterpretAsFloats().mul(bias);
            b3 = b3.reinterpretAsInts()
                    .lanewise(OR, ones, w3.and(exponent).eq(exponent))
                    .reinterpretAsFloats();
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
        IntVector place = IntVector.broadcast(I32, 0x8fffe000);
        IntVector exponent = IntVector.broadcast(I32, 0x7c000000);
        IntVector ones = IntVector.broadcast(I32, 0x7f800000);
        FloatVector bias = FloatVector.broadcast(F32, 0x1p112f);
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
            long at = i * 2L;
            IntVector w0 = IntVector.fromMemorySegment(I32, w, at, LITTLE_ENDIAN);
            IntVector v0 = w0.lanewise(LSHL, 16);
            FloatVector a0 =
                    v0.lanewise(ASHR, 3).and(place).reinterpretAsFloats().mul(bias);
            a0 = a0.reinterpretAsInts()
                    .lanewise(OR, ones, v0.and(exponent).eq(exponent))
                    .reinterpretAsFloats();
            FloatVector b0 =
                    w0.lanewise(ASHR, 3).and(place).reinterpretAsFloats().mul(bias);
            b0 = b0.reinterpretAsInts()
                    .lanewise(OR, ones, w0.and(exponent).eq(exponent))
                    .reinterpretAsFloats();
            s00 = b0.fma(o0, a0.fma(e0, s00));
            s01 = b0.fma(o1, a0.fma(e1, s01));
            s02 = b0.fma(o2, a0.fma(e2, s02));
            s03 = b0.fma(o3, a0.fma(e3, s03));
            IntVector w1 = IntVector.fromMemorySegment(I32, w, at + rowBytes, LITTLE_ENDIAN);
            IntVector v1 = w1.lanewise(LSHL, 16);
            FloatVector a1 =
                    v1.lanewise(ASHR, 3).and(place).reinterpretAsFloats().mul(bias);
            a1 = a1.reinterpretAsInts()
                    .lanewise(OR, ones, v1.and(exponent).eq(exponent))
                    .reinterpretAsFloats();
            FloatVector b1 =
                    w1.lanewise(ASHR, 3).and(place).reinterpretAsFloats().mul(bias);
            b1 = b1.reinterpretAsInts()
                    .lanewise(OR, ones, w1.and(exponent).eq(exponent))
                    .reinterpretAsFloats();
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
