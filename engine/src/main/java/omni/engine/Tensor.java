package omni.engine;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * A named, immutable view of row-major elements in memory that somebody else owns: usually a mapped file. Data may be unaligned for
 * its type. Using it after its arena was closed raises {@link IllegalStateException}.
 */
public final class Tensor {
    private final String name;
    private final ElementType type;
    private final long[] shape;
    private final MemorySegment data;

    /**
     * @param name as in the checkpoint, for messages
     * @param type element type
     * @param shape sizes, outermost first; empty for a scalar
     * @param data exactly the bytes of the elements, little-endian
     * @throws IllegalArgumentException if {@code data} does not have the size that shape and type ask for
     */
    public Tensor(String name, ElementType type, long[] shape, MemorySegment data) {
        this.name = name;
        this.type = type;
        this.shape = shape.clone();
        this.data = data;
        long bits = Math.multiplyExact(elements(), type.bits());
        if (data.byteSize() * 8 != bits) {
            throw new IllegalArgumentException("tensor: name=" + name + ", shape=" + shapeText() + ", type=" + type
                    + ", bytes=" + data.byteSize());
        }
    }

    public String name() {
        return name;
    }

    public ElementType type() {
        return type;
    }

    public int rank() {
        return shape.length;
    }

    /** Size of axis {@code axis}; a negative axis counts from the end. */
    public long size(int axis) {
        return shape[axis < 0 ? shape.length + axis : axis];
    }

    public long[] shape() {
        return shape.clone();
    }

    /** Number of elements, 1 for a scalar. */
    public long elements() {
        long n = 1;
        for (long s : shape) {
            n = Math.multiplyExact(n, s);
        }
        return n;
    }

    /** The bytes of the elements, read-only. */
    public MemorySegment data() {
        return data;
    }

    /** True if the shape is exactly {@code sizes}. */
    public boolean hasShape(long... sizes) {
        return Arrays.equals(shape, sizes);
    }

    /**
     * The same elements in another shape.
     *
     * @throws IllegalArgumentException if it has another number of elements
     */
    public Tensor reshaped(long... sizes) {
        return new Tensor(name, type, sizes, data);
    }

    /**
     * Rows {@code from} (inclusive) to {@code to} (exclusive) of the outermost axis.
     *
     * @throws IllegalArgumentException if there are no such rows, or if they do not begin and end at whole bytes
     */
    public Tensor rows(long from, long to) {
        if (shape.length == 0 || from < 0 || from > to || to > shape[0]) {
            throw new IllegalArgumentException("tensor: " + this + ", from=" + from + ", to=" + to);
        }
        long rowBits = shape[0] == 0 ? 0 : elements() / shape[0] * type.bits();
        if (from * rowBits % 8 != 0 || to * rowBits % 8 != 0) {
            throw new IllegalArgumentException("tensor: " + this + ", from=" + from + ", to=" + to);
        }
        long[] sizes = shape.clone();
        sizes[0] = to - from;
        return new Tensor(name, type, sizes, data.asSlice(from * rowBits / 8, (to - from) * rowBits / 8));
    }

    /** The shape as {@code [3,896]}, for messages. */
    public String shapeText() {
        return Arrays.toString(shape).replace(" ", "");
    }

    @Override
    public String toString() {
        return name + " " + type + shapeText();
    }
}
