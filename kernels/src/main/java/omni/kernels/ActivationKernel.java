package omni.kernels;

import java.lang.foreign.MemorySegment;

/** Implementations of {@link Activation}. */
interface ActivationKernel {
    void siluMul(
            MemorySegment gate, long gateOffset, MemorySegment up, long upOffset, MemorySegment y, long yOffset, int n);

    void silu(MemorySegment x, long xOffset, MemorySegment y, long yOffset, int n);

    void gelu(MemorySegment x, long xOffset, MemorySegment y, long yOffset, int n);

    void geluTanh(MemorySegment x, long xOffset, MemorySegment y, long yOffset, int n);

    void relu(MemorySegment x, long xOffset, MemorySegment y, long yOffset, int n);

    void sigmoid(MemorySegment x, long xOffset, MemorySegment y, long yOffset, int n);
}
