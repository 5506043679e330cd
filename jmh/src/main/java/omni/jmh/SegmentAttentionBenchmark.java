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

/** Full attention inside segments, as the encoders use it: windows of a picture, blocks of a sound, a whole picture. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
public class SegmentAttentionBenchmark {
    private static final int HEADS = 16;

    /** Rows of a segment x segments x features of a head: vision windows, odd ones, audio blocks, one picture. */
    @Param({"64x15x80", "37x11x80", "100x10x64", "962x1x80"})
    public String shape;

    private final Attention.Scratch scratch = new Attention.Scratch();
    private int[] starts = {};
    private int headDim;
    private int width;
    private MemorySegment q;
    private MemorySegment k;
    private MemorySegment v;
    private MemorySegment y;

    @Setup(Level.Trial)
    public void setUp() {
        String[] sizes = shape.split("x", -1);
        int length = Integer.parseInt(sizes[0]);
        starts = new int[Integer.parseInt(sizes[1]) + 1];
        for (int s = 0; s < starts.length; s++) {
            starts[s] = s * length;
        }
        headDim = Integer.parseInt(sizes[2]);
        width = HEADS * headDim;
        long n = (long) rows() * width;
        q = Data.normal(n, 1, 1);
        k = Data.normal(n, 2, 1);
        v = Data.normal(n, 3, 1);
        y = Data.zeros(n);
        attend();
        verify(rows() - 1, 5);
    }

    private int rows() {
        return starts[starts.length - 1];
    }

    private float scale() {
        return (float) (1 / Math.sqrt(headDim));
    }

    /** Output of one row of the last segment and one head against the formula. */
    private void verify(int row, int head) {
        int first = starts[starts.length - 2];
        int keys = rows() - first;
        double[] weight = new double[keys];
        double total = 0;
        for (int s = 0; s < keys; s++) {
            double score = 0;
            for (int d = 0; d < headDim; d++) {
                score += (double) Data.get(q, at(row, head, d)) * Data.get(k, at(first + s, head, d));
            }
            weight[s] = Math.exp(score * scale());
            total += weight[s];
        }
        for (int d = 0; d < headDim; d++) {
            double expected = 0;
            for (int s = 0; s < keys; s++) {
                expected += weight[s] / total * Data.get(v, at(first + s, head, d));
            }
            Data.check("segment attention", Data.get(y, at(row, head, d)), expected, 1e-4);
        }
    }

    private long at(int row, int head, int d) {
        return (long) row * width + (long) head * headDim + d;
    }

    private void attend() {
        int units = Attention.segmentUnits(starts, HEADS);
        Attention.segments(
                q, 0, width, k, 0, width, v, 0, width, starts, HEADS, headDim, scale(), y, 0, width, 0, units, scratch);
    }

    @Benchmark
    @Fork(value = 3, jvmArgsAppend = Jvm.VECTOR)
    public void segmentsVector(Work work) {
        segments(work);
    }

    @Benchmark
    @Fork(
            value = 3,
            jvmArgsAppend = {Jvm.VECTOR, Jvm.SCALAR})
    public void segmentsScalar(Work work) {
        segments(work);
    }

    private void segments(Work work) {
        attend();
        double length = starts[1];
        work.add(4.0 * rows() * length * width, 16.0 * rows() * width);
    }
}
