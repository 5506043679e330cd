package omni.jmh;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import omni.engine.ThreadTeam;
import omni.kernels.Conv1d;
import omni.kernels.FloatFormat;
import omni.kernels.WinogradConv1d;
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

/**
 * Convolutions of the vocoder's sizes on all threads, a frame a row: directly and by minimal filtering. Both count the operations of
 * the direct one, so minimal filtering may exceed the FMA peak.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
public class ConvBenchmark {
    /** Channels x frames: the first, a middle and the last stage for 48 mel frames, and odd sizes. */
    @Param({"768x240", "96x2880", "24x11520", "51x1001"})
    public String shape;

    @Param({"3", "11"})
    public int taps;

    @Param({"1", "3"})
    public int dilation;

    private ThreadTeam team;
    private int channels;
    private int frames;
    private int given;
    private MemorySegment x;
    private MemorySegment y;
    private MemorySegment bias;
    private Conv1d.Weights direct;
    private WinogradConv1d.Weights tiled;
    private WinogradConv1d.Windows windows;
    private Conv1d.Scratch[] scratch;

    @Setup(Level.Trial)
    public void setUp() {
        channels = Integer.parseInt(shape.substring(0, shape.indexOf('x')));
        frames = Integer.parseInt(shape.substring(shape.indexOf('x') + 1));
        given = frames + (taps - 1) * dilation;
        team = new ThreadTeam(Runtime.getRuntime().availableProcessors());
        Arena arena = Arena.ofAuto();
        x = Data.normal((long) given * channels, 1, 1);
        y = Data.zeros((long) frames * channels);
        bias = Data.normal(channels, 2, 1);
        MemorySegment w = Data.normal((long) channels * channels * taps, 3, Math.sqrt(1.0 / (channels * taps)));
        direct = Conv1d.Weights.pack(w, 0, FloatFormat.F32, channels, channels, taps, arena);
        tiled = WinogradConv1d.Weights.pack(w, 0, FloatFormat.F32, channels, channels, taps, arena);
        windows = new WinogradConv1d.Windows();
        scratch = new Conv1d.Scratch[team.size()];
        for (int i = 0; i < scratch.length; i++) {
            scratch[i] = new Conv1d.Scratch();
        }
        runDirect();
        check("conv", w);
        runTiled();
        check("winograd conv", w);
    }

    private void check(String what, MemorySegment w) {
        for (int t = 0; t < frames; t += 97) {
            for (int n = 0; n < channels; n += 23) {
                double expected = Data.get(bias, n);
                for (int c = 0; c < channels; c++) {
                    for (int k = 0; k < taps; k++) {
                        expected += (double) Data.get(w, ((long) n * channels + c) * taps + k)
                                * Data.get(x, (long) (t + k * dilation) * channels + c);
                    }
                }
                Data.check(what, Data.get(y, (long) t * channels + n), expected, 1e-4);
            }
        }
    }

    @TearDown(Level.Trial)
    public void tearDown() {
        team.close();
    }

    @Benchmark
    @Fork(value = 3, jvmArgsAppend = Jvm.VECTOR)
    public void directVector(Work work) {
        runDirect();
        count(work);
    }

    @Benchmark
    @Fork(
            value = 3,
            jvmArgsAppend = {Jvm.VECTOR, Jvm.SCALAR})
    public void directScalar(Work work) {
        runDirect();
        count(work);
    }

    @Benchmark
    @Fork(value = 3, jvmArgsAppend = Jvm.VECTOR)
    public void winogradVector(Work work) {
        runTiled();
        count(work);
    }

    @Benchmark
    @Fork(
            value = 3,
            jvmArgsAppend = {Jvm.VECTOR, Jvm.SCALAR})
    public void winogradScalar(Work work) {
        runTiled();
        count(work);
    }

    private void count(Work work) {
        double weights = (double) channels * channels * taps;
        work.add(2 * weights * frames, 4 * weights + 8.0 * frames * channels);
    }

    private void runDirect() {
        team.run(
                Conv1d.units(frames, direct),
                1,
                (from, to, worker) -> Conv1d.run(
                        x,
                        0,
                        1,
                        channels,
                        given,
                        direct,
                        bias,
                        0,
                        1,
                        dilation,
                        0,
                        0,
                        Conv1d.Padding.ZERO,
                        y,
                        0,
                        1,
                        channels,
                        false,
                        from,
                        to,
                        scratch[worker]));
    }

    private void runTiled() {
        windows.shape(frames, dilation, tiled);
        team.run(
                windows.rows(),
                4,
                (from, to, worker) ->
                        WinogradConv1d.transform(x, 0, channels, given, 0, windows, from, to, scratch[worker]));
        team.run(
                WinogradConv1d.units(windows, tiled),
                1,
                (from, to, worker) -> WinogradConv1d.multiply(
                        windows, tiled, bias, 0, y, 0, channels, false, from, to, scratch[worker]));
    }
}
