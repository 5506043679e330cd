package omni.kernels;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;

/** The definition's operations in the definition's order, so its bits too. */
final class VectorRope implements RopeKernel {
    private static final ScalarRope SCALAR = new ScalarRope();

    @Override
    public void halfSplit(
            MemorySegment x,
            long xOffset,
            int heads,
            int headDim,
            MemorySegment cos,
            MemorySegment sin,
            long tableOffset) {
        x = Floats.offHeap(x);
        cos = Floats.offHeap(cos);
        sin = Floats.offHeap(sin);
        int half = headDim / 2;
        int bound = Vectors.F32.loopBound(half);
        for (int h = 0; h < heads; h++) {
            long low = xOffset + (long) h * headDim;
            long high = low + half;
            for (int i = 0; i < bound; i += Vectors.LANES) {
                FloatVector c = VectorFunctions.load(cos, tableOffset + i);
                FloatVector s = VectorFunctions.load(sin, tableOffset + i);
                FloatVector x0 = VectorFunctions.load(x, low + i);
                FloatVector x1 = VectorFunctions.load(x, high + i);
                VectorFunctions.store(x0.mul(c).sub(x1.mul(s)), x, low + i);
                VectorFunctions.store(x1.mul(c).add(x0.mul(s)), x, high + i);
            }
            for (int i = bound; i < half; i++) {
                float c = Floats.get(cos, tableOffset + i);
                float s = Floats.get(sin, tableOffset + i);
                float x0 = Floats.get(x, low + i);
                float x1 = Floats.get(x, high + i);
                Floats.set(x, low + i, x0 * c - x1 * s);
                Floats.set(x, high + i, x1 * c + x0 * s);
            }
        }
    }

    /** By the definition: only one head of a transformer of 22 layers is turned like this. */
    @Override
    public void interleaved(
            MemorySegment x,
            long xOffset,
            int heads,
            int headDim,
            MemorySegment cos,
            MemorySegment sin,
            long tableOffset) {
        SCALAR.interleaved(
                Floats.offHeap(x), xOffset, heads, headDim, Floats.offHeap(cos), Floats.offHeap(sin), tableOffset);
    }
}
