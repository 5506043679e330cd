package omni.kernels;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/** Integer arithmetic on the bits; the tail element by element as in the definition, which gives the same bits. */
final class VectorConvert implements ConvertKernel {
    private static final ScalarConvert SCALAR = new ScalarConvert();

    /** Exponent of a half that is moved to a float's place, times this, becomes the float's: 2^(127 - 15). */
    private static final float HALF_TO_FLOAT = 0x1p112f;

    /** Smallest magnitude that rounds to a half's infinity: 65520. */
    private static final int HALF_OVERFLOW = Float.floatToRawIntBits(65520f);

    @Override
    public void bf16ToF32(MemorySegment src, long srcByteOffset, MemorySegment dst, long dstOffset, int n) {
        src = Floats.offHeap(src);
        dst = Floats.offHeap(dst);
        int bound = Vectors.F32.loopBound(n);
        for (int i = 0; i < bound; i += Vectors.LANES) {
            VectorFunctions.store(bf16(src, srcByteOffset + 2L * i), dst, dstOffset + i);
        }
        SCALAR.bf16ToF32(src, srcByteOffset + 2L * bound, dst, dstOffset + bound, n - bound);
    }

    @Override
    public void f16ToF32(MemorySegment src, long srcByteOffset, MemorySegment dst, long dstOffset, int n) {
        src = Floats.offHeap(src);
        dst = Floats.offHeap(dst);
        int bound = Vectors.F32.loopBound(n);
        for (int i = 0; i < bound; i += Vectors.LANES) {
            VectorFunctions.store(f16(src, srcByteOffset + 2L * i), dst, dstOffset + i);
        }
        SCALAR.f16ToF32(src, srcByteOffset + 2L * bound, dst, dstOffset + bound, n - bound);
    }

    @Override
    public void f32ToBf16(MemorySegment src, long srcOffset, MemorySegment dst, long dstByteOffset, int n) {
        src = Floats.offHeap(src);
        dst = Floats.offHeap(dst);
        int bound = Vectors.F32.loopBound(n);
        for (int i = 0; i < bound; i += Vectors.LANES) {
            FloatVector value = VectorFunctions.load(src, srcOffset + i);
            IntVector bits = value.reinterpretAsInts();
            IntVector top = bits.lanewise(VectorOperators.LSHR, 16);
            IntVector rounded = bits.add(top.and(1)).add(0x7fff).lanewise(VectorOperators.LSHR, 16);
            narrow(rounded.blend(top.or(0x40), nan(value)), dst, dstByteOffset + 2L * i);
        }
        SCALAR.f32ToBf16(src, srcOffset + bound, dst, dstByteOffset + 2L * bound, n - bound);
    }

    @Override
    public void f32ToF16(MemorySegment src, long srcOffset, MemorySegment dst, long dstByteOffset, int n) {
        src = Floats.offHeap(src);
        dst = Floats.offHeap(dst);
        int bound = Vectors.F32.loopBound(n);
        for (int i = 0; i < bound; i += Vectors.LANES) {
            FloatVector value = VectorFunctions.load(src, srcOffset + i);
            narrow(half(value), dst, dstByteOffset + 2L * i);
        }
        SCALAR.f32ToF16(src, srcOffset + bound, dst, dstByteOffset + 2L * bound, n - bound);
    }

    /** {@link Vectors#LANES} bfloat16 as floats: the bits moved up. */
    static FloatVector bf16(MemorySegment src, long byteOffset) {
        return widen(src, byteOffset).lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
    }

    /** {@link Vectors#LANES} halves as floats: exponent and fraction moved to their places and the exponent's bias corrected by a product. */
    static FloatVector f16(MemorySegment src, long byteOffset) {
        IntVector bits = widen(src, byteOffset);
        IntVector magnitude = bits.and(0x7fff).lanewise(VectorOperators.LSHL, 13);
        IntVector sign = bits.and(0x8000).lanewise(VectorOperators.LSHL, 16);
        IntVector scaled = magnitude.reinterpretAsFloats().mul(HALF_TO_FLOAT).reinterpretAsInts();
        // Infinity and NaN: exponent 31 becomes 255. A signalling NaN is quieted, as Float.float16ToFloat does.
        IntVector special = magnitude.or(0x7f800000);
        VectorMask<Integer> infinite = magnitude.compare(VectorOperators.GE, 0x7c00 << 13);
        VectorMask<Integer> nan = magnitude.compare(VectorOperators.GT, 0x7c00 << 13);
        special = special.blend(special.or(0x400000), nan);
        return scaled.blend(special, infinite).or(sign).reinterpretAsFloats();
    }

    private static IntVector half(FloatVector value) {
        IntVector bits = value.reinterpretAsInts();
        IntVector magnitude = bits.and(0x7fffffff);
        IntVector sign = bits.lanewise(VectorOperators.LSHR, 16).and(0x8000);
        // Normal results: rebias, round half to even at bit 13.
        IntVector odd = magnitude.lanewise(VectorOperators.LSHR, 13).and(1);
        IntVector normal = magnitude.sub(112 << 23).add(0xfff).add(odd).lanewise(VectorOperators.LSHR, 13);
        // Denormal results: adding 0.5 puts the last place of a half (2^-24) at a float's last place, and the addition
        // rounds.
        IntVector denormal =
                magnitude.reinterpretAsFloats().add(0.5f).reinterpretAsInts().sub(Float.floatToRawIntBits(0.5f));
        IntVector result = normal.blend(denormal, magnitude.compare(VectorOperators.LT, 113 << 23));
        result = result.blend(0x7c00, magnitude.compare(VectorOperators.GE, HALF_OVERFLOW));
        IntVector quiet =
                magnitude.lanewise(VectorOperators.LSHR, 13).and(0x3ff).or(0x7e00);
        return result.blend(quiet, nan(value)).or(sign);
    }

    private static VectorMask<Integer> nan(FloatVector value) {
        return value.reinterpretAsInts().and(0x7fffffff).compare(VectorOperators.GT, 0x7f800000);
    }

    private static IntVector widen(MemorySegment src, long byteOffset) {
        return (IntVector) ShortVector.fromMemorySegment(Vectors.I16_HALF, src, byteOffset, LITTLE_ENDIAN)
                .convertShape(VectorOperators.ZERO_EXTEND_S2I, Vectors.I32, 0);
    }

    private static void narrow(IntVector v, MemorySegment dst, long byteOffset) {
        ((ShortVector) v.convertShape(VectorOperators.I2S, Vectors.I16_HALF, 0))
                .intoMemorySegment(dst, byteOffset, LITTLE_ENDIAN);
    }
}
