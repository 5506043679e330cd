package omni.jmh;

/** Options of the processes in which the paired methods run. */
final class Jvm {
    static final String VECTOR = "--add-modules=jdk.incubator.vector";
    static final String SCALAR = "-Domni.kernels=scalar";

    private Jvm() {}
}
