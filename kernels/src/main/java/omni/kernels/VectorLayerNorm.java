package omni.kernels;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;

/** Two passes for the moments: the variance is summed from differences to the mean, so nothing cancels. */
final class VectorLayerNorm implements LayerNormKernel {
    private static final VectorReduce REDUCE = new VectorReduce();

    @Override
    public void normalise(MemorySegment x, long xOffset, float eps, MemorySegment y, long yOffset, int channels) {
        float mean = REDUCE.sum(x, xOffset, channels) / channels;
        double variance = (double) squares(x, xOffset, mean, channels) / channels;
        apply(x, xOffset, mean, (float) (1 / Math.sqrt(variance + eps)), y, yOffset, channels);
    }

    /** Sum of squared differences to {@code mean}; two accumulators, two subtractions and multiply-adds a step. */
    static float squares(MemorySegment x, long xOffset, float mean, int n) {
        x = Floats.offHeap(x);
        int lanes = Vectors.LANES;
        FloatVector m = FloatVector.broadcast(Vectors.F32, mean);
        FloatVector s0 = FloatVector.zero(Vectors.F32);
        FloatVector s1 = s0;
        int i = 0;
        for (; i <= n - 2 * lanes; i += 2 * lanes) {
            FloatVector d0 = VectorFunctions.load(x, xOffset + i).sub(m);
            FloatVector d1 = VectorFunctions.load(x, xOffset + i + lanes).sub(m);
            s0 = d0.fma(d0, s0);
            s1 = d1.fma(d1, s1);
        }
        for (; i <= n - lanes; i += lanes) {
            FloatVector d = VectorFunctions.load(x, xOffset + i).sub(m);
            s0 = d.fma(d, s0);
        }
        float sum = Vectors.sum(s0.add(s1));
        for (; i < n; i++) {
            float d = Floats.get(x, xOffset + i) - mean;
            sum = Math.fma(d, d, sum);
        }
        return sum;
    }

    private static void apply(
            MemorySegment x, long xOffset, float mean, float factor, MemorySegment y, long yOffset, int n) {
        x = Floats.offHeap(x);
        y = Floats.offHeap(y);
        FloatVector m = FloatVector.broadcast(Vectors.F32, mean);
        FloatVector f = FloatVector.broadcast(Vectors.F32, factor);
        int bound = Vectors.F32.loopBound(n);
        for (int i = 0; i < bound; i += Vectors.LANES) {
            VectorFunctions.store(VectorFunctions.load(x, xOffset + i).sub(m).mul(f), y, yOffset + i);
        }
        for (int i = bound; i < n; i++) {
            Floats.set(y, yOffset + i, (Floats.get(x, xOffset + i) - mean) * factor);
        }
    }

    @Override
    public void scale(
            MemorySegment y, long yOffset, MemorySegment weight, long weightOffset, float plus, int channels) {
        y = Floats.offHeap(y);
        weight = Floats.offHeap(weight);
        FloatVector p = FloatVector.broadcast(Vectors.F32, plus);
        int bound = Vectors.F32.loopBound(channels);
        for (int i = 0; i < bound; i += Vectors.LANES) {
            FloatVector w = VectorFunctions.load(weight, weightOffset + i).add(p);
            VectorFunctions.store(VectorFunctions.load(y, yOffset + i).mul(w), y, yOffset + i);
        }
        for (int i = bound; i < channels; i++) {
            float w = plus + Floats.get(weight, weightOffset + i);
            Floats.set(y, yOffset + i, Floats.get(y, yOffset + i) * w);
        }
    }
}
