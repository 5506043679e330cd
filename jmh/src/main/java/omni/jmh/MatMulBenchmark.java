package omni.jmh;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import omni.engine.ElementType;
import omni.engine.Linear;
import omni.engine.Matrix;
import omni.engine.Tensor;
import omni.engine.ThreadTeam;
import omni.engine.Workspace;
import omni.kernels.Convert;
import omni.kernels.FloatFormat;
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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** The matrix product on all threads, as a layer runs it: one row streams the weights, many rows are packed. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
public class MatMulBenchmark {
    @Param({"F32", "BF16", "F16"})
    public FloatFormat format;

    /** Whether BF16 weights are copied in 12 bits. */
    @Param({"false"})
    public boolean compact;

    @Param({"1", "7", "512"})
    public int rows;

    /** Outputs x inputs: a feed-forward layer of the 3B model, and odd sizes. */
    @Param({"11008x2048", "2049x1031"})
    public String shape;

    private ThreadTeam team;
    private Workspace ws;
    private Linear linear;
    private long bytes;
    private Matrix x;
    private Matrix y;

    @Setup(Level.Trial)
    public void setUp() {
        int outputs = Integer.parseInt(shape.substring(0, shape.indexOf('x')));
        int inputs = Integer.parseInt(shape.substring(shape.indexOf('x') + 1));
        int n = outputs * inputs;
        MemorySegment w = Data.normal(n, 1, 0.02);
        MemorySegment stored = Data.zeros(n).asSlice(0, (long) n * format.bytes());
        Convert.fromF32(w, 0, format, stored, 0, n);
        Convert.toF32(stored, 0, format, w, 0, n);
        team = new ThreadTeam(Runtime.getRuntime().availableProcessors());
        ws = new Workspace(team);
        ElementType type = ElementType.valueOf(format.name());
        Tensor tensor = new Tensor("w", type, new long[] {outputs, inputs}, stored);
        linear = Linear.of(tensor, null);
        bytes = stored.byteSize();
        if (compact) {
            linear = linear.compact(Arena.ofAuto(), team);
            bytes = Linear.compactBytes(tensor);
        }
        MemorySegment input = Data.normal((long) rows * inputs, 2, 1);
        x = new Matrix(input, 0, rows, inputs, inputs);
        y = ws.matrix(rows, outputs);
        linear.forward(x, y, ws);
        for (int t = 0; t < rows; t += 101) {
            for (int o = 0; o < outputs; o += 997) {
                double expected = 0;
                for (int i = 0; i < inputs; i++) {
                    expected += (double) x.get(t, i) * Data.get(w, (long) o * inputs + i);
                }
                Data.check("matmul", y.get(t, o), expected, 1e-4);
            }
        }
    }

    @TearDown(Level.Trial)
    public void tearDown() {
        ws.close();
        team.close();
    }

    @Benchmark
    @Fork(value = 3, jvmArgsAppend = Jvm.VECTOR)
    public void matMulVector(Work work) {
        matMul(work);
    }

    @Benchmark
    @Fork(
            value = 3,
            jvmArgsAppend = {Jvm.VECTOR, Jvm.SCALAR})
    public void matMulScalar(Work work) {
        matMul(work);
    }

    private void matMul(Work work) {
        linear.forward(x, y, ws);
        double weights = (double) linear.outputs() * linear.inputs();
        work.add(2.0 * rows * weights, bytes);
    }
}
