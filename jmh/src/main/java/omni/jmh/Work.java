package omni.jmh;

import omni.kernels.KernelProvider;
import omni.kernels.MachineLimits;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** What was computed and moved: columns in GFLOP/s and GB/s, to be read against the limits printed for one thread and for all. */
@AuxCounters(AuxCounters.Type.OPERATIONS)
@State(Scope.Thread)
public class Work {
    /** 10^9 floating-point operations. */
    public double gflops;

    /** 10^9 bytes read or written. */
    public double gigabytes;

    /** Prints the machine's limits, measured in this process. */
    @Setup(Level.Trial)
    public void limits() {
        int all = Runtime.getRuntime().availableProcessors();
        System.out.printf(
                "%n# kernels %s; FMA peak %.0f GFLOP/s on one thread, %.0f on %d; read bandwidth %.1f GB/s on one,"
                        + " %.1f on %d%n",
                KernelProvider.description(),
                MachineLimits.fmaGflops(1),
                MachineLimits.fmaGflops(all),
                all,
                MachineLimits.readGigabytes(1),
                MachineLimits.readGigabytes(all),
                all);
    }

    void add(double flops, double bytes) {
        gflops += flops * 1e-9;
        gigabytes += bytes * 1e-9;
    }
}
