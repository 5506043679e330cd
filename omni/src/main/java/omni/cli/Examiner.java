package omni.cli;

import com.sun.management.OperatingSystemMXBean;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import omni.kernels.KernelProvider;
import omni.kernels.MachineLimits;
import org.jspecify.annotations.Nullable;

/** Collects what {@link Examination} shows. */
final class Examiner {
    private static final Path CPU_INFO = Path.of("/proc/cpuinfo");

    /** Instruction sets that kernels use or may use one day, as Linux names them. */
    private static final List<String> INSTRUCTION_SETS = List.of(
            "avx2",
            "fma",
            "f16c",
            "avx512f",
            "avx512bw",
            "avx512_vnni",
            "avx512_bf16",
            "avx_vnni",
            "amx_tile",
            "asimd",
            "asimddp",
            "bf16",
            "i8mm",
            "sve");

    /** What has to be free for each thread that reads, several times what it takes. */
    private static final long MEMORY_PER_READER = 512L << 20;

    private static final Pattern FFMPEG = Pattern.compile("ffmpeg version (\\S+)");

    private Examiner() {}

    /** Examines the machine this process runs on. */
    static Examination examine() {
        List<String> cpuInfo = cpuInfo();
        String kernels;
        int bits = 0;
        try {
            kernels = KernelProvider.description();
            bits = KernelProvider.vectorBits();
        } catch (IllegalStateException e) {
            kernels = String.valueOf(e.getMessage());
        }
        return new Examination(
                property("java.version") + ", " + property("java.vendor") + " (" + property("java.home") + ")",
                property("java.vm.name") + ", " + property("java.vm.info"),
                property("os.name") + " " + property("os.version") + ", " + property("os.arch"),
                processor(cpuInfo),
                Runtime.getRuntime().availableProcessors(),
                (int) cpuInfo.stream()
                        .filter(line -> line.startsWith("processor\t"))
                        .count(),
                kernels,
                bits,
                totalMemory(),
                ProcessMemory.availableBytes(),
                Runtime.getRuntime().maxMemory(),
                limits(kernels, Runtime.getRuntime().availableProcessors()),
                ffmpeg(System.getenv().getOrDefault("PATH", "")));
    }

    /** Measures, unless what would be measured is a virtual machine that does not compile. */
    private static Examination.@Nullable Limits limits(String kernels, int processors) {
        if (!kernels.startsWith("vector, ") && !kernels.startsWith(Examination.FORCED_SCALAR)) {
            return null;
        }
        int readers = Math.clamp(ProcessMemory.availableBytes() / MEMORY_PER_READER, 1, processors);
        return new Examination.Limits(
                MachineLimits.readGigabytes(readers) * 1e9, MachineLimits.fmaGflops(processors) * 1e9);
    }

    private static String property(String name) {
        return System.getProperty(name, "unknown");
    }

    private static List<String> cpuInfo() {
        if (Files.isReadable(CPU_INFO)) {
            try {
                return Files.readAllLines(CPU_INFO, StandardCharsets.ISO_8859_1);
            } catch (IOException e) {
                return List.of();
            }
        }
        return List.of();
    }

    /** Name and instruction sets; what the system does not tell is left out. */
    static String processor(List<String> cpuInfo) {
        String name = value(cpuInfo, "model name");
        String flags = value(cpuInfo, "flags") + " " + value(cpuInfo, "Features");
        List<String> sets = new ArrayList<>(List.of(flags.split(" +", -1)));
        List<String> known = INSTRUCTION_SETS.stream().filter(sets::contains).toList();
        if (name.isEmpty()) {
            name = System.getenv().getOrDefault("PROCESSOR_IDENTIFIER", "name unknown");
        }
        return name + (known.isEmpty() ? "" : " (" + String.join(" ", known) + ")");
    }

    private static String value(List<String> cpuInfo, String key) {
        for (String line : cpuInfo) {
            if (line.startsWith(key)) {
                return line.substring(line.indexOf(':') + 1).trim();
            }
        }
        return "";
    }

    private static long totalMemory() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system
                ? system.getTotalMemorySize()
                : 0;
    }

    /** Version and place of ffmpeg, null if it is not on the path or does not answer. */
    private static @Nullable String ffmpeg(String path) {
        for (String folder : path.split(File.pathSeparator, -1)) {
            for (String name : List.of("ffmpeg", "ffmpeg.exe")) {
                try {
                    Path program = Path.of(folder, name);
                    if (!folder.isEmpty() && Files.isExecutable(program)) {
                        return version(program);
                    }
                } catch (InvalidPathException e) {
                    // Such a folder of the path holds nothing.
                    break;
                }
            }
        }
        return null;
    }

    private static @Nullable String version(Path program) {
        try {
            Process process = new ProcessBuilder(program.toString(), "-version")
                    .redirectErrorStream(true)
                    .start();
            try (BufferedReader out =
                    new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
                String first = out.readLine();
                Matcher matcher = FFMPEG.matcher(first == null ? "" : first);
                return (matcher.find() ? matcher.group(1) : "of unknown version") + " (" + program + ")";
            } finally {
                if (!process.waitFor(2, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                }
            }
        } catch (IOException e) {
            return null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }
}
