package omni.kernels;

import java.lang.foreign.MemorySegment;

/** The definitions. */
final class ScalarRope implements RopeKernel {
    @Override
    public void halfSplit(
            MemorySegment x,
            long xOffset,
            int heads,
            int headDim,
            MemorySegment cos,
            MemorySegment sin,
            long tableOffset) {
        int half = headDim / 2;
        for (int h = 0; h < heads; h++) {
            long head = xOffset + (long) h * headDim;
            for (int i = 0; i < half; i++) {
                float c = Floats.get(cos, tableOffset + i);
                float s = Floats.get(sin, tableOffset + i);
                float x0 = Floats.get(x, head + i);
                float x1 = Floats.get(x, head + half + i);
                Floats.set(x, head + i, x0 * c - x1 * s);
                Floats.set(x, head + half + i, x1 * c + x0 * s);
            }
        }
    }

    @Override
    public void interleaved(
            MemorySegment x,
            long xOffset,
            int heads,
            int headDim,
            MemorySegment cos,
            MemorySegment sin,
            long tableOffset) {
        for (int h = 0; h < heads; h++) {
            long head = xOffset + (long) h * headDim;
            for (int i = 0; i < headDim / 2; i++) {
                float c = Floats.get(cos, tableOffset + i);
                float s = Floats.get(sin, tableOffset + i);
                float x0 = Floats.get(x, head + 2L * i);
                float x1 = Floats.get(x, head + 2L * i + 1);
                Floats.set(x, head + 2L * i, x0 * c - x1 * s);
                Floats.set(x, head + 2L * i + 1, x1 * c + x0 * s);
            }
        }
    }
}
