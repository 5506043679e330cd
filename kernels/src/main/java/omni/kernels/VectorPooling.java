package omni.kernels;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import org.jspecify.annotations.Nullable;

/** Two passes, so that the variance is summed from differences to the mean and nothing cancels. Two accumulators each. */
final class VectorPooling implements PoolingKernel {
    private static final VectorReduce REDUCE = new VectorReduce();

    @Override
    public float mean(MemorySegment x, long xOffset, @Nullable MemorySegment weights, long weightsOffset, int frames) {
        return weights == null
                ? REDUCE.sum(x, xOffset, frames) / frames
                : weightedSum(x, xOffset, weights, weightsOffset, frames);
    }

    private static float weightedSum(MemorySegment x, long xOffset, MemorySegment w, long wOffset, int n) {
        x = Floats.offHeap(x);
        w = Floats.offHeap(w);
        int lanes = Vectors.LANES;
        FloatVector s0 = FloatVector.zero(Vectors.F32);
        FloatVector s1 = s0;
        int i = 0;
        for (; i <= n - 2 * lanes; i += 2 * lanes) {
            s0 = VectorFunctions.load(w, wOffset + i).fma(VectorFunctions.load(x, xOffset + i), s0);
            s1 = VectorFunctions.load(w, wOffset + i + lanes).fma(VectorFunctions.load(x, xOffset + i + lanes), s1);
        }
        for (; i <= n - lanes; i += lanes) {
            s0 = VectorFunctions.load(w, wOffset + i).fma(VectorFunctions.load(x, xOffset + i), s0);
        }
        float sum = Vectors.sum(s0.add(s1));
        for (; i < n; i++) {
            sum = Math.fma(Floats.get(w, wOffset + i), Floats.get(x, xOffset + i), sum);
        }
        return sum;
    }

    @Override
    public float variance(
            MemorySegment x,
            long xOffset,
            @Nullable MemorySegment weights,
            long weightsOffset,
            float mean,
            int frames) {
        return weights == null
                ? VectorLayerNorm.squares(x, xOffset, mean, frames) / frames
                : weightedSquares(x, xOffset, weights, weightsOffset, mean, frames);
    }

    private static float weightedSquares(
            MemorySegment x, long xOffset, MemorySegment w, long wOffset, float mean, int n) {
        x = Floats.offHeap(x);
        w = Floats.offHeap(w);
        int lanes = Vectors.LANES;
        FloatVector m = FloatVector.broadcast(Vectors.F32, mean);
        FloatVector s0 = FloatVector.zero(Vectors.F32);
        FloatVector s1 = s0;
        int i = 0;
        for (; i <= n - 2 * lanes; i += 2 * lanes) {
            FloatVector d0 = VectorFunctions.load(x, xOffset + i).sub(m);
            FloatVector d1 = VectorFunctions.load(x, xOffset + i + lanes).sub(m);
            s0 = VectorFunctions.load(w, wOffset + i).mul(d0).fma(d0, s0);
            s1 = VectorFunctions.load(w, wOffset + i + lanes).mul(d1).fma(d1, s1);
        }
        for (; i <= n - lanes; i += lanes) {
            FloatVector d = VectorFunctions.load(x, xOffset + i).sub(m);
            s0 = VectorFunctions.load(w, wOffset + i).mul(d).fma(d, s0);
        }
        float sum = Vectors.sum(s0.add(s1));
        for (; i < n; i++) {
            float d = Floats.get(x, xOffset + i) - mean;
            sum = Math.fma(Floats.get(w, wOffset + i) * d, d, sum);
        }
        return sum;
    }
}
