package omni.kernels;

import java.lang.foreign.MemorySegment;

/** Implementations of {@link Activation}. */
interface ActivationKernel {
    void siluMul(
            MemorySegment gate, long gateOffset, MemorySegment up, long upOffset, MemorySegment y, long yOffset, int n);
}
