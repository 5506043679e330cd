package omni.kernels;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** The definitions. */
final class ScalarConvert implements ConvertKernel {
    static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    @Override
    public void bf16ToF32(MemorySegment src, long srcByteOffset, MemorySegment dst, long dstOffset, int n) {
        for (int i = 0; i < n; i++) {
            Floats.set(dst, dstOffset + i, bf16ToF32(src.get(SHORT, srcByteOffset + 2L * i)));
        }
    }

    @Override
    public void f16ToF32(MemorySegment src, long srcByteOffset, MemorySegment dst, long dstOffset, int n) {
        for (int i = 0; i < n; i++) {
            Floats.set(dst, dstOffset + i, Float.float16ToFloat(src.get(SHORT, srcByteOffset + 2L * i)));
        }
    }

    @Override
    public void f32ToBf16(MemorySegment src, long srcOffset, MemorySegment dst, long dstByteOffset, int n) {
        for (int i = 0; i < n; i++) {
            dst.set(SHORT, dstByteOffset + 2L * i, f32ToBf16(Floats.get(src, srcOffset + i)));
        }
    }

    @Override
    public void f32ToF16(MemorySegment src, long srcOffset, MemorySegment dst, long dstByteOffset, int n) {
        for (int i = 0; i < n; i++) {
            dst.set(SHORT, dstByteOffset + 2L * i, Float.floatToFloat16(Floats.get(src, srcOffset + i)));
        }
    }

    static float bf16ToF32(short bits) {
        return Float.intBitsToFloat(bits << 16);
    }

    static short f32ToBf16(float value) {
        int bits = Float.floatToRawIntBits(value);
        if (Float.isNaN(value)) {
            // Quiet: truncation could leave a zero fraction, which would be an infinity.
            return (short) ((bits >>> 16) | 0x40);
        }
        // Adding just under half of the last place kept, and one more if that place is odd, rounds ties to even.
        return (short) ((bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16);
    }
}
