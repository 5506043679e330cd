package omni.kernels;

import java.lang.foreign.MemorySegment;

/** What {@link MachineLimits} times. */
interface LimitsKernel {
    /** Float32 multiply-adds in one step of {@link #fma}. */
    int fmasPerStep();

    /** Independent chains of multiply-adds in registers. */
    float fma(int steps);

    /** Reads all of {@code memory}, whose size is a multiple of 64 KiB. */
    float read(MemorySegment memory);
}
