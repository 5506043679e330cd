package omni.kernels;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/** Whole vectors, then one masked: an element's bits do not depend on where it stands. */
final class VectorActivation implements ActivationKernel {
    @Override
    public void siluMul(
            MemorySegment gate,
            long gateOffset,
            MemorySegment up,
            long upOffset,
            MemorySegment y,
            long yOffset,
            int n) {
        gate = Floats.offHeap(gate);
        up = Floats.offHeap(up);
        y = Floats.offHeap(y);
        int bound = Vectors.F32.loopBound(n);
        for (int i = 0; i < bound; i += Vectors.LANES) {
            FloatVector silu = silu(VectorFunctions.load(gate, gateOffset + i));
            VectorFunctions.store(silu.mul(VectorFunctions.load(up, upOffset + i)), y, yOffset + i);
        }
        if (bound < n) {
            VectorMask<Float> tail = VectorFunctions.first(n - bound);
            FloatVector silu = silu(VectorFunctions.load(gate, gateOffset + bound, tail));
            VectorFunctions.store(silu.mul(VectorFunctions.load(up, upOffset + bound, tail)), y, yOffset + bound, tail);
        }
    }

    private static FloatVector silu(FloatVector g) {
        return g.div(VectorFunctions.exp(g.neg()).add(1));
    }

    @Override
    public void silu(MemorySegment x, long xOffset, MemorySegment y, long yOffset, int n) {
        x = Floats.offHeap(x);
        y = Floats.offHeap(y);
        int bound = Vectors.F32.loopBound(n);
        for (int i = 0; i < bound; i += Vectors.LANES) {
            VectorFunctions.store(silu(VectorFunctions.load(x, xOffset + i)), y, yOffset + i);
        }
        if (bound < n) {
            VectorMask<Float> tail = VectorFunctions.first(n - bound);
            FloatVector last = VectorFunctions.load(x, xOffset + bound, tail);
            VectorFunctions.store(silu(last), y, yOffset + bound, tail);
        }
    }

    @Override
    public void gelu(MemorySegment x, long xOffset, MemorySegment y, long yOffset, int n) {
        x = Floats.offHeap(x);
        y = Floats.offHeap(y);
        int bound = Vectors.F32.loopBound(n);
        for (int i = 0; i < bound; i += Vectors.LANES) {
            VectorFunctions.store(VectorFunctions.gelu(VectorFunctions.load(x, xOffset + i)), y, yOffset + i);
        }
        if (bound < n) {
            VectorMask<Float> tail = VectorFunctions.first(n - bound);
            FloatVector last = VectorFunctions.load(x, xOffset + bound, tail);
            VectorFunctions.store(VectorFunctions.gelu(last), y, yOffset + bound, tail);
        }
    }

    @Override
    public void geluTanh(MemorySegment x, long xOffset, MemorySegment y, long yOffset, int n) {
        x = Floats.offHeap(x);
        y = Floats.offHeap(y);
        int bound = Vectors.F32.loopBound(n);
        for (int i = 0; i < bound; i += Vectors.LANES) {
            VectorFunctions.store(VectorFunctions.geluTanh(VectorFunctions.load(x, xOffset + i)), y, yOffset + i);
        }
        if (bound < n) {
            VectorMask<Float> tail = VectorFunctions.first(n - bound);
            FloatVector last = VectorFunctions.load(x, xOffset + bound, tail);
            VectorFunctions.store(VectorFunctions.geluTanh(last), y, yOffset + bound, tail);
        }
    }

    @Override
    public void relu(MemorySegment x, long xOffset, MemorySegment y, long yOffset, int n) {
        x = Floats.offHeap(x);
        y = Floats.offHeap(y);
        int bound = Vectors.F32.loopBound(n);
        for (int i = 0; i < bound; i += Vectors.LANES) {
            VectorFunctions.store(relu(VectorFunctions.load(x, xOffset + i)), y, yOffset + i);
        }
        if (bound < n) {
            VectorMask<Float> tail = VectorFunctions.first(n - bound);
            FloatVector last = VectorFunctions.load(x, xOffset + bound, tail);
            VectorFunctions.store(relu(last), y, yOffset + bound, tail);
        }
    }

    @Override
    public void sigmoid(MemorySegment x, long xOffset, MemorySegment y, long yOffset, int n) {
        x = Floats.offHeap(x);
        y = Floats.offHeap(y);
        int bound = Vectors.F32.loopBound(n);
        for (int i = 0; i < bound; i += Vectors.LANES) {
            VectorFunctions.store(VectorFunctions.sigmoid(VectorFunctions.load(x, xOffset + i)), y, yOffset + i);
        }
        if (bound < n) {
            VectorMask<Float> tail = VectorFunctions.first(n - bound);
            FloatVector last = VectorFunctions.load(x, xOffset + bound, tail);
            VectorFunctions.store(VectorFunctions.sigmoid(last), y, yOffset + bound, tail);
        }
    }

    private static FloatVector relu(FloatVector x) {
        return x.blend(0, x.compare(VectorOperators.LT, 0));
    }
}
