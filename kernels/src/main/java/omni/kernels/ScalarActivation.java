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

    @Override
    public void silu(MemorySegment x, long xOffset, MemorySegment y, long yOffset, int n) {
        for (int i = 0; i < n; i++) {
            float v = Floats.get(x, xOffset + i);
            Floats.set(y, yOffset + i, (float) (v / (1 + Math.exp(-v))));
        }
    }

    @Override
    public void gelu(MemorySegment x, long xOffset, MemorySegment y, long yOffset, int n) {
        for (int i = 0; i < n; i++) {
            float v = Floats.get(x, xOffset + i);
            Floats.set(y, yOffset + i, (float) (v * Erf.normal(v)));
        }
    }

    @Override
    public void geluTanh(MemorySegment x, long xOffset, MemorySegment y, long yOffset, int n) {
        for (int i = 0; i < n; i++) {
            double v = Floats.get(x, xOffset + i);
            Floats.set(y, yOffset + i, (float)
                    (v * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (v + 0.044715 * v * v * v))) / 2));
        }
    }

    @Override
    public void relu(MemorySegment x, long xOffset, MemorySegment y, long yOffset, int n) {
        for (int i = 0; i < n; i++) {
            float v = Floats.get(x, xOffset + i);
            Floats.set(y, yOffset + i, v < 0 ? 0 : v);
        }
    }

    @Override
    public void sigmoid(MemorySegment x, long xOffset, MemorySegment y, long yOffset, int n) {
        for (int i = 0; i < n; i++) {
            Floats.set(y, yOffset + i, (float) (1 / (1 + Math.exp(-Floats.get(x, xOffset + i)))));
        }
    }
}
