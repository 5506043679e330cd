package omni.engine;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import omni.error.ModelFormatException;
import omni.kernels.Convert;
import omni.kernels.FloatFormat;

/** Small stored tensors (norms, biases) as float32; large ones stay as they are stored. */
public final class StoredFloats {
    private StoredFloats() {}

    /**
     * A float32 copy of a vector, freed with its last reference.
     *
     * @throws ModelFormatException if shape or element type is another
     */
    public static MemorySegment vector(Tensor tensor, int size) {
        if (!tensor.hasShape(size)) {
            throw new ModelFormatException("wrong shape: tensor=" + tensor.name() + ", shape=" + tensor.shapeText()
                    + ", expected=[" + size + "]; the files do not fit the configuration");
        }
        MemorySegment out = Arena.ofAuto().allocate((long) size * Float.BYTES, Workspace.ALIGNMENT);
        Convert.toF32(tensor.data(), 0, format(tensor), out, 0, size);
        return out;
    }

    /**
     * Writes the elements of a tensor of any shape to adjacent rows.
     *
     * @param out as many elements as the tensor has
     * @throws ModelFormatException if the element type is not F32, BF16 or F16
     * @throws IllegalArgumentException if the matrix has another number of elements, or a gap between its rows
     */
    public static void write(Tensor tensor, Matrix out) {
        if (tensor.elements() != (long) out.rows() * out.cols() || out.stride() != out.cols()) {
            throw new IllegalArgumentException(
                    "tensor: " + tensor + ", out=[" + out.rows() + "," + out.cols() + "], stride=" + out.stride());
        }
        int n = Math.toIntExact(tensor.elements());
        Convert.toF32(tensor.data(), 0, format(tensor), out.data(), out.offset(), n);
    }

    /**
     * The format of a tensor that kernels compute with.
     *
     * @throws ModelFormatException if it is not F32, BF16 or F16
     */
    public static FloatFormat format(Tensor tensor) {
        FloatFormat format = tensor.type().floatFormat();
        if (format == null) {
            throw new ModelFormatException("wrong element type: tensor=" + tensor.name() + ", type=" + tensor.type()
                    + ", expected=F32, BF16 or F16; convert the checkpoint to one of them");
        }
        return format;
    }
}
