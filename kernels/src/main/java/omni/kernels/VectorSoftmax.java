package omni.kernels;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/** Three passes over the row: maximum, exponentials, division by their sum. */
final class VectorSoftmax implements SoftmaxKernel {
    private static final VectorReduce REDUCE = new VectorReduce();

    @Override
    public void row(MemorySegment x, long xOffset, int columns) {
        exponentials(x, xOffset, REDUCE.max(x, xOffset, columns), columns);
        divide(x, xOffset, REDUCE.sum(x, xOffset, columns), columns);
    }

    private static void exponentials(MemorySegment x, long xOffset, float max, int columns) {
        x = Floats.offHeap(x);
        FloatVector maxes = FloatVector.broadcast(Vectors.F32, max);
        int bound = Vectors.F32.loopBound(columns);
        for (int i = 0; i < bound; i += Vectors.LANES) {
            FloatVector e =
                    VectorFunctions.exp(VectorFunctions.load(x, xOffset + i).sub(maxes));
            VectorFunctions.store(e, x, xOffset + i);
        }
        if (bound < columns) {
            VectorMask<Float> tail = VectorFunctions.first(columns - bound);
            FloatVector e = VectorFunctions.exp(
                    VectorFunctions.load(x, xOffset + bound, tail).sub(maxes));
            VectorFunctions.store(e, x, xOffset + bound, tail);
        }
    }

    private static void divide(MemorySegment x, long xOffset, float sum, int columns) {
        x = Floats.offHeap(x);
        FloatVector sums = FloatVector.broadcast(Vectors.F32, sum);
        int bound = Vectors.F32.loopBound(columns);
        for (int i = 0; i < bound; i += Vectors.LANES) {
            VectorFunctions.store(VectorFunctions.load(x, xOffset + i).div(sums), x, xOffset + i);
        }
        for (int i = bound; i < columns; i++) {
            Floats.set(x, xOffset + i, Floats.get(x, xOffset + i) / sum);
        }
    }
}
