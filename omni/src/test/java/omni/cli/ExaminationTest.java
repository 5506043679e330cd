package omni.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import omni.loader.Json;
import omni.loader.JsonObject;
import omni.loader.JsonWriter;
import org.junit.jupiter.api.Test;

class ExaminationTest {
    private static final String GOOD = "vector, 256 bits: preferred by this machine";

    @Test
    void findsNothingWrongWithAGoodMachine() {
        assertEquals(List.of(), examination(GOOD, 256, 8).problems());
        assertEquals(
                List.of(), examination("scalar: forced by omni.kernels", 0, 8).problems());
        assertEquals(
                """
                omni             %s
                Java             25.0.3, Vendor (/jdk)
                virtual machine  OpenJDK 64-Bit Server VM, mixed mode
                system           Linux 6, amd64
                processor        CPU (avx2 fma)
                processors       8 of 16 installed
                kernels          vector, 256 bits: preferred by this machine
                memory           32.0 GB, 16.0 GB available, Java heap at most 8.00 GB
                read bandwidth   25.6 GB/s
                FMA peak         110 GFLOP/s in float32
                ffmpeg           not found

                All is well.
                """.formatted(OmniCommand.Version.version()),
                examination(GOOD, 256, 8).toText());
    }

    @Test
    void namesTheRemedyOfSlowKernelsAndFewProcessors() {
        Examination bad =
                examination("scalar: the C2 compiler is off: mode=interpreted mode; start Java without -Xint", 0, 1);
        assertEquals(
                List.of(
                        "slow kernels: the C2 compiler is off: mode=interpreted mode; start Java without -Xint",
                        "few processors: available=1; give the container more (docker run --cpus 4), or correct a"
                                + " wrong count with -XX:ActiveProcessorCount=N"),
                bad.problems());
        assertTrue(bad.toText().contains("\nProblem: slow kernels: the C2 compiler is off"), bad.toText());
    }

    @Test
    void reportsAForcedChoiceThatTheMachineLacks() {
        String message = "kernels: omni.vector.bits=512, machine=256; choose at most what the machine has";
        assertEquals(List.of(message), examination(message, 0, 8).problems());
    }

    @Test
    void writesJson() {
        JsonWriter out = new JsonWriter().beginObject();
        examination(GOOD, 256, 8).write(out);
        JsonObject json = Json.parse("test", out.endObject().toString()).asObject();
        assertEquals(256, json.getInt("vector_bits"));
        assertEquals(25_600_000_000L, json.getLong("read_bandwidth_bytes_per_s"));
        assertEquals(110_000_000_000L, json.getLong("fma_peak_flops"));
        assertEquals(0, json.getArray("problems").size());
        assertEquals(null, json.find("ffmpeg"));
    }

    @Test
    void readsTheProcessorAsLinuxDescribesIt() {
        assertEquals(
                "AMD EPYC 7763 (avx2 fma f16c)",
                Examiner.processor(
                        List.of("processor\t: 0", "model name\t: AMD EPYC 7763", "flags\t\t: fpu avx2 fma f16c sse")));
        assertTrue(Examiner.processor(List.of("Features\t: fp asimd asimddp")).endsWith(" (asimd asimddp)"));
    }

    @Test
    void examinesThisMachine() {
        Examination here = Examiner.examine();
        assertTrue(here.processors() >= 1);
        assertTrue(here.totalMemory() > 0);
        assertTrue(here.java().startsWith(System.getProperty("java.version")), here.java());
    }

    private static Examination examination(String kernels, int bits, int processors) {
        return new Examination(
                "25.0.3, Vendor (/jdk)",
                "OpenJDK 64-Bit Server VM, mixed mode",
                "Linux 6, amd64",
                "CPU (avx2 fma)",
                processors,
                16,
                kernels,
                bits,
                32_000_000_000L,
                16_000_000_000L,
                8_000_000_000L,
                new Examination.Limits(25.6e9, 110e9),
                null);
    }
}
