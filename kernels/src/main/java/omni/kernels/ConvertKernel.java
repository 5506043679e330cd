package omni.kernels;

import java.lang.foreign.MemorySegment;

/** Implementations of {@link Convert}; offsets of 16-bit elements in bytes, of floats in floats. */
interface ConvertKernel {
    void bf16ToF32(MemorySegment src, long srcByteOffset, MemorySegment dst, long dstOffset, int n);

    void f16ToF32(MemorySegment src, long srcByteOffset, MemorySegment dst, long dstOffset, int n);

    void f32ToBf16(MemorySegment src, long srcOffset, MemorySegment dst, long dstByteOffset, int n);

    void f32ToF16(MemorySegment src, long srcOffset, MemorySegment dst, long dstByteOffset, int n);
}
