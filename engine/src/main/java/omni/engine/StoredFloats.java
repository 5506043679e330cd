package omni.engine;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import omni.error.ModelFormatException;
import omni.kernels.Convert;
import omni.kernels.FloatFormat;

/** Small stored tensors (norms, biases) as float32; large ones stay as they are stored. */
final class StoredFloats {
    private StoredFloats() {}

    /**
     * A float32 copy of a vector, freed with its last reference.
     *
     * @throws ModelFormatException if shape or element type is another
     */
    static MemorySegment vector(Tensor tensor, int size) {
        if (!tensor.hasShape(size)) {
            throw new ModelFormatException("wrong shape: tensor=" + tensor.name() + ", shape=" + tensor.shapeText()
                    + ", expected=[" + size + "]; the files do not fit the configuration");
        }
        MemorySegment out = Arena.ofAuto().allocate((long) size * Float.BYTES, Workspace.ALIGNMENT);
        Convert.toF32(tensor.data(), 0, format(tensor), out, 0, size);
        return out;
    }

    /** The format of a tensor that kernels compute with. */
    static FloatFormat format(Tensor tensor) {
        FloatFormat format = tensor.type().floatFormat();
        if (format == null) {
            throw new ModelFormatException("wrong element type: tensor=" + tensor.name() + ", type=" + tensor.type()
                    + ", expected=F32, BF16 or F16; convert the checkpoint to one of them");
        }
        return format;
    }
}
