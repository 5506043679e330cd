package omni.kernels;

import java.lang.foreign.MemorySegment;

/**
 * Conversion between stored formats and float32. To float32 is exact. From float32 rounds to nearest, ties to even; what is too large
 * becomes infinite; a NaN stays a NaN.
 */
public final class Convert {
    private static final ConvertKernel KERNEL = KernelProvider.vector() ? new VectorConvert() : new ScalarConvert();

    private Convert() {}

    /**
     * @param src elements in {@code format}, little-endian, of any alignment
     * @param srcByteOffset bytes before the first one
     * @param dst float32; {@code dstOffset} in floats
     * @param n number of elements
     * @throws IllegalArgumentException if an operand does not lie inside its memory
     */
    public static void toF32(
            MemorySegment src, long srcByteOffset, FloatFormat format, MemorySegment dst, long dstOffset, int n) {
        checkBytes("convert: src", src, srcByteOffset, format, n);
        Floats.check("convert: dst", dst, dstOffset, n);
        switch (format) {
            case F32 -> MemorySegment.copy(src, srcByteOffset, dst, dstOffset * Float.BYTES, (long) n * Float.BYTES);
            case BF16 -> KERNEL.bf16ToF32(src, srcByteOffset, dst, dstOffset, n);
            case F16 -> KERNEL.f16ToF32(src, srcByteOffset, dst, dstOffset, n);
        }
    }

    /**
     * @param src float32; {@code srcOffset} in floats
     * @param dst elements in {@code format}, little-endian, of any alignment
     * @param dstByteOffset bytes before the first one
     * @param n number of elements
     * @throws IllegalArgumentException if an operand does not lie inside its memory
     */
    public static void fromF32(
            MemorySegment src, long srcOffset, FloatFormat format, MemorySegment dst, long dstByteOffset, int n) {
        Floats.check("convert: src", src, srcOffset, n);
        checkBytes("convert: dst", dst, dstByteOffset, format, n);
        switch (format) {
            case F32 -> MemorySegment.copy(src, srcOffset * Float.BYTES, dst, dstByteOffset, (long) n * Float.BYTES);
            case BF16 -> KERNEL.f32ToBf16(src, srcOffset, dst, dstByteOffset, n);
            case F16 -> KERNEL.f32ToF16(src, srcOffset, dst, dstByteOffset, n);
        }
    }

    private static void checkBytes(String what, MemorySegment x, long byteOffset, FloatFormat format, int n) {
        Floats.checkOffHeap(what, x);
        long bytes = (long) n * format.bytes();
        Floats.require(
                byteOffset >= 0 && n >= 0 && byteOffset <= x.byteSize() && bytes <= x.byteSize() - byteOffset,
                what + ": outside its memory: byteOffset=" + byteOffset + ", n=" + n + ", format=" + format + ", bytes="
                        + x.byteSize());
    }
}
