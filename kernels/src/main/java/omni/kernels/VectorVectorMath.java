package omni.kernels;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
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
            FloatVector last = VectorFunctions.load(x, xOffset + bound, tail);
            VectorFunctions.store(VectorFunctions.exp(last), y, yOffset + bound, tail);
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
            FloatVector last = VectorFunctions.load(x, xOffset + bound, tail);
            VectorFunctions.store(VectorFunctions.sin(last), y, yOffset + bound, tail);
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
            FloatVector last = VectorFunctions.load(x, xOffset + bound, tail);
            VectorFunctions.store(VectorFunctions.cos(last), y, yOffset + bound, tail);
        }
    }

    @Override
    public void log(MemorySegment x, long xOffset, MemorySegment y, long yOffset, int n) {
        x = Floats.offHeap(x);
        y = Floats.offHeap(y);
        int bound = Vectors.F32.loopBound(n);
        for (int i = 0; i < bound; i += Vectors.LANES) {
            VectorFunctions.store(VectorFunctions.log(VectorFunctions.load(x, xOffset + i)), y, yOffset + i);
        }
        if (bound < n) {
            VectorMask<Float> tail = VectorFunctions.first(n - bound);
            FloatVector last = VectorFunctions.load(x, xOffset + bound, tail);
            VectorFunctions.store(VectorFunctions.log(last), y, yOffset + bound, tail);
        }
    }

    @Override
    public void tanh(MemorySegment x, long xOffset, MemorySegment y, long yOffset, int n) {
        x = Floats.offHeap(x);
        y = Floats.offHeap(y);
        int bound = Vectors.F32.loopBound(n);
        for (int i = 0; i < bound; i += Vectors.LANES) {
            VectorFunctions.store(VectorFunctions.tanh(VectorFunctions.load(x, xOffset + i)), y, yOffset + i);
        }
        if (bound < n) {
            VectorMask<Float> tail = VectorFunctions.first(n - bound);
            FloatVector last = VectorFunctions.load(x, xOffset + bound, tail);
            VectorFunctions.store(VectorFunctions.tanh(last), y, yOffset + bound, tail);
        }
    }
}
