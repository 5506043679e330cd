package omni.jmh;

import java.lang.foreign.MemorySegment;
import omni.kernels.Attention;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Causal attention, 16 query heads on 2 key-value heads of 128: a prompt, and one token over its cache. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
public class AttentionBenchmark {
    private static final int HEADS = 16;
    private static final int KV_HEADS = 2;
    private static final int HEAD_DIM = 128;
    private static final int PAGE = 256;
    private static final int WIDTH = HEADS * HEAD_DIM;

    @Param({"207", "2048"})
    public int positions;

    private final Attention.Scratch scratch = new Attention.Scratch();
    private MemorySegment q;
    private MemorySegment y;
    private MemorySegment[] keys;
    private MemorySegment[] values;
    private float scale;

    @Setup(Level.Trial)
    public void setUp() {
        q = Data.normal((long) positions * WIDTH, 1, 1);
        y = Data.zeros((long) positions * WIDTH);
        int pages = Math.ceilDiv(positions, PAGE);
        keys = new MemorySegment[pages];
        values = new MemorySegment[pages];
        for (int p = 0; p < pages; p++) {
            keys[p] = Data.normal((long) KV_HEADS * PAGE * HEAD_DIM, 10 + p, 1);
            values[p] = Data.normal((long) KV_HEADS * PAGE * HEAD_DIM, 1000 + p, 1);
        }
        scale = (float) (1 / Math.sqrt(HEAD_DIM));
        run(positions, 0);
        verify(positions - 1, 5);
    }

    /** Output of one row and head against the formula. */
    private void verify(int row, int head) {
        int kvHead = head / (HEADS / KV_HEADS);
        double[] score = new double[row + 1];
        double total = 0;
        for (int s = 0; s <= row; s++) {
            long at = ((long) kvHead * PAGE + s % PAGE) * HEAD_DIM;
            for (int d = 0; d < HEAD_DIM; d++) {
                score[s] += (double) Data.get(q, (long) row * WIDTH + (long) head * HEAD_DIM + d)
                        * Data.get(keys[s / PAGE], at + d);
            }
            score[s] = Math.exp(score[s] * scale);
            total += score[s];
        }
        for (int d = 0; d < HEAD_DIM; d++) {
            double expected = 0;
            for (int s = 0; s <= row; s++) {
                long at = ((long) kvHead * PAGE + s % PAGE) * HEAD_DIM;
                expected += score[s] / total * Data.get(values[s / PAGE], at + d);
            }
            Data.check("attention", Data.get(y, (long) row * WIDTH + (long) head * HEAD_DIM + d), expected, 1e-4);
        }
    }

    private void run(int rows, int past) {
        int units = Attention.prefillUnits(rows, HEADS, KV_HEADS);
        Attention.prefill(
                q, 0, WIDTH, keys, values, PAGE, past, rows, HEADS, KV_HEADS, HEAD_DIM, scale, y, 0, WIDTH, 0, units,
                scratch);
    }

    @Benchmark
    @Fork(value = 3, jvmArgsAppend = Jvm.VECTOR)
    public void prefillVector(Work work) {
        prefill(work);
    }

    @Benchmark
    @Fork(
            value = 3,
            jvmArgsAppend = {Jvm.VECTOR, Jvm.SCALAR})
    public void prefillScalar(Work work) {
        prefill(work);
    }

    private void prefill(Work work) {
        run(positions, 0);
        work.add(2.0 * positions * positions * WIDTH, 8.0 * positions * KV_HEADS * HEAD_DIM);
    }

    @Benchmark
    @Fork(value = 3, jvmArgsAppend = Jvm.VECTOR)
    public void decodeVector(Work work) {
        decode(work);
    }

    @Benchmark
    @Fork(
            value = 3,
            jvmArgsAppend = {Jvm.VECTOR, Jvm.SCALAR})
    public void decodeScalar(Work work) {
        decode(work);
    }

    private void decode(Work work) {
        run(1, positions - 1);
        work.add(4.0 * positions * WIDTH, 8.0 * positions * KV_HEADS * HEAD_DIM);
    }
}
