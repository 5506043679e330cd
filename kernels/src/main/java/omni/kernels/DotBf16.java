package omni.kernels;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static omni.kernels.Vectors.F32;
import static omni.kernels.Vectors.I32;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/**
 * Rows of bfloat16 weights times rows of X. A 32-bit load holds two weights: the even one moved up and the odd one masked are
 * floats already, so X is packed with the even elements of {@code 2 * LANES} before the odd ones and no shuffle is needed.
 *
 * <p>Each sum is one chain of multiply-adds over a lane, whatever the tile, so that a row of a batch has the bits of the row alone.
 * Eight chains cover the latency of the multiply-add (4 cycles, 2 a cycle); eight rows at a time are eight streams for the
 * hardware prefetcher, which starts anew at every page of 4 KiB: four rows of 2048 weights reach 80 % of what eight do.
 *
 * <p>Written without helper methods: C2 stops inlining them when a method has grown this large, and then boxes the vectors.
 */
final class DotBf16 {
    private static final int L = Vectors.LANES;

    private DotBf16() {}

    /** Sums of 8 rows of weights with 1 row of X: lanes of r at {@code r * LANES}. */
    static void rows8x1(MemorySegment weights, long rowBytes, int limit, float[] x, int xOffset, float[] sums) {
        MemorySegment w = Floats.offHeap(weights);
        IntVector upper = IntVector.broadcast(I32, 0xffff0000);
        FloatVector zero = FloatVector.zero(F32);
        FloatVector s0 = zero, s1 = zero, s2 = zero, s3 = zero;
        FloatVector s4 = zero, s5 = zero, s6 = zero, s7 = zero;
        for (int i = 0; i < limit; i += 2 * L) {
            FloatVector e = FloatVector.fromArray(F32, x, xOffset + i);
            FloatVector o = FloatVector.fromArray(F32, x, xOffset + i + L);
            long at = i * 2L;
            IntVector w0 = IntVector.fromMemorySegment(I32, w, at, LITTLE_ENDIAN);
            FloatVector a0 = w0.lanewise(LSHL, 16).reinterpretAsFloats();
            FloatVector b0 = w0.and(upper).reinterpretAsFloats();
            s0 = b0.fma(o, a0.fma(e, s0));
            IntVector w1 = IntVector.fromMemorySegment(I32, w, at + rowBytes, LITTLE_ENDIAN);
            FloatVector a1 = w1.lanewise(LSHL, 16).reinterpretAsFloats();
            FloatVector b1 = w1.and(upper).reinterpretAsFloats();
            s1 = b1.fma(o, a1.fma(e, s1));
            // Never true. It ends a basic block, over whose end C2 moves no load: it would load all rows
            // first, and keep most sums on the stack.
            if (i == x.length) {
                break;
            }
            IntVector w2 = IntVector.fromMemorySegment(I32, w, at + 2 * rowBytes, LITTLE_ENDIAN);
            FloatVector a2 = w2.lanewise(LSHL, 16).reinterpretAsFloats();
            FloatVector b2 = w2.and(upper).reinterpretAsFloats();
            s2 = b2.fma(o, a2.fma(e, s2));
            IntVector w3 = IntVector.fromMemorySegment(I32, w, at + 3 * rowBytes, LITTLE_ENDIAN);
            FloatVector a3 = w3.lanewise(LSHL, 16).reinterpretAsFloats();
            FloatVector b3 = w3.and(upper).reinterpretAsFloats();
            s3 = b3.fma(o, a3.fma(e, s3));
            IntVector w4 = IntVector.fromMemorySegment(I32, w, at + 4 * rowBytes, LITTLE_ENDIAN);
            FloatVector a4 = w4.lanewise(LSHL, 16).reinterpretAsFloats();
            FloatVector b4 = w4.and(upper).reinterpretAsFloats();
            s4 = b4.fma(o, a4.fma(e, s4));
            IntVector w5 = IntVector.fromMemorySegment(I32, w, at + 5 * rowBytes, LITTLE_ENDIAN);
            FloatVector a5 = w5.lanewise(LSHL, 16).reinterpretAsFloats();
            FloatVector b5 = w5.and(upper).reinterpretAsFloats();
            s5 = b5.fma(o, a5.fma(e, s5));
            IntVector w6 = IntVector.fromMemorySegment(I32, w, at + 6 * rowBytes, LITTLE_ENDIAN);
            FloatVector a6 = w6.lanewise(LSHL, 16).reinterpretAsFloats();
            FloatVector b6 = w6.and(upper).reinterpretAsFloats();
            s6 = b6.fma(o, a6.fma(e, s6));
            IntVector w7 = IntVector.fromMemorySegment(I32, w, at + 7 * rowBytes, LITTLE_ENDIAN);
            FloatVector a7 = w7.lanewise(LSHL, 16).reinterpretAsFloats();
            FloatVector b7 = w7.and(upper).reinterpretAsFloats();
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
        IntVector upper = IntVector.broadcast(I32, 0xffff0000);
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
            FloatVector a0 = w0.lanewise(LSHL, 16).reinterpretAsFloats();
            FloatVector b0 = w0.and(upper).reinterpretAsFloats();
            s00 = b0.fma(o0, a0.fma(e0, s00));
            s01 = b0.fma(o1, a0.fma(e1, s01));
            IntVector w1 = IntVector.fromMemorySegment(I32, w, at + rowBytes, LITTLE_ENDIAN);
            FloatVector a1 = w1.lanewise(LSHL, 16).reinterpretAsFloats();
            FloatVector b1 = w1.and(upper).reinterpretAsFloats();
            s10 = b1.fma(o0, a1.fma(e0, s10));
            s11 = b1.fma(o1, a1.fma(e1, s11));
            IntVector w2 = IntVector.fromMemorySegment(I32, w, at + 2 * rowBytes, LITTLE_ENDIAN);
            FloatVector a2 = w2.lanewise(LSHL, 16).reinterpretAsFloats();
            FloatVector b2 = w2.and(upper).reinterpretAsFloats();
            s20 = b2.fma(o0, a2.fma(e0, s20));
            s21 = b2.fma(o1, a2.fma(e1, s21));
            IntVector w3 = IntVector.fromMemorySegment(I32, w, at + 3 * rowBytes, LITTLE_ENDIAN);
            FloatVector a3 = w3.lanewise(LSHL, 16).reinterpretAsFloats();
            FloatVector b3 = w3.and(upper).reinterpretAsFloats();
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
        IntVector upper = IntVector.broadcast(I32, 0xffff0000);
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
            FloatVector a0 = w0.lanewise(LSHL, 16).reinterpretAsFloats();
            FloatVector b0 = w0.and(upper).reinterpretAsFloats();
            s00 = b0.fma(o0, a0.fma(e0, s00));
            s01 = b0.fma(o1, a0.fma(e1, s01));
            s02 = b0.fma(o2, a0.fma(e2, s02));
            s03 = b0.fma(o3, a0.fma(e3, s03));
            IntVector w1 = IntVector.fromMemorySegment(I32, w, at + rowBytes, LITTLE_ENDIAN);
            FloatVector a1 = w1.lanewise(LSHL, 16).reinterpretAsFloats();
            FloatVector b1 = w1.and(upper).reinterpretAsFloats();
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
