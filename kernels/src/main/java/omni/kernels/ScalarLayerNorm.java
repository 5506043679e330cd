package omni.kernels;

import java.lang.foreign.MemorySegment;

/** The definition. */
final class ScalarLayerNorm implements LayerNormKernel {
    @Override
    public void normalise(MemorySegment x, long xOffset, float eps, MemorySegment y, long yOffset, int channels) {
        double mean = 0;
        for (int c = 0; c < channels; c++) {
            mean += Floats.get(x, xOffset + c);
        }
        mean /= channels;
        double variance = 0;
        for (int c = 0; c < channels; c++) {
            double d = Floats.get(x, xOffset + c) - mean;
            variance += d * d;
        }
        double factor = 1 / Math.sqrt(variance / channels + eps);
        for (int c = 0; c < channels; c++) {
            Floats.set(y, yOffset + c, (float) ((Floats.get(x, xOffset + c) - mean) * factor));
        }
    }

    @Override
    public void scale(
            MemorySegment y, long yOffset, MemorySegment weight, long weightOffset, float plus, int channels) {
        for (int c = 0; c < channels; c++) {
            Floats.set(y, yOffset + c, Floats.get(y, yOffset + c) * (plus + Floats.get(weight, weightOffset + c)));
        }
    }
}
