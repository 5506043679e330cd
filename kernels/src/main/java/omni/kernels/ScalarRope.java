package omni.kernels;

import java.lang.foreign.MemorySegment;

/** The definition. */
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
}
