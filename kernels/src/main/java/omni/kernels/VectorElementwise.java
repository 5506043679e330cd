package omni.kernels;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;

/** The definitions' bits: each element is one rounded operation. */
final class VectorElementwise implements ElementwiseKernel {
    @Override
    public void add(
            MemorySegment a, long aOffset, MemorySegment b, long bOffset, MemorySegment y, long yOffset, int n) {
        a = Floats.offHeap(a);
        b = Floats.offHeap(b);
        y = Floats.offHeap(y);
        int bound = Vectors.F32.loopBound(n);
        for (int i = 0; i < bound; i += Vectors.LANES) {
            FloatVector sum = VectorFunctions.load(a, aOffset + i).add(VectorFunctions.load(b, bOffset + i));
            VectorFunctions.store(sum, y, yOffset + i);
        }
        for (int i = bound; i < n; i++) {
            Floats.set(y, yOffset + i, Floats.get(a, aOffset + i) + Floats.get(b, bOffset + i));
        }
    }

    @Override
    public void mul(
            MemorySegment a, long aOffset, MemorySegment b, long bOffset, MemorySegment y, long yOffset, int n) {
        a = Floats.offHeap(a);
        b = Floats.offHeap(b);
        y = Floats.offHeap(y);
        int bound = Vectors.F32.loopBound(n);
        for (int i = 0; i < bound; i += Vectors.LANES) {
            FloatVector product = VectorFunctions.load(a, aOffset + i).mul(VectorFunctions.load(b, bOffset + i));
            VectorFunctions.store(product, y, yOffset + i);
        }
        for (int i = bound; i < n; i++) {
            Floats.set(y, yOffset + i, Floats.get(a, aOffset + i) * Floats.get(b, bOffset + i));
        }
    }

    @Override
    public void addMul(
            MemorySegment a, long aOffset, MemorySegment b, long bOffset, MemorySegment y, long yOffset, int n) {
        a = Floats.offHeap(a);
        b = Floats.offHeap(b);
        y = Floats.offHeap(y);
        int bound = Vectors.F32.loopBound(n);
        for (int i = 0; i < bound; i += Vectors.LANES) {
            FloatVector factor = VectorFunctions.load(b, bOffset + i);
            FloatVector sum = VectorFunctions.load(a, aOffset + i).fma(factor, VectorFunctions.load(y, yOffset + i));
            VectorFunctions.store(sum, y, yOffset + i);
        }
        for (int i = bound; i < n; i++) {
            float sum = Math.fma(Floats.get(a, aOffset + i), Floats.get(b, bOffset + i), Floats.get(y, yOffset + i));
            Floats.set(y, yOffset + i, sum);
        }
    }

    @Override
    public void scale(MemorySegment x, long xOffset, float factor, MemorySegment y, long yOffset, int n) {
        x = Floats.offHeap(x);
        y = Floats.offHeap(y);
        int bound = Vectors.F32.loopBound(n);
        for (int i = 0; i < bound; i += Vectors.LANES) {
            VectorFunctions.store(VectorFunctions.load(x, xOffset + i).mul(factor), y, yOffset + i);
        }
        for (int i = bound; i < n; i++) {
            Floats.set(y, yOffset + i, Floats.get(x, xOffset + i) * factor);
        }
    }

    @Override
    public void axpy(float factor, MemorySegment x, long xOffset, MemorySegment y, long yOffset, int n) {
        x = Floats.offHeap(x);
        y = Floats.offHeap(y);
        FloatVector factors = FloatVector.broadcast(Vectors.F32, factor);
        int bound = Vectors.F32.loopBound(n);
        for (int i = 0; i < bound; i += Vectors.LANES) {
            FloatVector sum = factors.fma(VectorFunctions.load(x, xOffset + i), VectorFunctions.load(y, yOffset + i));
            VectorFunctions.store(sum, y, yOffset + i);
        }
        for (int i = bound; i < n; i++) {
            Floats.set(y, yOffset + i, Math.fma(factor, Floats.get(x, xOffset + i), Floats.get(y, yOffset + i)));
        }
    }

    @Override
    public void fill(MemorySegment y, long yOffset, float value, int n) {
        y = Floats.offHeap(y);
        FloatVector values = FloatVector.broadcast(Vectors.F32, value);
        int bound = Vectors.F32.loopBound(n);
        for (int i = 0; i < bound; i += Vectors.LANES) {
            VectorFunctions.store(values, y, yOffset + i);
        }
        for (int i = bound; i < n; i++) {
            Floats.set(y, yOffset + i, value);
        }
    }
}
