package omni.loader;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import omni.engine.ElementType;
import omni.engine.Tensor;

/**
 * A view into a storage of a torch archive: element {@code [i, j, …]} lies {@code offset + i * strides[0] + j * strides[1] + …}
 * elements behind the storage's begin. Several tensors may share a storage. Valid as long as the archive is open.
 */
public final class TorchTensor {
    /** Far above any tensor of a model. */
    static final int MAX_RANK = 32;

    private static final ValueLayout.OfShort I16 = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt I32 = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong I64 = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfFloat F32 = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfDouble F64 =
            ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final ElementType type;
    private final MemorySegment storage;
    private final long offset;
    private final long[] shape;
    private final long[] strides;
    private final long elements;

    /**
     * @param storage elements of {@code type}, little-endian
     * @throws ArithmeticException if a product or sum of the sizes overflows
     * @throws IndexOutOfBoundsException if an element lies outside the storage
     */
    TorchTensor(ElementType type, MemorySegment storage, long offset, long[] shape, long[] strides) {
        this.type = type;
        this.storage = storage;
        this.offset = offset;
        this.shape = shape;
        this.strides = strides;
        if (shape.length != strides.length || shape.length > MAX_RANK || offset < 0) {
            throw new IndexOutOfBoundsException();
        }
        long count = 1;
        long last = offset;
        for (int axis = 0; axis < shape.length; axis++) {
            if (shape[axis] < 0 || strides[axis] < 0) {
                throw new IndexOutOfBoundsException();
            }
            count = Math.multiplyExact(count, shape[axis]);
            last = Math.addExact(last, Math.multiplyExact(Math.max(0, shape[axis] - 1), strides[axis]));
        }
        elements = count;
        if (count > 0 && last >= storage.byteSize() / bytes()) {
            throw new IndexOutOfBoundsException();
        }
    }

    /** Type of the elements. */
    public ElementType type() {
        return type;
    }

    /** Sizes of the axes, a copy. */
    public long[] shape() {
        return shape.clone();
    }

    /** The shape as {@code [1,48]}, for messages. */
    public String shapeText() {
        return Arrays.toString(shape).replace(" ", "");
    }

    /** Number of elements. Views may repeat a stored number, so there may be more of them than the file has bytes. */
    public long elements() {
        return elements;
    }

    private long bytes() {
        return type.bits() / Byte.SIZE;
    }

    /**
     * A copy as float32 in row-major order; whole numbers and truth values become the nearest number.
     *
     * @param name of the tensor
     * @param arena owns the copy, of 4 bytes for each of {@link #elements}
     */
    public Tensor toF32(String name, Arena arena) {
        MemorySegment out = arena.allocate(Math.max(1, Math.multiplyExact(elements, Float.BYTES)), 64);
        long[] index = new long[shape.length];
        long at = offset;
        for (long i = 0; i < elements; i++) {
            out.setAtIndex(ValueLayout.JAVA_FLOAT, i, value(at));
            for (int axis = shape.length - 1; axis >= 0; axis--) {
                at += strides[axis];
                if (++index[axis] < shape[axis]) {
                    break;
                }
                at -= index[axis] * strides[axis];
                index[axis] = 0;
            }
        }
        return new Tensor(name, ElementType.F32, shape, out.asSlice(0, elements * Float.BYTES));
    }

    private float value(long at) {
        return switch (type) {
            case F64 -> (float) storage.getAtIndex(F64, at);
            case F32 -> storage.getAtIndex(F32, at);
            case F16 -> Float.float16ToFloat(storage.getAtIndex(I16, at));
            case BF16 -> Float.intBitsToFloat(storage.getAtIndex(I16, at) << Short.SIZE);
            case I64 -> storage.getAtIndex(I64, at);
            case I32 -> storage.getAtIndex(I32, at);
            case I16 -> storage.getAtIndex(I16, at);
            case I8 -> storage.get(ValueLayout.JAVA_BYTE, at);
            case U8, BOOL -> storage.get(ValueLayout.JAVA_BYTE, at) & 0xFF;
            default -> throw new IllegalStateException("torch tensor: type=" + type);
        };
    }

    @Override
    public String toString() {
        return type + shapeText();
    }
}
