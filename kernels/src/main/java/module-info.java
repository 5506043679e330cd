/** SIMD kernels over memory and shapes: nothing here knows tensors, files or models. */
module omni.kernels {
    requires jdk.incubator.vector;
    requires static transitive org.jspecify;

    exports omni.kernels;
}
