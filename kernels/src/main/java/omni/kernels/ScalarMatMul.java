package omni.kernels;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/** The definition: one sum after another, in order. X is packed as it is, rows adjacent. */
final class ScalarMatMul implements MatMulKernel {
    private static final ValueLayout.OfShort I16 = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    @Override
    public int lanes() {
        return 8;
    }

    @Override
    public long packedSize(int rows, int inputs) {
        return (long) rows * inputs;
    }

    @Override
    public int packUnits(int rows) {
        return rows;
    }

    @Override
    public void pack(MemorySegment x, long xOffset, int xStride, MatMul.Packed packed, int from, int to) {
        int inputs = packed.inputs;
        for (int t = from; t < to; t++) {
            long row = (xOffset + (long) t * xStride) * Float.BYTES;
            MemorySegment.copy(x, JAVA_FLOAT_UNALIGNED, row, packed.data, t * inputs, inputs);
        }
    }

    @Override
    public int scratchWeights(int rows) {
        return 0;
    }

    @Override
    public int scratchSums(int rows) {
        return 0;
    }

    @Override
    public int unit(int rows) {
        return 1;
    }

    @Override
    public int grain(int rows, int inputs) {
        return 16;
    }

    @Override
    public void multiply(
            MatMul.Packed packed,
            WeightMatrix weights,
            @Nullable MemorySegment bias,
            MemorySegment y,
            long yOffset,
            int yStride,
            boolean accumulate,
            int from,
            int to,
            MatMul.Scratch scratch) {
        int inputs = packed.inputs;
        for (int t = 0; t < packed.rows; t++) {
            for (int n = from; n < to; n++) {
                float sum = 0;
                for (int i = 0; i < inputs; i++) {
                    sum += packed.data[t * inputs + i] * weight(weights, n, i);
                }
                if (bias != null) {
                    sum += Floats.get(bias, n);
                }
                long out = yOffset + (long) t * yStride + n;
                Floats.set(y, out, accumulate ? Floats.get(y, out) + sum : sum);
            }
        }
    }

    /** W[n,i] in float32. */
    static float weight(WeightMatrix weights, int n, int i) {
        return switch (weights) {
            case MatMul.Weights stored -> stored(stored, n, i);
            case CompactWeights compact -> compact.weight(n, i);
        };
    }

    private static float stored(MatMul.Weights w, int n, int i) {
        long at = w.rowByteOffset(n) + (long) i * w.format().bytes();
        return switch (w.format()) {
            case F32 -> w.data().get(Floats.LAYOUT, at);
            case BF16 -> Float.intBitsToFloat(w.data().get(I16, at) << 16);
            case F16 -> Float.float16ToFloat(w.data().get(I16, at));
        };
    }
}
