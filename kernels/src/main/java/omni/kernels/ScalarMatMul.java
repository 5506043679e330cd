package omni.kernels;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/** The definition: one sum after another, in order. X is packed as it is, rows adjacent. */
final class ScalarMatMul implements MatMulKernel {
    private static final ValueLayout.OfFloat F32 = JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfShort I16 = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    @Override
    public long packedSize(int rows, int inputs) {
        return (long) rows * inputs;
    }

    @Override
    public int packUnits(int rows) {
        return rows;
    }

    @Override
    public void pack(
            MemorySegment x,
            long xOffset,
            int xStride,
            int rows,
            int inputs,
            FloatFormat format,
            MemorySegment packed,
            long packedOffset,
            int from,
            int to) {
        for (int t = from; t < to; t++) {
            MemorySegment.copy(
                    x,
                    (xOffset + (long) t * xStride) * Float.BYTES,
                    packed,
                    (packedOffset + (long) t * inputs) * Float.BYTES,
                    (long) inputs * Float.BYTES);
        }
    }

    @Override
    public int scratchSize(int rows, int inputs) {
        return 0;
    }

    @Override
    public int grain(int rows, int inputs) {
        return 16;
    }

    @Override
    public void multiply(
            MemorySegment packed,
            long packedOffset,
            int rows,
            MatMul.Weights weights,
            @Nullable MemorySegment bias,
            MemorySegment y,
            long yOffset,
            int yStride,
            boolean accumulate,
            int from,
            int to,
            MemorySegment scratch,
            long scratchOffset) {
        for (int t = 0; t < rows; t++) {
            long xRow = packedOffset + (long) t * weights.inputs();
            for (int n = from; n < to; n++) {
                float sum = 0;
                for (int i = 0; i < weights.inputs(); i++) {
                    sum += packed.getAtIndex(JAVA_FLOAT_UNALIGNED, xRow + i) * weight(weights, n, i);
                }
                if (bias != null) {
                    sum += bias.getAtIndex(JAVA_FLOAT_UNALIGNED, n);
                }
                long out = yOffset + (long) t * yStride + n;
                y.setAtIndex(
                        JAVA_FLOAT_UNALIGNED, out, accumulate ? y.getAtIndex(JAVA_FLOAT_UNALIGNED, out) + sum : sum);
            }
        }
    }

    /** W[n,i] in float32. */
    private static float weight(MatMul.Weights w, int n, int i) {
        long at = w.rowByteOffset(n) + (long) i * w.format().bytes();
        return switch (w.format()) {
            case F32 -> w.data().get(F32, at);
            case BF16 -> Float.intBitsToFloat(w.data().get(I16, at) << 16);
            case F16 -> Float.float16ToFloat(w.data().get(I16, at));
        };
    }
}
