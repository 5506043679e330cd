package omni.kernels;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

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
}
