package omni.kernels;

import java.lang.foreign.MemorySegment;

/** The definition. */
final class ScalarSoftmax implements SoftmaxKernel {
    @Override
    public void row(MemorySegment x, long xOffset, int columns) {
        float max = Float.NEGATIVE_INFINITY;
        for (int i = 0; i < columns; i++) {
            max = Math.max(max, Floats.get(x, xOffset + i));
        }
        double sum = 0;
        for (int i = 0; i < columns; i++) {
            float e = (float) Math.exp(Floats.get(x, xOffset + i) - max);
            Floats.set(x, xOffset + i, e);
            sum += e;
        }
        for (int i = 0; i < columns; i++) {
            Floats.set(x, xOffset + i, (float) (Floats.get(x, xOffset + i) / sum));
        }
    }
}
