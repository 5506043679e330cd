package omni.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import omni.kernels.KernelProvider.Choice;
import omni.kernels.KernelProvider.Machine;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class KernelProviderTest {
    private static final String HOTSPOT = "OpenJDK 64-Bit Server VM";
    private static final Machine AVX2 = new Machine(HOTSPOT, "mixed mode, sharing", true, 256);

    private static String refusal(@Nullable String kernels, @Nullable String bits, Machine machine) {
        return String.valueOf(
                assertThrows(IllegalArgumentException.class, () -> KernelProvider.lookup(kernels, bits, machine))
                        .getMessage());
    }

    @Test
    void prefersTheWidestVectorsOfTheMachine() {
        assertEquals(new Choice(256, "preferred by this machine", false), KernelProvider.lookup(null, null, AVX2));
        assertEquals(new Choice(256, "preferred by this machine", false), KernelProvider.lookup("", "", AVX2));
        Machine wide = new Machine("Java HotSpot(TM) 64-Bit Server VM", "mixed mode", true, 2048);
        assertEquals(512, KernelProvider.lookup(null, null, wide).vectorBits());
    }

    @Test
    void forcesWhatTheMachineHas() {
        assertEquals(
                "scalar: forced by omni.kernels",
                KernelProvider.lookup("scalar", null, AVX2).description());
        assertEquals(
                "vector, 256 bits: forced by omni.kernels",
                KernelProvider.lookup("vector", null, AVX2).description());
        assertEquals(
                "vector, 128 bits: forced by omni.vector.bits",
                KernelProvider.lookup("vector", "128", AVX2).description());
        assertEquals(
                "vector, 128 bits: forced by omni.vector.bits",
                KernelProvider.lookup(null, "128", AVX2).description());
    }

    @Test
    void refusesToForceWhatTheMachineLacks() {
        assertEquals(
                "kernels: omni.vector.bits=512, machine=256; choose at most what the machine has",
                refusal("vector", "512", AVX2));
        Machine noModule = new Machine(HOTSPOT, "mixed mode", false, 0);
        assertEquals(
                "kernels: omni.kernels=vector, but module jdk.incubator.vector is not readable; start Java with"
                        + " --add-modules jdk.incubator.vector",
                refusal("vector", null, noModule));
        assertEquals(
                "kernels: omni.vector.bits=256, but module jdk.incubator.vector is not readable; start Java with"
                        + " --add-modules jdk.incubator.vector",
                refusal(null, "256", noModule));
    }

    @Test
    void refusesValuesItDoesNotKnow() {
        assertEquals("kernels: omni.kernels=simd; choose scalar or vector", refusal("simd", null, AVX2));
        assertEquals("kernels: omni.vector.bits=64; choose 128, 256 or 512", refusal(null, "64", AVX2));
        assertEquals(
                "kernels: omni.kernels=scalar, omni.vector.bits=256; scalar kernels have no vectors, leave one of the"
                        + " two out",
                refusal("scalar", "256", AVX2));
    }

    @Test
    void fallsBackToScalarWithReasonAndRemedy() {
        assertEquals(
                new Choice(
                        0,
                        "module jdk.incubator.vector is not readable; start Java with --add-modules"
                                + " jdk.incubator.vector",
                        true),
                KernelProvider.lookup(null, null, new Machine(HOTSPOT, "mixed mode", false, 0)));
        assertEquals(
                new Choice(
                        0,
                        "the virtual machine does not compile vectors: name=Eclipse OpenJ9 VM; use a HotSpot JDK 25",
                        true),
                KernelProvider.lookup(null, null, new Machine("Eclipse OpenJ9 VM", "", true, 256)));
        assertEquals(
                new Choice(
                        0,
                        "the C2 compiler is off: mode=interpreted mode; start Java without -Xint and"
                                + " -XX:TieredStopAtLevel",
                        true),
                KernelProvider.lookup(null, null, new Machine(HOTSPOT, "interpreted mode", true, 256)));
        assertEquals(
                new Choice(
                        0,
                        "the C2 compiler is off: mode=mixed mode, emulated-client; start Java without -Xint and"
                                + " -XX:TieredStopAtLevel",
                        true),
                KernelProvider.lookup(null, null, new Machine(HOTSPOT, "mixed mode, emulated-client", true, 256)));
        assertEquals(
                new Choice(0, "vectors are too narrow: bits=64; use a processor with 128-bit vectors or wider", true),
                KernelProvider.lookup(null, null, new Machine(HOTSPOT, "mixed mode", true, 64)));
    }

    @Test
    void obeysThePropertiesOfThisProcess() {
        String kernels = System.getProperty(KernelProvider.KERNELS_PROPERTY, "");
        String bits = System.getProperty(KernelProvider.BITS_PROPERTY, "");
        Choice expected = KernelProvider.lookup(kernels, bits, Machine.current());
        assertEquals(expected.vectorBits(), KernelProvider.vectorBits());
        assertEquals(expected.vectorBits() > 0, KernelProvider.vector());
        assertEquals(expected.description(), KernelProvider.description());
    }

    /** Run in a virtual machine of its own: this one has the module. */
    @Test
    void loadsWithoutTheVectorModule() throws Exception {
        Process process = new ProcessBuilder(
                        System.getProperty("java.home") + "/bin/java",
                        "-Xmx64m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Description.class.getName())
                .redirectErrorStream(true)
                .start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), out);
        assertTrue(out.contains("scalar: module jdk.incubator.vector is not readable"), out);
        assertTrue(out.contains("WARNING"), out);
    }

    /** Prints the choice. */
    static final class Description {
        public static void main(String[] args) {
            System.out.println(KernelProvider.description());
        }
    }
}
