package omni.kernels;

import java.lang.foreign.MemorySegment;

/** The definitions. */
final class ScalarElementwise implements ElementwiseKernel {
    @Override
    public void add(
            MemorySegment a, long aOffset, MemorySegment b, long bOffset, MemorySegment y, long yOffset, int n) {
        for (int i = 0; i < n; i++) {
            Floats.set(y, yOffset + i, Floats.get(a, aOffset + i) + Floats.get(b, bOffset + i));
        }
    }

    @Override
    public void mul(
            MemorySegment a, long aOffset, MemorySegment b, long bOffset, MemorySegment y, long yOffset, int n) {
        for (int i = 0; i < n; i++) {
            Floats.set(y, yOffset + i, Floats.get(a, aOffset + i) * Floats.get(b, bOffset + i));
        }
    }

    @Override
    public void addMul(
            MemorySegment a, long aOffset, MemorySegment b, long bOffset, MemorySegment y, long yOffset, int n) {
        for (int i = 0; i < n; i++) {
            float sum = Math.fma(Floats.get(a, aOffset + i), Floats.get(b, bOffset + i), Floats.get(y, yOffset + i));
            Floats.set(y, yOffset + i, sum);
        }
    }

    @Override
    public void scale(MemorySegment x, long xOffset, float factor, MemorySegment y, long yOffset, int n) {
        for (int i = 0; i < n; i++) {
            Floats.set(y, yOffset + i, Floats.get(x, xOffset + i) * factor);
        }
    }

    @Override
    public void axpy(float factor, MemorySegment x, long xOffset, MemorySegment y, long yOffset, int n) {
        for (int i = 0; i < n; i++) {
            Floats.set(y, yOffset + i, Math.fma(factor, Floats.get(x, xOffset + i), Floats.get(y, yOffset + i)));
        }
    }

    @Override
    public void fill(MemorySegment y, long yOffset, float value, int n) {
        for (int i = 0; i < n; i++) {
            Floats.set(y, yOffset + i, value);
        }
    }
}
