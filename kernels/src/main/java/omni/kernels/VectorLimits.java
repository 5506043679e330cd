package omni.kernels;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/** Limits of the Vector API kernels. */
final class VectorLimits implements LimitsKernel {
    private static final int CHAINS = 12;

    /** Streams read side by side: the hardware prefetcher follows several, and one of 4 KiB pages alone starts anew at each. */
    private static final int STREAMS = 8;

    private static final int STREAM_BYTES = 8 << 10;

    @Override
    public int fmasPerStep() {
        return CHAINS * Vectors.LANES;
    }

    /**
     * 12 chains: more than the latency of 4 or 5 cycles times 2 a cycle, fewer than 16 registers. What is added to is the last operand:
     * C2 multiplies into its register, and would copy it first if it were needed again.
     */
    @Override
    public float fma(int steps) {
        FloatVector m = FloatVector.broadcast(Vectors.F32, 0.9999f);
        FloatVector s = FloatVector.broadcast(Vectors.F32, 1e-4f);
        FloatVector a = m;
        FloatVector b = m;
        FloatVector c = m;
        FloatVector d = m;
        FloatVector e = m;
        FloatVector f = m;
        FloatVector g = m;
        FloatVector h = m;
        FloatVector i = m;
        FloatVector j = m;
        FloatVector k = m;
        FloatVector l = m;
        for (int n = 0; n < steps; n++) {
            a = m.fma(s, a);
            b = m.fma(s, b);
            c = m.fma(s, c);
            d = m.fma(s, d);
            e = m.fma(s, e);
            f = m.fma(s, f);
            g = m.fma(s, g);
            h = m.fma(s, h);
            i = m.fma(s, i);
            j = m.fma(s, j);
            k = m.fma(s, k);
            l = m.fma(s, l);
        }
        FloatVector sum = a.add(b)
                .add(c)
                .add(d)
                .add(e)
                .add(f)
                .add(g)
                .add(h)
                .add(i)
                .add(j)
                .add(k)
                .add(l);
        return sum.lane(0);
    }

    @Override
    public float read(MemorySegment memory) {
        int bits = 0;
        for (long offset = 0; offset < memory.byteSize(); offset += STREAMS * STREAM_BYTES) {
            bits |= readStreams(Floats.offHeap(memory.asSlice(offset, STREAMS * STREAM_BYTES)));
        }
        return bits;
    }

    private static int readStreams(MemorySegment memory) {
        IntVector a = IntVector.zero(Vectors.I32);
        IntVector b = a;
        for (int i = 0; i < STREAM_BYTES; i += Vectors.BITS / 8) {
            a = a.or(load(memory, i)).or(load(memory, i + 2L * STREAM_BYTES));
            b = b.or(load(memory, i + STREAM_BYTES)).or(load(memory, i + 3L * STREAM_BYTES));
            a = a.or(load(memory, i + 4L * STREAM_BYTES)).or(load(memory, i + 6L * STREAM_BYTES));
            b = b.or(load(memory, i + 5L * STREAM_BYTES)).or(load(memory, i + 7L * STREAM_BYTES));
        }
        return a.or(b).lane(0);
    }

    private static IntVector load(MemorySegment memory, long byteOffset) {
        return IntVector.fromMemorySegment(Vectors.I32, memory, byteOffset, LITTLE_ENDIAN);
    }
}
