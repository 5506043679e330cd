package omni.kernels;

import java.lang.foreign.MemorySegment;

/** The definitions: double precision, rounded once. */
final class ScalarVectorMath implements VectorMathKernel {
    @Override
    public void exp(MemorySegment x, long xOffset, MemorySegment y, long yOffset, int n) {
        for (int i = 0; i < n; i++) {
            Floats.set(y, yOffset + i, (float) Math.exp(Floats.get(x, xOffset + i)));
        }
    }

    @Override
    public void sin(MemorySegment x, long xOffset, MemorySegment y, long yOffset, int n) {
        for (int i = 0; i < n; i++) {
            Floats.set(y, yOffset + i, (float) Math.sin(Floats.get(x, xOffset + i)));
        }
    }

    @Override
    public void cos(MemorySegment x, long xOffset, MemorySegment y, long yOffset, int n) {
        for (int i = 0; i < n; i++) {
            Floats.set(y, yOffset + i, (float) Math.cos(Floats.get(x, xOffset + i)));
        }
    }

    @Override
    public void log(MemorySegment x, long xOffset, MemorySegment y, long yOffset, int n) {
        for (int i = 0; i < n; i++) {
            Floats.set(y, yOffset + i, (float) Math.log(Floats.get(x, xOffset + i)));
        }
    }

    @Override
    public void tanh(MemorySegment x, long xOffset, MemorySegment y, long yOffset, int n) {
        for (int i = 0; i < n; i++) {
            Floats.set(y, yOffset + i, (float) Math.tanh(Floats.get(x, xOffset + i)));
        }
    }
}
