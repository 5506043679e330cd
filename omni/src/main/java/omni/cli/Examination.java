package omni.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import omni.loader.JsonWriter;
import org.jspecify.annotations.Nullable;

/**
 * What {@code omni doctor} finds.
 *
 * @param java release, vendor and folder
 * @param machine name of the virtual machine and how it compiles
 * @param system operating system and architecture
 * @param processor name and the instruction sets that matter here
 * @param processors processors that this process may use
 * @param installedProcessors processors of the machine, 0 where unknown
 * @param kernels the kernels in use and why, or why there are none
 * @param vectorBits width of their vectors, 0 for scalar kernels
 * @param totalMemory bytes of the machine or container
 * @param availableMemory bytes that new work could take, 0 where unknown
 * @param heap most bytes of the Java heap
 * @param limits measured speed, null if nothing was measured
 * @param ffmpeg version and place of the program, null if it is not there
 */
record Examination(
        String java,
        String machine,
        String system,
        String processor,
        int processors,
        int installedProcessors,
        String kernels,
        int vectorBits,
        long totalMemory,
        long availableMemory,
        long heap,
        @Nullable Limits limits,
        @Nullable String ffmpeg) {

    private static final String SCALAR = "scalar: ";

    /** How a choice begins that the user has made. */
    static final String FORCED_SCALAR = SCALAR + "forced";

    /**
     * Measured speed of the machine with all processors.
     *
     * @param readBandwidth bytes read from memory per second
     * @param arithmeticPeak fused multiply-adds count as two operations, per second
     */
    record Limits(double readBandwidth, double arithmeticPeak) {}

    /** What is wrong, and the remedy: one line each. */
    List<String> problems() {
        List<String> problems = new ArrayList<>();
        if (kernels.startsWith(SCALAR) && !kernels.startsWith(FORCED_SCALAR)) {
            problems.add("slow kernels: " + kernels.substring(SCALAR.length()));
        } else if (!kernels.startsWith(SCALAR) && vectorBits == 0) {
            problems.add(kernels);
        }
        if (processors < 2) {
            problems.add("few processors: available=" + processors
                    + "; give the container more (docker run --cpus 4), or correct a wrong count with"
                    + " -XX:ActiveProcessorCount=N");
        }
        return problems;
    }

    String toText() {
        StringBuilder out = new StringBuilder();
        line(out, "omni", OmniCommand.Version.version());
        line(out, "Java", java);
        line(out, "virtual machine", machine);
        line(out, "system", system);
        line(out, "processor", processor);
        line(
                out,
                "processors",
                processors + (installedProcessors > processors ? " of " + installedProcessors + " installed" : ""));
        line(out, "kernels", kernels);
        line(
                out,
                "memory",
                Sizes.bytes(totalMemory)
                        + (availableMemory > 0 ? ", " + Sizes.bytes(availableMemory) + " available" : "")
                        + ", Java heap at most " + Sizes.bytes(heap));
        if (limits != null) {
            line(out, "read bandwidth", String.format(Locale.ROOT, "%.1f GB/s", limits.readBandwidth / 1e9));
            line(out, "FMA peak", String.format(Locale.ROOT, "%.0f GFLOP/s in float32", limits.arithmeticPeak / 1e9));
        }
        line(out, "ffmpeg", ffmpeg == null ? "not found" : ffmpeg);
        out.append('\n');
        List<String> problems = problems();
        if (problems.isEmpty()) {
            out.append("All is well.\n");
        }
        problems.forEach(problem -> out.append("Problem: ").append(problem).append('\n'));
        return out.toString();
    }

    private static void line(StringBuilder out, String name, String value) {
        out.append(String.format(Locale.ROOT, "%-16s %s\n", name, value));
    }

    void write(JsonWriter out) {
        out.name("version").value(OmniCommand.Version.version());
        out.name("java").value(java);
        out.name("virtual_machine").value(machine);
        out.name("system").value(system);
        out.name("processor").value(processor);
        out.name("processors").value(processors);
        out.name("installed_processors").value(installedProcessors);
        out.name("kernels").value(kernels);
        out.name("vector_bits").value(vectorBits);
        out.name("memory_bytes").value(totalMemory);
        out.name("available_memory_bytes").value(availableMemory);
        out.name("heap_bytes").value(heap);
        if (limits != null) {
            out.name("read_bandwidth_bytes_per_s").value(Math.round(limits.readBandwidth));
            out.name("fma_peak_flops").value(Math.round(limits.arithmeticPeak));
        }
        out.name("ffmpeg");
        if (ffmpeg == null) {
            out.nullValue();
        } else {
            out.value(ffmpeg);
        }
        out.name("problems").beginArray();
        problems().forEach(out::value);
        out.endArray();
    }
}
