package omni.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What the operating system says about the memory of this process. */
final class ProcessMemory {
    private ProcessMemory() {}

    /** Most bytes resident so far, 0 where the system does not tell. */
    static long peakResidentBytes() {
        return kilobytes(Path.of("/proc/self/status"), "VmHWM:") * 1024;
    }

    /** Bytes that new work could take without making others wait, 0 where the system does not tell. */
    static long availableBytes() {
        return kilobytes(Path.of("/proc/meminfo"), "MemAvailable:") * 1024;
    }

    private static long kilobytes(Path file, String label) {
        if (!Files.isReadable(file)) {
            return 0;
        }
        try {
            for (String line : Files.readAllLines(file)) {
                if (line.startsWith(label)) {
                    return Long.parseLong(line.replaceAll("[^0-9]", ""));
                }
            }
            return 0;
        } catch (IOException | NumberFormatException e) {
            return 0;
        }
    }
}
