package omni.kernels;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.VectorMask;

/** Whole vectors, then one masked: an element's bits do not depend on where it stands. */
final class VectorVectorMath implements VectorMathKernel {
    @Override
    public void exp(MemorySegment x, long xOffset, MemorySegment y, long yOffset, int n) {
        x = Floats.offHeap(x);
        y = Floats.offHeap(y);
        int bound = Vectors.F32.loopBound(n);
        for (int i = 0; i < bound; i += Vectors.LANES) {
            VectorFunctions.store(VectorFunctions.exp(VectorFunctions.load(x, xOffset + i)), y, yOffset + i);
        }
        if (bound < n) {
            VectorMask<Float> tail = VectorFunctions.first(n - bound);
            VectorFunctions.store(
                    VectorFunctions.exp(VectorFunctions.load(x, xOffset + bound, tail)), y, yOffset + bound, tail);
        }
    }

    @Override
    public void sin(MemorySegment x, long xOffset, MemorySegment y, long yOffset, int n) {
        x = Floats.offHeap(x);
        y = Floats.offHeap(y);
        int bound = Vectors.F32.loopBound(n);
        for (int i = 0; i < bound; i += Vectors.LANES) {
            VectorFunctions.store(VectorFunctions.sin(VectorFunctions.load(x, xOffset + i)), y, yOffset + i);
        }
        if (bound < n) {
            VectorMask<Float> tail = VectorFunctions.first(n - bound);
            VectorFunctions.store(
                    VectorFunctions.sin(VectorFunctions.load(x, xOffset + bound, tail)), y, yOffset + bound, tail);
        }
    }

    @Override
    public void cos(MemorySegment x, long xOffset, MemorySegment y, long yOffset, int n) {
        x = Floats.offHeap(x);
        y = Floats.offHeap(y);
        int bound = Vectors.F32.loopBound(n);
        for (int i = 0; i < bound; i += Vectors.LANES) {
            VectorFunctions.store(VectorFunctions.cos(VectorFunctions.load(x, xOffset + i)), y, yOffset + i);
        }
        if (bound < n) {
            VectorMask<Float> tail = VectorFunctions.first(n - bound);
            VectorFunctions.store(
                    VectorFunctions.cos(VectorFunctions.load(x, xOffset + bound, tail)), y, yOffset + bound, tail);
        }
    }
}
