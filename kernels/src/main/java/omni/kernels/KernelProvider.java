package omni.kernels;

import org.jspecify.annotations.Nullable;

/**
 * Chooses, once, between the scalar definitions and the Vector API kernels, and says what and why.
 *
 * <p>The preferred kernels of the machine can be overruled: {@code -Domni.kernels=scalar|vector} and
 * {@code -Domni.vector.bits=128|256|512}. Forcing what the machine lacks is an error, never a silent fallback. Every fallback
 * is logged once (logger {@code omni.kernels}) with its reason and remedy.
 *
 * <p>This class loads without the module jdk.incubator.vector: classes that use it are touched only after the choice.
 */
public final class KernelProvider {
    /** Property that forces {@code scalar} or {@code vector} kernels. */
    public static final String KERNELS_PROPERTY = "omni.kernels";

    /** Property that forces the width of vectors in bits. */
    public static final String BITS_PROPERTY = "omni.vector.bits";

    /** The widest vectors the kernels are written for. */
    private static final int MAX_BITS = 512;

    /**
     * What the Java virtual machine offers.
     *
     * @param name of the virtual machine, as in {@code java.vm.name}
     * @param mode how it compiles, as in {@code java.vm.info}
     * @param module whether jdk.incubator.vector can be read
     * @param bits width of the machine's preferred vectors, 0 if the module cannot be read
     */
    record Machine(String name, String mode, boolean module, int bits) {

        static Machine current() {
            boolean module = ModuleLayer.boot()
                    .findModule("jdk.incubator.vector")
                    .filter(KernelProvider.class.getModule()::canRead)
                    .isPresent();
            return new Machine(
                    System.getProperty("java.vm.name", ""),
                    System.getProperty("java.vm.info", ""),
                    module,
                    module ? Vectors.Machine.bits() : 0);
        }

        /** Why vector kernels would not run or be far slower than scalar ones, and the remedy; null if they are fine. */
        @Nullable
        String obstacle() {
            if (!module) {
                return "module jdk.incubator.vector is not readable; start Java with --add-modules"
                        + " jdk.incubator.vector";
            }
            boolean hotspot = name.startsWith("OpenJDK") || name.startsWith("Java HotSpot");
            if (!hotspot || !name.contains("Server VM")) {
                return "the virtual machine does not compile vectors: name=" + name + "; use a HotSpot JDK 25";
            }
            if (mode.contains("interpreted") || mode.contains("emulated-client")) {
                return "the C2 compiler is off: mode=" + mode + "; start Java without -Xint and -XX:TieredStopAtLevel";
            }
            if (bits < 128) {
                return "vectors are too narrow: bits=" + bits + "; use a processor with 128-bit vectors or wider";
            }
            return null;
        }
    }

    /**
     * The kernels in use.
     *
     * @param vectorBits width of vectors in bits, 0 for the scalar kernels
     * @param reason why, in words
     * @param fallback whether vector kernels were wanted but cannot be had
     */
    record Choice(int vectorBits, String reason, boolean fallback) {

        String description() {
            return (vectorBits == 0 ? "scalar" : "vector, " + vectorBits + " bits") + ": " + reason;
        }
    }

    /** In a class of its own, so that the choice is made at first use and other methods stay testable. */
    private static final class Holder {
        static final @Nullable Choice CHOICE;
        static final String ERROR;

        static {
            Choice choice = null;
            String error = "";
            try {
                choice = lookup(
                        System.getProperty(KERNELS_PROPERTY), System.getProperty(BITS_PROPERTY), Machine.current());
                System.getLogger("omni.kernels")
                        .log(
                                choice.fallback() ? System.Logger.Level.WARNING : System.Logger.Level.DEBUG,
                                "kernels: " + choice.description());
            } catch (IllegalArgumentException e) {
                error = String.valueOf(e.getMessage());
            }
            CHOICE = choice;
            ERROR = error;
        }
    }

    private KernelProvider() {}

    /** The choice as a pure function of the two properties (null or empty if unset) and the machine. */
    static Choice lookup(@Nullable String kernels, @Nullable String bits, Machine machine) {
        boolean forced = kernels != null && !kernels.isEmpty();
        boolean forcedBits = bits != null && !bits.isEmpty();
        if (forced && !"scalar".equals(kernels) && !"vector".equals(kernels)) {
            throw new IllegalArgumentException(
                    "kernels: " + KERNELS_PROPERTY + "=" + kernels + "; choose scalar or vector");
        }
        if (forcedBits && !"128".equals(bits) && !"256".equals(bits) && !"512".equals(bits)) {
            throw new IllegalArgumentException("kernels: " + BITS_PROPERTY + "=" + bits + "; choose 128, 256 or 512");
        }
        if ("scalar".equals(kernels)) {
            if (forcedBits) {
                throw new IllegalArgumentException("kernels: " + KERNELS_PROPERTY + "=scalar, " + BITS_PROPERTY + "="
                        + bits + "; scalar kernels have no vectors, leave one of the two out");
            }
            return new Choice(0, "forced by " + KERNELS_PROPERTY, false);
        }
        String obstacle = machine.obstacle();
        if (obstacle != null) {
            if (forced || forcedBits) {
                throw new IllegalArgumentException(
                        "kernels: " + (forced ? KERNELS_PROPERTY + "=" + kernels : BITS_PROPERTY + "=" + bits)
                                + ", but " + obstacle);
            }
            return new Choice(0, obstacle, true);
        }
        if (forcedBits) {
            int width = Integer.parseInt(bits);
            if (width > machine.bits()) {
                throw new IllegalArgumentException("kernels: " + BITS_PROPERTY + "=" + bits + ", machine="
                        + machine.bits() + "; choose at most what the machine has");
            }
            return new Choice(width, "forced by " + BITS_PROPERTY, false);
        }
        int width = Math.min(machine.bits(), MAX_BITS);
        return new Choice(width, forced ? "forced by " + KERNELS_PROPERTY : "preferred by this machine", false);
    }

    private static Choice choice() {
        Choice choice = Holder.CHOICE;
        if (choice == null) {
            throw new IllegalStateException(Holder.ERROR);
        }
        return choice;
    }

    /**
     * Whether the Vector API kernels are in use.
     *
     * @throws IllegalStateException if the properties force what the machine lacks; the message says what and the remedy
     */
    public static boolean vector() {
        return choice().vectorBits() != 0;
    }

    /**
     * Width of vectors in bits: 128, 256 or 512; 0 for the scalar kernels.
     *
     * @throws IllegalStateException as {@link #vector}
     */
    public static int vectorBits() {
        return choice().vectorBits();
    }

    /**
     * The kernels in use and why, such as {@code vector, 256 bits: preferred by this machine}. Programs call it before the first
     * kernel, so that a wrong property is told as such instead of failing the first kernel's class.
     *
     * @throws IllegalStateException as {@link #vector}
     */
    public static String description() {
        return choice().description();
    }
}
