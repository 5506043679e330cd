package omni.kernels;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;

/** The mean square is {@link VectorReduce#sumOfSquares} over C, in float32. */
final class VectorRmsNorm implements RmsNormKernel {
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
        x = Floats.offHeap(x);
        weight = Floats.offHeap(weight);
        y = Floats.offHeap(y);
        float scale = (float) (1 / Math.sqrt((double) VectorReduce.squares(x, xOffset, channels) / channels + eps));
        FloatVector scales = FloatVector.broadcast(Vectors.F32, scale);
        int bound = Vectors.F32.loopBound(channels);
        for (int c = 0; c < bound; c += Vectors.LANES) {
            FloatVector v = VectorFunctions.load(x, xOffset + c).mul(scales);
            VectorFunctions.store(v.mul(VectorFunctions.load(weight, weightOffset + c)), y, yOffset + c);
        }
        for (int c = bound; c < channels; c++) {
            Floats.set(y, yOffset + c, Floats.get(x, xOffset + c) * scale * Floats.get(weight, weightOffset + c));
        }
    }
}
