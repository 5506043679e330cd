package omni.kernels;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/** Four accumulators: an addition takes three or four cycles, and two loads a cycle feed at most two. */
final class VectorReduce implements ReduceKernel {
    @Override
    public float max(MemorySegment x, long xOffset, int n) {
        x = Floats.offHeap(x);
        int lanes = Vectors.LANES;
        FloatVector max = FloatVector.broadcast(Vectors.F32, Float.NEGATIVE_INFINITY);
        int bound = Vectors.F32.loopBound(n);
        for (int i = 0; i < bound; i += lanes) {
            max = max.max(VectorFunctions.load(x, xOffset + i));
        }
        float m = max.reduceLanes(VectorOperators.MAX);
        for (int i = bound; i < n; i++) {
            m = Math.max(m, Floats.get(x, xOffset + i));
        }
        return m;
    }

    @Override
    public int argMax(MemorySegment x, long xOffset, int n) {
        x = Floats.offHeap(x);
        float max = max(x, xOffset, n);
        int bound = Vectors.F32.loopBound(n);
        for (int i = 0; i < bound; i += Vectors.LANES) {
            FloatVector v = VectorFunctions.load(x, xOffset + i);
            // Where the maximum is NaN, the first element that differs from itself is wanted.
            int lane = (Float.isNaN(max) ? v.compare(VectorOperators.NE, v) : v.compare(VectorOperators.EQ, max))
                    .firstTrue();
            if (lane < Vectors.LANES) {
                return i + lane;
            }
        }
        for (int i = bound; i < n; i++) {
            float v = Floats.get(x, xOffset + i);
            if (v == max || Float.isNaN(v)) {
                return i;
            }
        }
        throw new AssertionError("the maximum of " + n + " values is none of them: " + max);
    }

    @Override
    public float sum(MemorySegment x, long xOffset, int n) {
        x = Floats.offHeap(x);
        int lanes = Vectors.LANES;
        FloatVector s0 = FloatVector.zero(Vectors.F32);
        FloatVector s1 = s0;
        FloatVector s2 = s0;
        FloatVector s3 = s0;
        int i = 0;
        for (; i <= n - 4 * lanes; i += 4 * lanes) {
            s0 = s0.add(VectorFunctions.load(x, xOffset + i));
            s1 = s1.add(VectorFunctions.load(x, xOffset + i + lanes));
            s2 = s2.add(VectorFunctions.load(x, xOffset + i + 2L * lanes));
            s3 = s3.add(VectorFunctions.load(x, xOffset + i + 3L * lanes));
        }
        for (; i <= n - lanes; i += lanes) {
            s0 = s0.add(VectorFunctions.load(x, xOffset + i));
        }
        float sum = Vectors.sum(s0.add(s1).add(s2.add(s3)));
        for (; i < n; i++) {
            sum += Floats.get(x, xOffset + i);
        }
        return sum;
    }

    @Override
    public float sumOfSquares(MemorySegment x, long xOffset, int n) {
        x = Floats.offHeap(x);
        return squares(x, xOffset, n);
    }

    static float squares(MemorySegment x, long xOffset, int n) {
        x = Floats.offHeap(x);
        int lanes = Vectors.LANES;
        FloatVector s0 = FloatVector.zero(Vectors.F32);
        FloatVector s1 = s0;
        FloatVector s2 = s0;
        FloatVector s3 = s0;
        int i = 0;
        for (; i <= n - 4 * lanes; i += 4 * lanes) {
            FloatVector v0 = VectorFunctions.load(x, xOffset + i);
            FloatVector v1 = VectorFunctions.load(x, xOffset + i + lanes);
            FloatVector v2 = VectorFunctions.load(x, xOffset + i + 2L * lanes);
            FloatVector v3 = VectorFunctions.load(x, xOffset + i + 3L * lanes);
            s0 = v0.fma(v0, s0);
            s1 = v1.fma(v1, s1);
            s2 = v2.fma(v2, s2);
            s3 = v3.fma(v3, s3);
        }
        for (; i <= n - lanes; i += lanes) {
            FloatVector v = VectorFunctions.load(x, xOffset + i);
            s0 = v.fma(v, s0);
        }
        float sum = Vectors.sum(s0.add(s1).add(s2.add(s3)));
        for (; i < n; i++) {
            float v = Floats.get(x, xOffset + i);
            sum = Math.fma(v, v, sum);
        }
        return sum;
    }
}
