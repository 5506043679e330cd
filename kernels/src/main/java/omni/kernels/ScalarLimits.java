package omni.kernels;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Limits of the scalar kernels: one multiply and one add at a time, reading by 8 bytes. */
final class ScalarLimits implements LimitsKernel {
    @Override
    public int fmasPerStep() {
        return 8;
    }

    @Override
    public float fma(int steps) {
        float a = 1;
        float b = 2;
        float c = 3;
        float d = 4;
        float e = 5;
        float f = 6;
        float g = 7;
        float h = 8;
        for (int i = 0; i < steps; i++) {
            a = a * 0.9999f + 1e-4f;
            b = b * 0.9999f + 1e-4f;
            c = c * 0.9999f + 1e-4f;
            d = d * 0.9999f + 1e-4f;
            e = e * 0.9999f + 1e-4f;
            f = f * 0.9999f + 1e-4f;
            g = g * 0.9999f + 1e-4f;
            h = h * 0.9999f + 1e-4f;
        }
        return a + b + c + d + e + f + g + h;
    }

    @Override
    public float read(MemorySegment memory) {
        int n = (int) (memory.byteSize() / 32);
        long a = 0;
        long b = 0;
        for (int i = 0; i < n; i++) {
            a |= memory.get(ValueLayout.JAVA_LONG, i * 32L) | memory.get(ValueLayout.JAVA_LONG, i * 32L + 8);
            b |= memory.get(ValueLayout.JAVA_LONG, i * 32L + 16) | memory.get(ValueLayout.JAVA_LONG, i * 32L + 24);
        }
        return a | b;
    }
}
