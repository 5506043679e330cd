package omni.kernels;

import java.lang.foreign.MemorySegment;

/** The definitions. */
final class ScalarReduce implements ReduceKernel {
    @Override
    public float max(MemorySegment x, long xOffset, int n) {
        float max = Float.NEGATIVE_INFINITY;
        for (int i = 0; i < n; i++) {
            max = Math.max(max, Floats.get(x, xOffset + i));
        }
        return max;
    }

    @Override
    public int argMax(MemorySegment x, long xOffset, int n) {
        float max = max(x, xOffset, n);
        for (int i = 0; i < n; i++) {
            float v = Floats.get(x, xOffset + i);
            if (v == max || Float.isNaN(v)) {
                return i;
            }
        }
        throw new AssertionError("the maximum of " + n + " values is none of them: " + max);
    }

    @Override
    public float sum(MemorySegment x, long xOffset, int n) {
        double sum = 0;
        for (int i = 0; i < n; i++) {
            sum += Floats.get(x, xOffset + i);
        }
        return (float) sum;
    }

    @Override
    public float sumOfSquares(MemorySegment x, long xOffset, int n) {
        double sum = 0;
        for (int i = 0; i < n; i++) {
            double v = Floats.get(x, xOffset + i);
            sum += v * v;
        }
        return (float) sum;
    }
}
