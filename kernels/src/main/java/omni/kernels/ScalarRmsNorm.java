package omni.kernels;

import java.lang.foreign.MemorySegment;

/** The definition. */
final class ScalarRmsNorm implements RmsNormKernel {
    @Override
    public void row(
            MemorySegment x,
            long xOffset,
            MemorySegment weight,
            long weightOffset,
            float eps,
            MemorySegment y,
            long yOffset,
            int channels) {
        double sum = 0;
        for (int c = 0; c < channels; c++) {
            float v = Floats.get(x, xOffset + c);
            sum += (double) v * v;
        }
        float scale = (float) (1 / Math.sqrt(sum / channels + eps));
        for (int c = 0; c < channels; c++) {
            Floats.set(y, yOffset + c, Floats.get(x, xOffset + c) * scale * Floats.get(weight, weightOffset + c));
        }
    }
}
