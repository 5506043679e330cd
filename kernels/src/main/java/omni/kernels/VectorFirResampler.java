package omni.kernels;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** One dot product per output, four accumulators (fused multiply-adds take four cycles, two start per cycle; loads allow one). */
final class VectorFirResampler implements FirResamplerKernel {
    private static final VectorSpecies<Float> F32 = Vectors.F32;
    private static final int LANES = Vectors.LANES;

    @Override
    public void polyphase(
            MemorySegment x,
            long xOffset,
            MemorySegment filter,
            long filterOffset,
            int taps,
            int phases,
            int up,
            int down,
            long first,
            MemorySegment y,
            long yOffset,
            int n) {
        for (int j = 0; j < n; j++) {
            long time = first + (long) j * down;
            long start = xOffset + time / up;
            long part = time % up * phases;
            long row = filterOffset + part / up * taps;
            float sum = dot(x, start, filter, row, taps);
            long between = part % up;
            if (between > 0) {
                sum += (float) between / up * (dot(x, start, filter, row + taps, taps) - sum);
            }
            Floats.set(y, yOffset + j, sum);
        }
    }

    private static float dot(MemorySegment x, long xOffset, MemorySegment h, long hOffset, int taps) {
        MemorySegment a = x.asSlice(xOffset * Float.BYTES, (long) taps * Float.BYTES);
        MemorySegment b = h.asSlice(hOffset * Float.BYTES, (long) taps * Float.BYTES);
        FloatVector s0 = FloatVector.zero(F32);
        FloatVector s1 = s0;
        FloatVector s2 = s0;
        FloatVector s3 = s0;
        int k = 0;
        for (; k <= taps - 4 * LANES; k += 4 * LANES) {
            s0 = load(a, k).fma(load(b, k), s0);
            s1 = load(a, k + LANES).fma(load(b, k + LANES), s1);
            s2 = load(a, k + 2 * LANES).fma(load(b, k + 2 * LANES), s2);
            s3 = load(a, k + 3 * LANES).fma(load(b, k + 3 * LANES), s3);
        }
        for (; k <= taps - LANES; k += LANES) {
            s0 = load(a, k).fma(load(b, k), s0);
        }
        float sum = Vectors.sum(s0.add(s1).add(s2.add(s3)));
        for (; k < taps; k++) {
            sum += Floats.get(a, k) * Floats.get(b, k);
        }
        return sum;
    }

    private static FloatVector load(MemorySegment x, int index) {
        return FloatVector.fromMemorySegment(F32, x, (long) index * Float.BYTES, ByteOrder.LITTLE_ENDIAN);
    }
}
