package omni.kernels;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.XOR;
import static omni.kernels.Vectors.F32;
import static omni.kernels.Vectors.I32;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/**
 * Rows of {@link CompactWeights}: 23 instructions make floats of 64 weights (8 lanes). X is packed as for {@link DotBf16}, times
 * {@link CompactWeights#INPUT_SCALE}, and a row's sum takes its inputs in the same order.
 *
 * <p>Written without helper methods: C2 stops inlining them when a method has grown this large, and then boxes the vectors.
 */
final class DotCompact {
    private static final int L = Vectors.LANES;

    private DotCompact() {}

    /**
     * Sums of the rows of some panels with 1 row of X, before the scale of each row and without its listed weights: lanes of row r at
     * {@code r * LANES}. One loop over all inputs of all panels: C2 puts hundreds of instructions before a loop over a segment, which
     * a panel of 900 inputs alone does not make good.
     *
     * @param data weights of the first panel in the first stream, and all that follow
     * @param far bytes from one stream to the next
     */
    static void rows8x1(MemorySegment data, long far, int panels, int inputs, float[] x, int xOffset, float[] sums) {
        MemorySegment w = Floats.offHeap(data);
        IntVector mask = IntVector.broadcast(I32, CompactWeights.MASK);
        FloatVector s0 = FloatVector.zero(F32), s1 = FloatVector.zero(F32);
        FloatVector s2 = FloatVector.zero(F32), s3 = FloatVector.zero(F32);
        FloatVector s4 = FloatVector.zero(F32), s5 = FloatVector.zero(F32);
        FloatVector s6 = FloatVector.zero(F32), s7 = FloatVector.zero(F32);
        int k = xOffset;
        int last = xOffset + inputs;
        int out = 0;
        for (int i = 0; i < panels * inputs; i += CompactWeights.STREAMS * L) {
            long at = i * (12L / CompactWeights.STREAMS);
            FloatVector x0 = FloatVector.fromArray(F32, x, k);
            IntVector a0 = IntVector.fromMemorySegment(I32, w, at, LITTLE_ENDIAN);
            s0 = a0.lanewise(ASHR, 4).and(mask).reinterpretAsFloats().fma(x0, s0);
            s1 = a0.lanewise(LSHL, 12)
                    .lanewise(ASHR, 4)
                    .and(mask)
                    .reinterpretAsFloats()
                    .fma(x0, s1);
            IntVector a2 = IntVector.fromMemorySegment(I32, w, at + 8L * L, LITTLE_ENDIAN);
            s2 = a0.lanewise(LSHL, 24)
                    .lanewise(ASHR, 4)
                    .lanewise(XOR, a2)
                    .and(mask)
                    .reinterpretAsFloats()
                    .fma(x0, s2);
            IntVector a1 = IntVector.fromMemorySegment(I32, w, at + 4L * L, LITTLE_ENDIAN);
            s3 = a1.lanewise(ASHR, 4).and(mask).reinterpretAsFloats().fma(x0, s3);
            s4 = a1.lanewise(LSHL, 12)
                    .lanewise(ASHR, 4)
                    .and(mask)
                    .reinterpretAsFloats()
                    .fma(x0, s4);
            s6 = a2.lanewise(ASHR, 4).and(mask).reinterpretAsFloats().fma(x0, s6);
            IntVector a3 = a2.lanewise(LSHL, 16);
            s7 = a3.lanewise(ASHR, 4).and(mask).reinterpretAsFloats().fma(x0, s7);
            s5 = a1.lanewise(LSHL, 24)
                    .lanewise(ASHR, 4)
                    .lanewise(XOR, a3)
                    .and(mask)
                    .reinterpretAsFloats()
                    .fma(x0, s5);
            // Never true: each of these ends a basic block, as in DotBf16, and needs a condition of its own.
            if (k == x.length) {
                break;
            }
            FloatVector x1 = FloatVector.fromArray(F32, x, k + L);
            IntVector b0 = IntVector.fromMemorySegment(I32, w, at + far, LITTLE_ENDIAN);
            s0 = b0.lanewise(ASHR, 4).and(mask).reinterpretAsFloats().fma(x1, s0);
            s1 = b0.lanewise(LSHL, 12)
                    .lanewise(ASHR, 4)
                    .and(mask)
                    .reinterpretAsFloats()
                    .fma(x1, s1);
            IntVector b2 = IntVector.fromMemorySegment(I32, w, at + far + 8L * L, LITTLE_ENDIAN);
            s2 = b0.lanewise(LSHL, 24)
                    .lanewise(ASHR, 4)
                    .lanewise(XOR, b2)
                    .and(mask)
                    .reinterpretAsFloats()
                    .fma(x1, s2);
            IntVector b1 = IntVector.fromMemorySegment(I32, w, at + far + 4L * L, LITTLE_ENDIAN);
            s3 = b1.lanewise(ASHR, 4).and(mask).reinterpretAsFloats().fma(x1, s3);
            s4 = b1.lanewise(LSHL, 12)
                    .lanewise(ASHR, 4)
                    .and(mask)
                    .reinterpretAsFloats()
                    .fma(x1, s4);
            s6 = b2.lanewise(ASHR, 4).and(mask).reinterpretAsFloats().fma(x1, s6);
            IntVector b3 = b2.lanewise(LSHL, 16);
            s7 = b3.lanewise(ASHR, 4).and(mask).reinterpretAsFloats().fma(x1, s7);
            s5 = b1.lanewise(LSHL, 24)
                    .lanewise(ASHR, 4)
                    .lanewise(XOR, b3)
                    .and(mask)
                    .reinterpretAsFloats()
                    .fma(x1, s5);
            if (k == x.length + 1) {
                break;
            }
            FloatVector x2 = FloatVector.fromArray(F32, x, k + 2 * L);
            IntVector c0 = IntVector.fromMemorySegment(I32, w, at + 2 * far, LITTLE_ENDIAN);
            s0 = c0.lanewise(ASHR, 4).and(mask).reinterpretAsFloats().fma(x2, s0);
            s1 = c0.lanewise(LSHL, 12)
                    .lanewise(ASHR, 4)
                    .and(mask)
                    .reinterpretAsFloats()
                    .fma(x2, s1);
            IntVector c2 = IntVector.fromMemorySegment(I32, w, at + 2 * far + 8L * L, LITTLE_ENDIAN);
            s2 = c0.lanewise(LSHL, 24)
                    .lanewise(ASHR, 4)
                    .lanewise(XOR, c2)
                    .and(mask)
                    .reinterpretAsFloats()
                    .fma(x2, s2);
            IntVector c1 = IntVector.fromMemorySegment(I32, w, at + 2 * far + 4L * L, LITTLE_ENDIAN);
            s3 = c1.lanewise(ASHR, 4).and(mask).reinterpretAsFloats().fma(x2, s3);
            s4 = c1.lanewise(LSHL, 12)
                    .lanewise(ASHR, 4)
                    .and(mask)
                    .reinterpretAsFloats()
                    .fma(x2, s4);
            s6 = c2.lanewise(ASHR, 4).and(mask).reinterpretAsFloats().fma(x2, s6);
            IntVector c3 = c2.lanewise(LSHL, 16);
            s7 = c3.lanewise(ASHR, 4).and(mask).reinterpretAsFloats().fma(x2, s7);
            s5 = c1.lanewise(LSHL, 24)
                    .lanewise(ASHR, 4)
                    .lanewise(XOR, c3)
                    .and(mask)
                    .reinterpretAsFloats()
                    .fma(x2, s5);
            if (k == x.length + 2) {
                break;
            }
            FloatVector x3 = FloatVector.fromArray(F32, x, k + 3 * L);
            IntVector d0 = IntVector.fromMemorySegment(I32, w, at + 3 * far, LITTLE_ENDIAN);
            s0 = d0.lanewise(ASHR, 4).and(mask).reinterpretAsFloats().fma(x3, s0);
            s1 = d0.lanewise(LSHL, 12)
                    .lanewise(ASHR, 4)
                    .and(mask)
                    .reinterpretAsFloats()
                    .fma(x3, s1);
            IntVector d2 = IntVector.fromMemorySegment(I32, w, at + 3 * far + 8L * L, LITTLE_ENDIAN);
            s2 = d0.lanewise(LSHL, 24)
                    .lanewise(ASHR, 4)
                    .lanewise(XOR, d2)
                    .and(mask)
                    .reinterpretAsFloats()
                    .fma(x3, s2);
            IntVector d1 = IntVector.fromMemorySegment(I32, w, at + 3 * far + 4L * L, LITTLE_ENDIAN);
            s3 = d1.lanewise(ASHR, 4).and(mask).reinterpretAsFloats().fma(x3, s3);
            s4 = d1.lanewise(LSHL, 12)
                    .lanewise(ASHR, 4)
                    .and(mask)
                    .reinterpretAsFloats()
                    .fma(x3, s4);
            s6 = d2.lanewise(ASHR, 4).and(mask).reinterpretAsFloats().fma(x3, s6);
            IntVector d3 = d2.lanewise(LSHL, 16);
            s7 = d3.lanewise(ASHR, 4).and(mask).reinterpretAsFloats().fma(x3, s7);
            s5 = d1.lanewise(LSHL, 24)
                    .lanewise(ASHR, 4)
                    .lanewise(XOR, d3)
                    .and(mask)
                    .reinterpretAsFloats()
                    .fma(x3, s5);
            k += CompactWeights.STREAMS * L;
            if (k == last) {
                s0.intoArray(sums, out);
                s1.intoArray(sums, out + L);
                s2.intoArray(sums, out + 2 * L);
                s3.intoArray(sums, out + 3 * L);
                s4.intoArray(sums, out + 4 * L);
                s5.intoArray(sums, out + 5 * L);
                s6.intoArray(sums, out + 6 * L);
                s7.intoArray(sums, out + 7 * L);
                // Not from a variable, which would live across the loop in a register that the sums need.
                s0 = FloatVector.zero(F32);
                s1 = FloatVector.zero(F32);
                s2 = FloatVector.zero(F32);
                s3 = FloatVector.zero(F32);
                s4 = FloatVector.zero(F32);
                s5 = FloatVector.zero(F32);
                s6 = FloatVector.zero(F32);
                s7 = FloatVector.zero(F32);
                out += 8 * L;
                k = xOffset;
            }
        }
    }

    /**
     * Inputs {@code from} to {@code to} of row n in float32, listed weights as zero.
     *
     * @param from a multiple of {@code STREAMS * LANES}, as is {@code to}
     */
    static void widen(CompactWeights weights, int n, int from, int to, float[] out, int outOffset) {
        int row = n % CompactWeights.ROWS;
        MemorySegment panel = weights.data(n / CompactWeights.ROWS);
        long word = CompactWeights.word(row) * 4L * L;
        int shift = CompactWeights.shift(row);
        int lowerShift = CompactWeights.lowerShift(row);
        int lowerMask = CompactWeights.lowerMask(row);
        float scale = weights.scale(n);
        for (int pair = 0; pair < CompactWeights.STREAMS; pair += 2) {
            long at = from * (12L / CompactWeights.STREAMS) + pair * weights.streamBytes();
            long bytes = (to - from) * (12L / CompactWeights.STREAMS);
            MemorySegment even = panel.asSlice(at, bytes);
            MemorySegment odd = panel.asSlice(at + weights.streamBytes(), bytes);
            widen(even, odd, word, shift, lowerShift, lowerMask, scale, out, outOffset + pair * L, to - from);
        }
    }

    /** Inputs of even and of odd index from two streams, of which each vector goes to {@code STREAMS * LANES} after the one before. */
    private static void widen(
            MemorySegment evens,
            MemorySegment odds,
            long word,
            int shift,
            int lowerShift,
            int lowerMask,
            float scale,
            float[] out,
            int outOffset,
            int inputs) {
        MemorySegment even = Floats.offHeap(evens);
        MemorySegment odd = Floats.offHeap(odds);
        IntVector mask = IntVector.broadcast(I32, CompactWeights.MASK);
        IntVector lower = IntVector.broadcast(I32, lowerMask);
        FloatVector factor = FloatVector.broadcast(F32, scale);
        for (int i = 0; i < inputs; i += CompactWeights.STREAMS * L) {
            long at = i * (12L / CompactWeights.STREAMS);
            IntVector a = IntVector.fromMemorySegment(I32, even, at + word, LITTLE_ENDIAN);
            IntVector b = IntVector.fromMemorySegment(I32, odd, at + word, LITTLE_ENDIAN);
            IntVector c = IntVector.fromMemorySegment(I32, even, at + 8L * L, LITTLE_ENDIAN);
            IntVector d = IntVector.fromMemorySegment(I32, odd, at + 8L * L, LITTLE_ENDIAN);
            IntVector e = c.lanewise(LSHL, lowerShift).and(lower);
            IntVector f = d.lanewise(LSHL, lowerShift).and(lower);
            IntVector g = a.lanewise(LSHL, shift).lanewise(ASHR, 4).lanewise(XOR, e);
            IntVector h = b.lanewise(LSHL, shift).lanewise(ASHR, 4).lanewise(XOR, f);
            FloatVector x = g.and(mask).reinterpretAsFloats().mul(factor);
            FloatVector y = h.and(mask).reinterpretAsFloats().mul(factor);
            x.rearrange(Vectors.FIRST, y).intoArray(out, outOffset + i);
            x.rearrange(Vectors.SECOND, y).intoArray(out, outOffset + i + L);
        }
    }
}
