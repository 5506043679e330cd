package omni.engine;

import omni.kernels.FloatFormat;
import org.jspecify.annotations.Nullable;

/** The element types of the safetensors format, by their names in its header. */
public enum ElementType {
    BOOL(8),
    F4(4),
    F6_E2M3(6),
    F6_E3M2(6),
    U8(8),
    I8(8),
    F8_E5M2(8),
    F8_E4M3(8),
    F8_E8M0(8),
    F8_E4M3FNUZ(8),
    F8_E5M2FNUZ(8),
    I16(16),
    U16(16),
    F16(16),
    BF16(16),
    I32(32),
    U32(32),
    F32(32),
    F64(64),
    I64(64),
    U64(64),
    C64(64);

    private final int bits;

    ElementType(int bits) {
        this.bits = bits;
    }

    /** Size of one element in bits; 4 and 6 for the types that are packed below a byte. */
    public int bits() {
        return bits;
    }

    /** The kernels' format for weights of this type, or null where the kernels cannot compute with it. */
    public @Nullable FloatFormat floatFormat() {
        return switch (this) {
            case F32 -> FloatFormat.F32;
            case BF16 -> FloatFormat.BF16;
            case F16 -> FloatFormat.F16;
            default -> null;
        };
    }
}
