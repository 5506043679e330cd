package omni.kernels;

import java.lang.foreign.MemorySegment;

/** The definitions. */
final class ScalarActivation implements ActivationKernel {
    @Override
    public void siluMul(
            MemorySegment gate,
            long gateOffset,
            MemorySegment up,
            long upOffset,
            MemorySegment y,
            long yOffset,
            int n) {
        for (int i = 0; i < n; i++) {
            float g = Floats.get(gate, gateOffset + i);
            float silu = (float) (g / (1 + Math.exp(-g)));
            Floats.set(y, yOffset + i, silu * Floats.get(up, upOffset + i));
        }
    }
}
